"""The deals behind a figure add up to it."""

from datetime import date

import pytest

from core.errors import UnknownNameError
from core.forecasting.deal_lists import (
    COLUMNS,
    closed_deals,
    created_deals,
    deal_course,
    deals_due_in,
    due_deals,
    flow_deals,
    in_segment,
    open_deals,
)
from core.forecasting.flow import Line, Window, pipeline_flow
from core.forecasting.pushes import slippage
from core.forecasting.segments import NOT_STATED
from core.forecasting.velocity import velocity_by
from tests.pipelines import Pipeline, random_pipeline

SINCE, UNTIL = date(2024, 6, 30), date(2024, 9, 30)

PIPELINE = (
    Pipeline()
    .deal("D1", "2024-01-01", 100, won="2024-03-10", region="North")
    .deal("D2", "2024-02-01", 200, lost="2024-04-05", region="")
    .deal("D3", "2024-03-01", 300)
    .change("D3", "2024-03-01", "Demo", 250, due="2024-03-31")
    .change("D3", "2024-03-20", "Offer", 300, due="2024-05-15")
    .histories()
)


def ids(rows):
    return rows["deal_id"].to_list()


@pytest.mark.parametrize("window", [None, Window(date(2024, 7, 1), date(2024, 9, 30))])
@pytest.mark.parametrize("line", Line)
def test_the_deals_of_every_line_of_the_bridge_add_up_to_it(line, window):
    histories = random_pipeline(3).histories()
    flow = pipeline_flow(histories, SINCE, UNTIL, window)

    rows = flow_deals(histories, flow, line)

    assert rows["amount_minor"].sum() == flow.amount(line)
    assert rows.height == flow.count(line)
    assert rows.columns == list(COLUMNS)


def test_open_deals_are_as_they_were_on_the_day():
    row = open_deals(PIPELINE, date(2024, 3, 15)).row(0, named=True)

    assert (row["deal_id"], row["stage"], row["amount_minor"]) == ("D3", "Demo", 250)
    assert row["outcome"] == "open"
    assert ids(open_deals(PIPELINE, date(2024, 3, 15)))[1:] == ["D2"]


def test_open_deals_can_be_limited_to_those_due_in_a_window():
    window = Window(date(2024, 5, 1), date(2024, 5, 31))

    assert ids(open_deals(PIPELINE, date(2024, 3, 15), window)) == []
    assert ids(open_deals(PIPELINE, date(2024, 3, 25), window)) == ["D3"]


def test_what_is_overdue_is_due():
    assert ids(due_deals(PIPELINE, date(2024, 6, 30), date(2024, 7, 31))) == ["D3"]


def test_closed_deals_are_those_of_the_days_asked_about():
    first, last = date(2024, 3, 10), date(2024, 4, 5)

    assert ids(closed_deals(PIPELINE, first, last)) == ["D2", "D1"]
    assert ids(closed_deals(PIPELINE, first, last, "won")) == ["D1"]
    assert ids(closed_deals(PIPELINE, date(2024, 3, 11), date(2024, 4, 4))) == []


def test_an_outcome_of_later_is_not_known_yet():
    rows = created_deals(PIPELINE, date(2024, 1, 1), date(2024, 3, 31))

    assert dict(rows.select("deal_id", "outcome").iter_rows()) == {
        "D1": "won",
        "D2": "open",
        "D3": "open",
    }


def test_what_was_due_in_a_period_won_lost_or_slipped():
    histories = random_pipeline(3).histories()

    rows = deals_due_in(histories, date(2024, 7, 1), UNTIL)
    found = slippage(histories, date(2024, 7, 1), UNTIL)

    assert rows["amount_minor"].sum() == found.due_minor
    assert rows.filter(became="slipped")["amount_minor"].sum() == found.slipped_minor
    assert rows.filter(became="won")["amount_minor"].sum() == found.won_minor


def test_deals_that_name_no_segment_are_one_of_their_own():
    assert ids(in_segment(PIPELINE, "region", "North").deals) == ["D1"]
    assert ids(in_segment(PIPELINE, "region", NOT_STATED).deals) == ["D2", "D3"]
    names = [found.segment for found in velocity_by(PIPELINE, UNTIL, date(2024, 1, 1), "region")]
    assert names == [NOT_STATED, "North"]


def test_a_segment_there_is_not_is_named():
    with pytest.raises(UnknownNameError, match="segment"):
        in_segment(PIPELINE, "planet", "Mars")


def test_the_course_of_a_deal_is_what_was_known_by_the_day():
    rows = deal_course(PIPELINE, "D3", date(2024, 3, 15))

    assert rows.rows() == [(date(2024, 3, 1), "Demo", 250, date(2024, 3, 31))]
    assert deal_course(PIPELINE, "D3", date(2024, 3, 25))["stage"].to_list() == ["Demo", "Offer"]
