"""Charts carry what they show: exact labels, a stated order, a named selection, words."""

from datetime import date

import polars as pl
import pytest

from core import schema
from core.charts.credit import MOST_BARS, PICK, ranked, ranked_alt
from core.charts.models import spread, spread_alt
from core.charts.revenue import monthly_won, monthly_won_alt
from core.charts.theme import (
    CHANNELS,
    NEUTRAL,
    PALETTE,
    Mode,
    channel_slots,
    legible,
    themed,
)

CREDIT = pl.DataFrame(
    {
        "name": ["Email", "Events", "(unattributed)"],
        "deals": [1.5, 2.5, 1.0],
        "revenue_minor": [100_000, 300_000, 50_000],
        "share": [0.2222, 0.6667, 0.1111],
    }
)
COMPARISON = pl.DataFrame(
    {
        "name": ["Email", "Events"],
        "linear": [100_000, 300_000],
        "last_touch": [350_000, 50_000],
        "low_minor": [100_000, 50_000],
        "high_minor": [350_000, 300_000],
    }
)
TITLES = {"linear": "Linear", "last_touch": "Last touch"}
MONTHLY = pl.DataFrame(
    {
        "month": [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)],
        "revenue_minor": [100_000, 200_000, 50_000],
        "won": [1, 2, 1],
        "lost": [0, 0, 0],
        "complete": [True, True, False],
    }
)
CHARTS = {
    "ranked": ranked(CREDIT, "EUR"),
    "spread": spread(COMPARISON, TITLES, "linear", "EUR"),
    "monthly": monthly_won(MONTHLY, "EUR"),
}


def rows_of(chart):
    """Return the rows a chart carries, of all its data sets."""
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


def encodings(node):
    """Yield every encoding of a specification."""
    if isinstance(node, dict):
        if "encoding" in node:
            yield node["encoding"]
        for child in node.values():
            yield from encodings(child)
    elif isinstance(node, list):
        for child in node:
            yield from encodings(child)


@pytest.mark.parametrize("chart", CHARTS.values(), ids=CHARTS)
def test_no_field_makes_the_browser_load_a_picture(chart):
    assert all("image" not in row for row in rows_of(chart))


def test_bars_stand_in_stated_order_with_exact_amounts():
    chart = ranked(CREDIT, "EUR").to_dict()

    assert next(encodings(chart))["y"]["sort"] == ["Events", "Email", "(unattributed)"]
    assert [row["amount"] for row in rows_of(ranked(CREDIT, "EUR"))] == [
        "€3,000.00",
        "€1,000.00",
        "€500.00",
    ]


def test_a_click_on_a_bar_is_a_named_selection_of_its_name_and_print_has_none():
    clickable = ranked(CREDIT, "EUR").to_dict()["params"][0]

    assert (clickable["name"], clickable["select"]["fields"]) == (PICK, ["name"])
    assert "params" not in ranked(CREDIT, "EUR", clickable=False).to_dict()


def test_only_the_largest_names_are_drawn():
    many = pl.DataFrame(
        {
            "name": [f"Campaign {n}" for n in range(40)],
            "deals": [1.0] * 40,
            "revenue_minor": list(range(40)),
            "share": [0.1] * 40,
        }
    )

    drawn = rows_of(ranked(many, "EUR"))

    assert len(drawn) == MOST_BARS
    assert drawn[0]["name"] == "Campaign 39"


def test_minor_units_of_a_currency_without_cents_are_not_divided():
    assert rows_of(ranked(CREDIT, "JPY"))[0]["revenue"] == 300_000


def test_the_chosen_model_is_the_only_one_lit():
    lit = {row["model"] for row in rows_of(CHARTS["spread"]) if row.get("chosen")}

    assert lit == {"Linear"}


def test_an_unfinished_month_is_told_apart():
    marks = {row["when"]: row["complete"] for row in rows_of(CHARTS["monthly"])}

    assert marks == {"Sep 2026": True, "Oct 2026": True, "Nov 2026 (not over yet)": False}


def test_the_words_for_a_screen_reader_say_what_the_picture_says():
    assert "Events with €3.00k, 66.7% of closed-won revenue" in ranked_alt(CREDIT, "EUR", "Linear")
    assert "€2.00k in Oct 2026, the last complete month" in monthly_won_alt(MONTHLY, "EUR")
    assert "all models put Email first" in spread_alt({"linear": "Email"}, TITLES)
    differ = spread_alt({"linear": "Events", "last_touch": "Email"}, TITLES)
    assert "they differ on who is first: Events by Linear, Email by Last touch" in differ


def test_a_channel_keeps_its_slot_whoever_else_is_there():
    alone, crowded = channel_slots(["Email"]), channel_slots(["Podcast", "Email", "Fax"])

    assert alone.index("Email") == crowded.index("Email") == CHANNELS.index("Email")


@pytest.mark.parametrize("mode", Mode)
def test_print_gets_the_palette_written_in(mode):
    config = themed(CHARTS["ranked"], mode)["config"]

    assert config["range"]["category"] == list(PALETTE[mode])


def test_revenue_that_no_touch_explains_is_grey_and_not_drawn_like_a_channel():
    bars = ranked(CREDIT, "EUR", clickable=False).to_dict()["layer"][0]

    (condition,) = bars["encoding"]["color"]["condition"]
    assert schema.UNATTRIBUTED in str(condition["test"])
    assert condition["value"] == NEUTRAL


@pytest.mark.parametrize(("mode", "surface"), [(Mode.LIGHT, "#FFFFFF"), (Mode.DARK, "#0E1526")])
def test_labels_stand_out_from_the_surface_they_are_drawn_on(mode, surface):
    def luminance(colour):
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    drawn = legible(ranked(CREDIT, "EUR"), mode).to_dict()
    label = drawn["config"]["axis"]["labelColor"]
    dark, light = sorted([luminance(label), luminance(surface)])

    assert drawn["config"]["text"]["color"] == label
    assert (light + 0.05) / (dark + 0.05) > 4.5
