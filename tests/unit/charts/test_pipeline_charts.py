"""Charts of the pipeline add up as the bridge does and carry words for those who cannot see."""

import polars as pl
import pytest
import vl_convert

from core.charts.categories import categories, categories_alt
from core.charts.credit import PICK
from core.charts.incidence import incidence, incidence_alt
from core.charts.theme import Mode, themed
from core.charts.waterfall import waterfall, waterfall_alt

BRIDGE = pl.DataFrame(
    {
        "line": ["start", "created", "lost", "end"],
        "sign": [1, 1, -1, 1],
        "is_total": [True, False, False, True],
        "deals": [2, 1, 1, 2],
        "amount_minor": [100_000, 50_000, 30_000, 120_000],
    }
)
TOTALS = pl.DataFrame(
    {
        "category": ["commit", "best case"],
        "deals": [2, 1],
        "amount_minor": [100_000.0, 50_000.0],
        "expected_minor": [80_000.4, 20_000.0],
    }
)
CURVE = pl.DataFrame(
    {
        "days": [0.0, 30.0],
        "won": [0.0, 0.25],
        "low": [0.0, 0.2],
        "high": [0.0, 0.3],
        "lost": [0.0, 0.5],
    }
)
MARKS = pl.DataFrame({"days": [0.0, 30.0], "at_risk": [1200, 40]})


def rows_of(chart):
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


def test_each_bar_begins_where_the_one_above_ended():
    bars = [(row["name"], row["low"], row["high"]) for row in rows_of(waterfall(BRIDGE, "EUR"))]

    assert bars == [
        ("Start", 0.0, 1000.0),
        ("Created", 1000.0, 1500.0),
        ("Lost", 1200.0, 1500.0),
        ("End", 0.0, 1200.0),
    ]


def test_signs_tell_the_lines_apart_where_colour_cannot():
    assert [row["label"] for row in rows_of(waterfall(BRIDGE, "EUR"))] == [
        "€1.00k",
        "+€500",
        "-€300",
        "€1.20k",
    ]
    assert len({row["shade"] for row in rows_of(waterfall(BRIDGE, "EUR"))}) == 3


def test_the_bridge_in_words():
    assert waterfall_alt(BRIDGE, "EUR") == (
        "Bridge of the pipeline: Start €1.00k, Created +€500, Lost -€300 and End €1.20k."
    )


def test_a_category_shows_its_amount_and_what_is_expected_of_it():
    first = rows_of(categories(TOTALS, "EUR"))[0]

    assert first["label"] == "€1.00k, 2 deals\n€800 expected"
    assert "Commit €1.00k, 2 deals, €800 expected" in categories_alt(TOTALS, "EUR")


def test_the_curve_names_how_many_deals_are_left_under_each_day():
    spec = str(incidence(CURVE, MARKS).to_dict())

    assert "'30': '40'" in spec
    assert "'0': '1,200'" in spec


def test_the_curve_in_words():
    assert incidence_alt(CURVE) == (
        "Share of deals won by days since creation: 25.0% within 30 days, 95 % band 20.0% to "
        "30.0%; 50.0% lost."
    )
    assert "no deal is decided yet" in incidence_alt(CURVE.clear())


@pytest.mark.parametrize("draw", [waterfall, categories])
@pytest.mark.parametrize("clickable", [True, False])
def test_a_click_selects_on_screen_and_not_in_print(draw, clickable):
    chart = draw(BRIDGE if draw is waterfall else TOTALS, "EUR", clickable=clickable)

    names = [parameter["name"] for parameter in chart.to_dict().get("params", [])]
    assert (PICK in names) is clickable


@pytest.mark.parametrize(
    "chart", [waterfall(BRIDGE, "EUR"), categories(TOTALS, "EUR"), incidence(CURVE, MARKS)]
)
@pytest.mark.parametrize("mode", Mode)
def test_charts_can_be_printed(chart, mode):
    assert themed(chart, mode)["config"]["background"] is None


def texts(scene):
    """Yield the items of every text mark of a scene, below their axis or not."""
    if isinstance(scene, dict):
        if scene.get("marktype") == "text":
            yield from scene.get("items", [])
        for part in ("items", "scenegraph"):
            yield from texts(scene.get(part))
    elif isinstance(scene, list):
        for part in scene:
            yield from texts(part)


@pytest.mark.parametrize("draw", [waterfall, categories])
@pytest.mark.parametrize("width", [170, 400])
def test_labels_beside_bars_are_not_cut_off_on_narrow_screens(draw, width):
    many = BRIDGE.with_columns(pl.col("amount_minor") * 999, deals=1_106)
    totals = TOTALS.with_columns(pl.col("amount_minor") * 999, deals=1_106)
    chart = draw(many if draw is waterfall else totals, "EUR").properties(width=width)
    scene = vl_convert.vegalite_to_scenegraph(chart.to_dict())

    beside = [item for item in texts(scene) if "€" in str(item["text"])]
    assert beside
    for item in beside:
        longest = max(len(line) for line in str(item["text"]).split("\n"))
        assert item["x"] + 6 + longest * 6 <= width  # 6 pixels a letter, 6 away from the bar
