"""Journeys in steps: every closed deal takes one path, whichever end they are looked at from."""

from datetime import date

import polars as pl
import pytest

from core.attribution.flows import Flow, Stop, flows
from core.attribution.journey_deals import Ended, Met, OnPath, Passing, journey_deals
from core.attribution.patterns import journey_outcomes, journey_patterns
from core.attribution.results import JourneySettings, Level
from core.attribution.steps import JourneyQuestion, Names, Side
from core.engine import open_engine
from core.errors import InvalidParameterError, UnknownNameError
from core.scope import Scope
from tests.builders import Company

SCOPE = Scope("EUR", date(2024, 1, 1), date(2024, 12, 31))


def company():
    """Return five closed deals and an open one.

    D1 won   Email Email Web Email Call      4 steps over 150 days
    D2 won   Email Web                       2 steps over 60 days
    D3 lost  Email Web                       2 steps
    D4 lost  Call                            1 step
    D5 won   without a touch
    D6 open  Email
    """
    made = Company().account("A", name="Acme")
    for name, amount, won in (
        ("D1", "100.00", True),
        ("D2", "50.00", True),
        ("D3", "70.00", False),
        ("D4", None, False),
        ("D5", "5.00", True),
    ):
        made.deal(name, amount, "2024-06-29", is_won=won, account_id="A", name=f"Deal {name}")
    made.deal("D6", "9.00", None, is_won=None)
    touches = {
        "D1": ["Email", "Email", "Web", "Email", "Call"],
        "D2": ["Email", "Web"],
        "D3": ["Email", "Web"],
        "D4": ["Call"],
        "D6": ["Email"],
    }
    first = {"D1": "2024-01-31", "D2": "2024-04-30"}
    for deal, channels in touches.items():
        for place, channel in enumerate(channels):
            day = first.get(deal, "2024-05-01") if place == 0 else f"2024-06-{place + 1:02}"
            made.touch(f"{deal}-{place}", day, channel, campaign=f"{channel} one", deal=deal)
    return made


@pytest.fixture(scope="module", params=["duckdb:", "polars:"])
def engine(request):
    with company().workspace() as workspace:
        yield open_engine(workspace, request.param)


def asked(**settings):
    return JourneyQuestion(SCOPE, **settings)


def by_path(patterns):
    rows = patterns.paths.with_columns(said=pl.col("names").list.join(" "))
    return {(row["said"], row["longer"]): row for row in rows.iter_rows(named=True)}


def test_touches_of_one_channel_in_a_row_are_one_step_and_longer_journeys_say_so(engine):
    found = by_path(journey_patterns(engine, asked(steps=3), "f"))

    assert {path: row["deals"] for path, row in found.items()} == {
        ("Email Web", False): 2,
        ("Email Web Email", True): 1,
        ("Call", False): 1,
        ("", False): 1,
    }


def test_a_path_carries_its_win_rate_days_and_revenue(engine):
    row = by_path(journey_patterns(engine, asked(steps=3), "f"))["Email Web", False]

    assert (row["won"], row["lost"], row["win_rate"]) == (1, 1, 0.5)
    # From 30 April to 29 June: 60 days, of the won deal only.
    assert row["days"] == 60
    assert row["won_minor"] == 5000
    assert row["win_low"] < 0.5 < row["win_high"]


def test_a_path_on_which_nothing_was_won_has_no_days_and_no_revenue(engine):
    row = by_path(journey_patterns(engine, asked(steps=3), "f"))["Call", False]

    assert (row["days"], row["won_minor"]) == (None, 0)


def test_journeys_can_be_looked_at_from_their_end(engine):
    found = by_path(journey_patterns(engine, asked(steps=2, side=Side.LAST), "f"))

    assert ("Email Call", True) in found
    assert ("Email Web", False) in found


def test_campaigns_can_take_the_place_of_channels(engine):
    found = by_path(journey_patterns(engine, asked(steps=2, level=Level.CAMPAIGN), "f"))

    assert ("Email one Web one", False) in found


