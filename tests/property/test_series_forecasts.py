"""What holds for any series: grids invert, intervals nest, units and names do not matter."""

from datetime import date, timedelta
from itertools import pairwise
from math import ceil, floor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.forecasting.conformal import conformal_quantile, half_widths
from core.forecasting.ensemble import median_of
from core.forecasting.frequency import FiscalCalendar, Frequency, Grid
from core.forecasting.scoring import wilson_band
from core.forecasting.series import PeriodRule, Series, complete_periods
from core.forecasting.series_file import read_series
from core.forecasting.series_forecast import forecast_series
from core.forecasting.series_results import ForecastOptions

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
CALENDARS = st.builds(FiscalCalendar, st.integers(1, 12), st.integers(0, 6))
FREQUENCIES = st.sampled_from(Frequency)
AMOUNTS = st.integers(0, 10**9).map(float)
SHORT_HISTORIES = st.lists(AMOUNTS, min_size=1, max_size=11)
# An error so small that another unit makes it nothing is no error of a series of money.
AN_ERROR = st.floats(-1e6, 1e6, allow_subnormal=False)
ERRORS = st.integers(1, 9).flatmap(
    lambda rows: st.lists(st.lists(AN_ERROR, min_size=4, max_size=4), min_size=rows, max_size=rows)
)
FAST = ForecastOptions(origins=3)


def monthly(values, name="won"):
    return Series(name, Grid(Frequency.MONTH), date(2025, 1, 1), tuple(values))


@settings(deadline=None)
@given(DAYS, st.integers(-60, 60), FREQUENCIES, CALENDARS)
def test_counting_along_a_grid_and_back_arrives_where_it_started(day, steps, frequency, calendar):
    grid, start = Grid(frequency), calendar.period_start(day, frequency)
    there = grid.step(start, steps)
    assert grid.between(start, there) == steps
    assert grid.step(there, -steps) == start


@settings(deadline=None)
@given(DAYS, FREQUENCIES, CALENDARS)
def test_a_day_lies_in_exactly_one_period(day, frequency, calendar):
    start = calendar.period_start(day, frequency)
    after = Grid(frequency).step(start, 1)
    assert start <= day < after
    assert calendar.period_start(start, frequency) == start


@settings(deadline=None)
@given(st.lists(st.tuples(DAYS, AMOUNTS), min_size=1, max_size=30), CALENDARS)
def test_complete_periods_lose_nothing_and_invent_nothing(amounts, calendar):
    as_of = max(day for day, _ in amounts) + timedelta(days=800)
    rule = PeriodRule(Frequency.QUARTER, as_of, calendar)
    series = complete_periods("won", amounts, rule)
    assert sum(series.values) == sum(amount for _, amount in amounts)


@settings(deadline=None)
@given(ERRORS, st.floats(0, 1e6))
def test_a_wider_promise_is_a_wider_interval(errors, level):
    widths = [half_widths(np.array(errors), level, percent) for percent in (50, 80, 95)]
    assert all((narrow <= wide * (1 + 1e-12)).all() for narrow, wide in pairwise(widths))
    assert all(np.isfinite(width).all() and (width >= 0).all() for width in widths)


@settings(deadline=None)
@given(ERRORS, st.floats(1, 1e6), st.sampled_from([0.01, 100.0, 10.0**6]))
def test_half_widths_are_in_the_unit_of_the_series(errors, level, unit):
    plain = half_widths(np.array(errors), level, 80)
    scaled = half_widths(np.array(errors) * unit, level * unit, 80)
    assert scaled == pytest.approx(plain * unit, rel=1e-6, abs=1e-6)


@settings(deadline=None)
@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=60), st.integers(1, 99))
def test_the_conformal_quantile_lies_between_the_errors_of_the_ranks_about_it(errors, percent):
    ordered, rank = sorted(errors), (len(errors) + 1) * percent / 100
    below = ordered[max(1, min(floor(rank), len(errors))) - 1]
    above = ordered[max(1, min(ceil(rank), len(errors))) - 1]
    found = conformal_quantile(errors, percent)
    assert below <= found * (1 + 1e-9)
    assert found <= above * (1 + 1e-9)


@settings(deadline=None)
@given(st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_wilson_band_holds_the_share(hits_of_n):
    hits, n = hits_of_n
    low, high = wilson_band(hits, n)
    assert 0 <= low <= hits / n + 1e-12
    assert hits / n - 1e-12 <= high <= 1


@settings(deadline=None)
@given(st.lists(st.lists(st.floats(-1e9, 1e9), min_size=3, max_size=3), min_size=1, max_size=7))
def test_the_median_lies_between_its_members_whatever_their_order(rows):
    members = [np.array(row) for row in rows]
    middle = median_of(members)
    assert (np.min(members, axis=0) <= middle).all()
    assert (middle <= np.max(members, axis=0)).all()
    assert middle.tolist() == median_of(members[::-1]).tolist()


@settings(max_examples=30, deadline=None)
@given(SHORT_HISTORIES)
def test_any_short_history_gets_nested_intervals_from_zero_up(values):
    frame = forecast_series(monthly(values), 3, FAST).frame
    columns = ("lo95", "lo80", "lo50", "forecast", "hi50", "hi80", "hi95")
    matrix = frame.select(columns).to_numpy()
    assert np.isfinite(matrix).all()
    assert (np.diff(matrix, axis=1) >= 0).all()
    assert (matrix >= 0).all()


@settings(max_examples=20, deadline=None)
@given(SHORT_HISTORIES)
def test_cents_and_euros_give_the_same_forecast(values):
    euros = forecast_series(monthly(values), 2, FAST).frame["hi80"].to_numpy()
    cents = forecast_series(monthly([100 * value for value in values]), 2, FAST).frame["hi80"]
    assert cents.to_numpy() == pytest.approx(100 * euros, rel=1e-4, abs=1e-4)


@settings(max_examples=20, deadline=None)
@given(SHORT_HISTORIES, st.text(max_size=10))
def test_the_name_of_a_series_does_not_matter(values, name):
    named = forecast_series(monthly(values, name), 2, FAST)
    assert named.frame.equals(forecast_series(monthly(values), 2, FAST).frame)


@settings(deadline=None)
@given(st.permutations(range(8)))
def test_the_order_of_rows_in_a_file_does_not_matter(order):
    rows = [f"{name},2026-0{month}-01,{month}" for name in "ab" for month in (1, 2, 3, 4)]
    text = "id,ds,y\n" + "\n".join(rows[i] for i in order) + "\n"
    found = read_series("f.csv", text.encode()).series
    assert {series.name: series.values for series in found} == dict.fromkeys("ab", (1, 2, 3, 4))
