"""Each line of the bridge holds the deals that belong there, and the bridge balances."""

from datetime import date

import polars as pl
import pytest

from core.errors import InvalidParameterError
from core.forecasting.flow import Line, Window, pipeline_flow
from tests.pipelines import Pipeline

SINCE, UNTIL = date(2024, 3, 31), date(2024, 6, 30)
QUARTER = Window(date(2024, 4, 1), date(2024, 6, 30))

PIPELINE = (
    Pipeline()
    # due in the quarter at its start
    .deal("raised and won", "2024-01-01", 150, won="2024-05-01", due="2024-05-31")
    .change("raised and won", "2024-01-01", "Lead", 100, "2024-05-31")
    .deal("lowered and lost", "2024-01-01", 150, lost="2024-05-01")
    .change("lowered and lost", "2024-01-01", "Lead", 200, "2024-05-31")
    .change("lowered and lost", "2024-04-10", "Demo", 150)
    .deal("pushed", "2024-01-01", 300)
    .change("pushed", "2024-01-01", "Lead", 300, "2024-06-30")
    .change("pushed", "2024-05-10", "Lead", 310, "2024-09-30")
    .deal("stays", "2024-01-01", 400)
    .change("stays", "2024-01-01", "Lead", 400, "2024-06-30")
    # due elsewhere at its start
    .deal("pulled in", "2024-01-01", 50)
    .change("pulled in", "2024-01-01", "Lead", 50, "2024-09-30")
    .change("pulled in", "2024-04-02", "Lead", 55, "2024-06-15")
    .deal("elsewhere", "2024-01-01", 60)
    .change("elsewhere", "2024-01-01", "Lead", 60, "2024-12-31")
    # created in the quarter
    .deal("created", "2024-04-15", 70)
    .change("created", "2024-04-15", "Lead", 70, "2024-06-20")
    .deal("created and won", "2024-04-15", 80, won="2024-06-01")
    .change("created and won", "2024-04-15", "Lead", 80, "2024-08-20")
    .deal("not yet", "2024-07-15", 1000)
    .change("not yet", "2024-07-15", "Lead", 1000, "2024-08-20")
)


def amounts(flow):
    return {line: flow.amount(line) for line in Line}


def test_every_line_holds_its_deals():
    flow = pipeline_flow(PIPELINE.histories(), SINCE, UNTIL, QUARTER)

    assert amounts(flow) == {
        Line.START: 100 + 200 + 300 + 400,
        Line.CREATED: 70 + 80,
        Line.PULLED_IN: 50,
        Line.INCREASED: 50 + 10 + 5,
        Line.DECREASED: 50,
        Line.PUSHED: 310,
        Line.LOST: 150,
        Line.WON: 150 + 80,
        Line.END: 400 + 55 + 70,
    }
    assert flow.balances


def test_without_a_window_nothing_is_pulled_in_or_pushed():
    flow = pipeline_flow(PIPELINE.histories(), SINCE, UNTIL)

    assert flow.amount(Line.PULLED_IN) == flow.amount(Line.PUSHED) == 0
    assert flow.amount(Line.END) == 310 + 400 + 55 + 60 + 70
    assert flow.balances


def test_a_line_opens_its_deals():
    flow = pipeline_flow(PIPELINE.histories(), SINCE, UNTIL, QUARTER)

    won = flow.deals.filter(pl.col("line") == "won").sort("deal_id")
    assert won.rows() == [("created and won", "won", 80), ("raised and won", "won", 150)]


def test_a_deal_created_and_won_on_one_day_comes_in_and_goes_out():
    pipeline = Pipeline().deal("D", "2024-05-01", 90, won="2024-05-01")
    flow = pipeline_flow(pipeline.histories(), SINCE, UNTIL)

    assert (flow.amount(Line.CREATED), flow.amount(Line.WON)) == (90, 90)
    assert flow.balances


def test_an_amount_that_becomes_known_is_an_increase():
    pipeline = (
        Pipeline()
        .deal("D", "2024-01-01", 90)
        .change("D", "2024-01-01", "Lead")
        .change("D", "2024-05-01", "Demo", 90)
    )
    flow = pipeline_flow(pipeline.histories(), SINCE, UNTIL)

    assert (flow.amount(Line.START), flow.amount(Line.INCREASED)) == (0, 90)


def test_an_amount_nobody_knows_is_counted_in_a_warning():
    flow = pipeline_flow(Pipeline().deal("D", "2024-01-01", None).histories(), SINCE, UNTIL)

    assert "Deals whose amount is not known, counted without one: 1." in flow.warnings


def test_two_equal_days_move_nothing():
    flow = pipeline_flow(PIPELINE.histories(), SINCE, SINCE, QUARTER)

    assert flow.amount(Line.START) == flow.amount(Line.END) == 1000
    assert sum(amounts(flow).values()) == 2000


def test_a_flow_does_not_run_backwards():
    with pytest.raises(InvalidParameterError, match="Swap the two days"):
        pipeline_flow(PIPELINE.histories(), UNTIL, SINCE)