def test_medians_of_won_and_lost_deals_stand_side_by_side(engine):
    rows = journey_patterns(engine, asked(), "f").outcomes.rows_by_key("outcome", named=True)

    won, lost = rows["won"][0], rows["lost"][0]
    # Won: 5, 2 and 0 touches, 4, 2 and 0 steps, 150 and 60 days. Lost: 2 and 1 touches.
    assert (won["deals"], won["touches"], won["steps"], won["days"]) == (3, 2, 2, 105)
    assert (lost["deals"], lost["touches"], lost["amount_minor"]) == (2, 1.5, 7000)


def test_the_part_of_deals_that_met_a_channel_is_of_all_deals_with_that_outcome(engine):
    rows = journey_patterns(engine, asked(), "f").met.rows_by_key("name", named=True)

    email = rows["Email"][0]
    assert (email["won"], email["lost"]) == (2, 1)
    assert (email["won_share"], email["lost_share"]) == (pytest.approx(2 / 3), 0.5)


def test_an_excluded_channel_is_no_step(engine):
    settings = JourneySettings(excluded_channels=("Web",))

    found = by_path(journey_patterns(engine, asked(journeys=settings), "f"))

    # D1: Email Email Email Call once Web is gone.
    assert ("Email Call", False) in found


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("steps", [2, 3, 6])
def test_every_closed_deal_ends_in_exactly_one_flow(engine, side, steps):
    patterns = journey_patterns(engine, asked(side=side, steps=steps), "f")

    ends = [flow for flow in flows(patterns) if flow.end is None]
    assert sum(flow.deals for flow in ends) == patterns.deals == 5
    assert sum(flow.won for flow in ends) == 3


def test_what_flows_into_a_stop_flows_out_of_it(engine):
    found = flows(journey_patterns(engine, asked(steps=3), "f"))

    web = Stop(2, "Web")
    assert sum(flow.deals for flow in found if flow.end == web) == 3
    assert sum(flow.deals for flow in found if flow.start == web) == 3
    assert Flow(Stop(1, "Email"), web, "", 3, 2) in found


@pytest.mark.parametrize("side", list(Side))
def test_each_number_opens_as_many_deals_as_it_counts(engine, side):
    question = asked(side=side, steps=2)
    patterns = journey_patterns(engine, question, "f")

    for row in patterns.paths.iter_rows(named=True):
        opened = journey_deals(engine, question, OnPath(row["path"], row["longer"]))
        assert opened.height == row["deals"]
    for row in patterns.met.iter_rows(named=True):
        assert journey_deals(engine, question, Met(row["name"], "won")).height == row["won"]
    for flow in flows(patterns):
        stops = tuple(stop for stop in (flow.start, flow.end) if stop)
        chosen = Passing(stops, patterns.drawn, flow.outcome)
        assert journey_deals(engine, question, chosen).height == flow.deals
    assert journey_deals(engine, question, Ended("lost")).height == 2


def test_deals_come_with_their_journey_and_an_unknown_amount_last(engine):
    rows = journey_deals(engine, asked(), Ended("lost"))

    assert rows["deal_id"].to_list() == ["D3", "D4"]
    assert rows["amount_minor"].to_list() == [7000, None]
    assert rows["touches"].to_list() == [2, 1]


def test_more_steps_than_a_number_can_hold_are_refused():
    names = Names(tuple(str(number) for number in range(2000)), Level.CAMPAIGN)

    with pytest.raises(InvalidParameterError, match="6 steps of 2,000 campaigns"):
        names.require_room(6)
    names.require_room(5)


def test_a_number_of_steps_out_of_bounds_is_refused():
    with pytest.raises(InvalidParameterError, match="7 steps"):
        asked(steps=7)


def test_a_name_no_touch_has_is_refused_with_the_names_there_are(engine):
    with pytest.raises(UnknownNameError, match="Email"):
        journey_deals(engine, asked(), Passing((Stop(1, "Emial"),)))


def test_how_many_steps_are_looked_at_changes_nothing_about_whole_journeys(engine):
    few = journey_patterns(engine, asked(steps=2, side=Side.LAST), "f")
    many = journey_patterns(engine, asked(steps=6), "f", known=journey_outcomes(engine, asked()))

    assert few.outcomes.equals(many.outcomes)
    assert few.met.equals(many.met)
    assert asked(steps=6).whole == asked(steps=3, side=Side.LAST).whole
