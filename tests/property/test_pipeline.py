"""For any deal histories: the flow balances, expectations add up, outcomes sum to one."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.forecasting.flow import Line, Window, pipeline_flow
from core.forecasting.histories import end_of
from core.forecasting.incidence import aalen_johansen
from core.forecasting.landmarks import replay
from core.forecasting.pipeline import PipelineSettings, forecast_pipeline
from core.forecasting.pushes import slippage
from core.forecasting.simulate import Simulation
from tests.pipelines import OPEN_STAGES, Pipeline

FIRST = date(2024, 1, 1)
SPAN = 200

days = st.integers(0, SPAN)
amount = st.none() | st.integers(1, 10**9)
change = st.tuples(days, st.sampled_from((*OPEN_STAGES, "Lost")), amount, st.none() | days)
deal = st.tuples(days, amount, st.sampled_from(["open", "won", "lost"]), days, st.lists(change))
deals = st.lists(deal, min_size=1, max_size=12)
some = settings(max_examples=40, deadline=None)


def day(number):
    return FIRST + timedelta(days=number)


def histories_of(deals):
    pipeline = Pipeline()
    for number, (created, worth, fate, life, changes) in enumerate(deals):
        close = {} if fate == "open" else {fate: day(created + life).isoformat()}
        pipeline = pipeline.deal(f"D{number}", day(created).isoformat(), worth, **close)
        moments = {(created + after, stage): rest for after, stage, *rest in changes}
        for (at, stage), (then, due) in moments.items():
            expected = None if due is None else day(due).isoformat()
            pipeline = pipeline.change(f"D{number}", day(at).isoformat(), stage, then, expected)
    return pipeline.histories()


@some
@given(deals, days, days, st.none() | st.tuples(days, days))
def test_the_flow_balances_between_any_two_dates(deals, one, other, window):
    histories = histories_of(deals)
    since, until = sorted([day(one), day(other)])
    inside = Window(*sorted(map(day, window))) if window else None

    flow = pipeline_flow(histories, since, until, inside)

    assert flow.balances
    assert flow.deals.filter(pl.col("line") == "end")["deal_id"].is_unique().all()


@some
@given(deals, st.lists(days, min_size=3, max_size=3), st.tuples(days, days))
def test_one_flow_ends_where_the_next_begins(deals, moments, window):
    histories = histories_of(deals)
    first, middle, last = sorted(map(day, moments))
    inside = Window(*sorted(map(day, window)))

    one = pipeline_flow(histories, first, middle, inside)
    two = pipeline_flow(histories, middle, last, inside)

    assert one.amount(Line.END) == two.amount(Line.START)


@some
@given(deals, days, days)
def test_start_and_end_are_the_pipeline_replayed_and_won_is_what_was_won(deals, one, other):
    histories = histories_of(deals)
    since, until = sorted([day(one), day(other)])

    flow = pipeline_flow(histories, since, until)

    for moment, line in ((since, Line.START), (until, Line.END)):
        assert flow.amount(line) == replay(histories, end_of(moment))["amount_minor"].sum()
    won = histories.deals.filter(
        pl.col("outcome") == "won",
        pl.col("closed_epoch").is_between(end_of(since), end_of(until), closed="left"),
    )
    assert flow.amount(Line.WON) == won["amount_minor"].sum()


@some
@given(deals, days)
def test_no_deal_is_twice_in_a_snapshot(deals, moment):
    snapshot = replay(histories_of(deals), end_of(day(moment)))

    assert snapshot["deal"].is_unique().all()
    assert (snapshot["age_days"] >= 0).all()


@settings(max_examples=25, deadline=None)
@given(deals, days, st.integers(1, 60))
def test_expectations_add_up_and_outcomes_sum_to_one(deals, as_of, horizon):
    forecast = forecast_pipeline(
        histories_of(deals),
        day(as_of),
        day(as_of + horizon),
        PipelineSettings(draws=20, origins=2),
    )
    rows = forecast.deals

    assert rows["expected_minor"].sum() == pytest.approx(forecast.from_pipeline, abs=1e-9)
    sums = rows["p_win"] + rows["p_lose"] + rows["p_slip"]
    assert ((sums - 1).abs() <= 1e-12).all()
    assert rows.select(pl.min_horizontal("p_win", "p_lose", "p_slip") >= -1e-12).to_series().all()


@some
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 2)), max_size=60))
def test_shares_won_lost_and_open_sum_to_one_and_never_turn_back(lives):
    curve = aalen_johansen([life for life, _ in lives], [fate for _, fate in lives])

    assert np.abs(curve.won + curve.lost + curve.still_open - 1).max(initial=0) <= 1e-12
    assert (np.diff(curve.won) >= 0).all()
    assert (np.diff(curve.lost) >= 0).all()
    assert curve.still_open.min(initial=0) >= -1e-12


@some
@given(deals, days, days)
def test_what_was_due_is_won_lost_or_slipped(deals, one, other):
    starts_on, ends_on = sorted([day(one), day(other)])
    found = slippage(histories_of(deals), starts_on, ends_on)

    assert found.due_minor == found.won_minor + found.lost_minor + found.slipped_minor


@some
@given(
    st.lists(st.tuples(st.floats(0, 1e9), st.floats(0, 1)), max_size=30),
    st.floats(1, 5),
    st.integers(0, 5),
)
def test_simulated_totals_are_never_negative_and_quantiles_rise(deals, factor, seed):
    amounts, chances = (np.array([row[k] for row in deals]) for k in (0, 1))
    drawn = Simulation(amounts, chances, 1.5, np.array([5.0, 9.0]), 12.0, factor).draw(50, seed)

    assert drawn.totals.min() >= 0
    quantiles = [drawn.quantile(share) for share in (0.1, 0.5, 0.9)]
    assert quantiles == sorted(quantiles)
