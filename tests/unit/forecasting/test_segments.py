"""A segment keeps its own deals, and everything known about them."""

from datetime import date

import pytest

from core.errors import EmptyWorkspaceError, UnknownNameError
from core.forecasting.histories import end_of
from core.forecasting.landmarks import replay
from core.forecasting.pipeline import forecast_pipeline
from core.forecasting.segments import NOBODY, Segment, choices, of_segment, people
from tests.pipelines import Pipeline, random_pipeline


@pytest.fixture
def pipeline():
    return (
        Pipeline()
        .owner("u1", "North")
        .owner("u2", "South")
        .deal("D1", "2024-01-01", owner_id="u1", region="DACH")
        .deal("D2", "2024-01-02", owner_id="u2", region="DACH")
        .deal("D3", "2024-01-03", owner_id="u2", region="France")
        .change("D3", "2024-01-05", "Demo")
    )


def ids(histories):
    return histories.deals["deal_id"].to_list()


@pytest.mark.parametrize(
    ("segment", "kept"),
    [
        (Segment(), ["D1", "D2", "D3"]),
        (Segment(owner_ids=("u2",)), ["D2", "D3"]),
        (Segment(teams=("North",)), ["D1"]),
        (Segment(regions=("DACH",), owner_ids=("u2",)), ["D2"]),
    ],
)
def test_filters_keep_the_deals_that_pass_all_of_them(pipeline, segment, kept):
    assert ids(of_segment(pipeline.histories(), segment)) == kept


def test_states_stay_with_their_deal_under_its_new_number(pipeline):
    histories = of_segment(pipeline.histories(), Segment(regions=("France",)))

    now = replay(histories, end_of(date(2024, 1, 10)))

    assert now.select("deal", "stage").rows() == [(0, "Demo")]
    assert histories.deals["deal"].to_list() == [0]


def test_a_segment_can_be_forecast():
    whole = random_pipeline(1).histories()
    part = of_segment(whole, Segment(owner_ids=("",)))

    forecast = forecast_pipeline(part, date(2025, 1, 1), date(2025, 2, 1))

    assert forecast.expected > 0


def test_a_segment_without_deals_says_what_to_do(pipeline):
    with pytest.raises(EmptyWorkspaceError, match="Choose fewer filters"):
        of_segment(pipeline.histories(), Segment(kinds=("Renewal",)))


def test_choices_are_the_values_there_are_most_deals_first(pipeline):
    assert choices(pipeline.histories(), "team") == ("South", "North")


def test_a_dimension_that_does_not_exist_is_named(pipeline):
    with pytest.raises(UnknownNameError, match="planet"):
        choices(pipeline.histories(), "planet")


def test_people_of_a_segment_are_those_of_its_teams(pipeline):
    engine = pipeline.engine()

    assert people(engine, Segment(teams=("South",))) == ("u2",)
    assert people(engine, Segment(owner_ids=("u1",))) == ("u1",)
    assert people(engine, Segment(teams=("South",), owner_ids=("u1",))) == NOBODY
