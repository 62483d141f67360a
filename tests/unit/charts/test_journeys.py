"""Charts of journeys draw every flow, tell what a click means and say themselves in words."""

from datetime import date

import polars as pl
import pytest

from core.charts.journeys import Band, flow_chart, flow_chart_alt, met, met_alt
from core.charts.theme import NEUTRAL, OUTCOME_COLOURS, PALETTE, Mode
from core.charts.timeline import MOST_DEALS, timeline, timeline_alt

BANDS = (
    Band((1, "Email"), (2, "Won"), 5, 3),
    Band((2, "Won"), "won", 3, 3),
    Band((2, "Won"), "lost", 2, 0),
    Band((1, None), (2, "Other"), 2, 0),
    Band((2, "Other"), (3, None), 1, 0),
    Band(None, "lost", 1, 0),
)


def series(mode=Mode.LIGHT, bands=BANDS):
    return flow_chart(bands, 3, mode).spec["series"][0]


def test_each_band_is_a_link_and_its_place_in_the_drawing_says_which():
    drawn = flow_chart(BANDS, 3, Mode.LIGHT)

    assert [link["value"] for link in series()["links"]] == [5, 3, 2, 2, 1, 1]
    assert drawn.bands == BANDS
    assert len(drawn.nodes) == len(series()["data"])


def test_names_like_an_outcome_or_like_the_rest_stay_nodes_of_their_own():
    names = [node["name"] for node in series()["data"]]

    assert len(set(names)) == len(names) == 8
    assert {"Won", "2. Won", "1. Other", "2. Other"} <= set(names)


def test_a_real_channel_called_other_is_not_the_rest():
    bands = (Band((1, "Other"), "won", 1, 1), Band((1, None), "won", 2, 2))
    names = [node["name"] for node in series(bands=bands)["data"]]

    assert len(set(names)) == 3


def test_nodes_stand_in_the_column_of_their_step_and_outcomes_after_the_last():
    depth = {node["name"]: node["depth"] for node in series()["data"]}

    assert (depth["1. Email"], depth["2. Won"], depth["Won"], depth["Lost"]) == (0, 1, 3, 3)


def test_a_channel_has_its_own_colour_on_either_surface():
    for mode in Mode:
        colours = {node["name"]: node["itemStyle"]["color"] for node in series(mode)["data"]}
        assert colours["1. Email"] == PALETTE[mode][6]
        assert colours["1. Other"] == NEUTRAL
        assert colours["Lost"] == OUTCOME_COLOURS["lost"]


def test_campaigns_are_told_apart_by_colours_of_their_own():
    bands = (Band((1, "Spring"), "won", 1, 1), Band((1, "Summit"), "won", 2, 2))
    colours = [node["itemStyle"]["color"] for node in series(bands=bands)["data"][:2]]

    assert colours == list(PALETTE[Mode.LIGHT][:2])


def test_braces_of_a_name_are_not_read_as_a_template():
    bands = (Band((1, "{b|x}"), "won", 1, 1),)

    assert series(bands=bands)["data"][0]["label"]["formatter"] == "(b/x)"


def test_the_flow_is_said_in_words():
    assert flow_chart_alt(BANDS) == (
        "Flow of closed deals from step to step: 3 deals won and 3 lost. The largest flow is "
        "1. Email to 2. Won, 5 deals."
    )
    assert "none with two steps" in flow_chart_alt(BANDS[-1:])


def test_won_against_lost_is_said_by_the_widest_gap():
    rows = pl.DataFrame(
        {
            "name": ["Email", "Web"],
            "won": [9, 5],
            "lost": [8, 1],
            "won_share": [0.9, 0.5],
            "lost_share": [0.8, 0.1],
        }
    )

    assert met_alt(rows).endswith("Web with 50% of won and 10% of lost deals.")
    assert met(rows).to_dict()["layer"]


def deals(count=1, **columns):
    return pl.DataFrame(
        {
            "deal_id": [f"D{number}" for number in range(count)],
            "name": ["Acme"] * count,
            "outcome": ["open"] * count,
            "created_at": [date(2024, 1, 1 + number) for number in range(count)],
            "closed_at": pl.Series([None] * count, dtype=pl.Date),
            **columns,
        }
    )


TOUCHES = pl.DataFrame(
    {
        "occurred_at": [date(2024, 1, 5)],
        "channel": ["Email"],
        "campaign": ["One"],
        "kind": [""],
    }
)
STAGES = pl.DataFrame({"deal_id": ["D0"], "changed_at": [date(2024, 1, 3)], "stage": ["Proposal"]})


def datasets(chart):
    return list(chart.to_dict()["datasets"].values())


def test_the_bar_of_an_open_deal_ends_where_the_data_end():
    bars = datasets(timeline(deals(), TOUCHES, STAGES, date(2024, 3, 1)))[0]

    assert bars[0]["ends"].startswith("2024-03-01")
    assert bars[0]["state"] == "Open"


def test_two_deals_of_one_name_have_a_lane_each_and_only_the_latest_are_drawn():
    bars = datasets(timeline(deals(MOST_DEALS + 2), TOUCHES, STAGES, date(2024, 3, 1)))[0]

    assert len({row["lane"] for row in bars}) == MOST_DEALS
    assert "Deal: Acme D0" not in {row["lane"] for row in bars}


@pytest.mark.parametrize(("ends_on", "label"), [("2024-03-01", "%-d"), ("2026-03-01", "%b")])
def test_a_short_timeline_names_days_as_months_would_repeat(ends_on, label):
    drawn = timeline(deals(), TOUCHES, STAGES, date.fromisoformat(ends_on)).to_dict()

    formats = {layer["encoding"]["x"]["axis"]["format"].split()[0] for layer in drawn["layer"]}
    assert formats == {label}


def test_the_timeline_is_said_in_words():
    assert timeline_alt("Acme", deals(), TOUCHES) == (
        "Timeline of Acme: 1 deal, 0 won, and 1 touch by 1 channel."
    )
