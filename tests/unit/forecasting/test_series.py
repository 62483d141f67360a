"""Periods, gaps and what counts as complete."""

from datetime import date

import pytest

from core.errors import EmptyWorkspaceError, InvalidParameterError
from core.forecasting.frequency import FiscalCalendar, Frequency, Grid
from core.forecasting.series import (
    Gaps,
    PeriodRule,
    Series,
    complete_periods,
    regular_series,
)

MONTHS = Grid(Frequency.MONTH)
WON = [
    (date(2025, 12, 31), 10.0),
    (date(2026, 1, 1), 20.0),
    (date(2026, 1, 31), 5.0),
    (date(2026, 4, 2), 40.0),
    (date(2026, 5, 1), 99.0),
]


def periods(frequency, as_of, **rest):
    return complete_periods("won", WON, PeriodRule(frequency, as_of, **rest))


def test_the_period_of_the_question_is_left_out_and_gaps_between_are_zero():
    series = periods(Frequency.MONTH, date(2026, 5, 31))
    assert series.starts_on == date(2025, 12, 1)
    assert series.values == (10.0, 25.0, 0.0, 0.0, 40.0)
    assert series.filled == frozenset()


def test_on_the_first_day_of_a_month_the_month_before_is_complete():
    assert periods(Frequency.MONTH, date(2026, 6, 1)).values[-1] == 99.0


def test_quarters_follow_the_fiscal_year():
    calendar = FiscalCalendar(year_starts_in=2)  # Nov-Jan, Feb-Apr
    series = periods(Frequency.QUARTER, date(2026, 5, 31), calendar=calendar)
    assert series.starts_on == date(2025, 11, 1)
    assert series.values == (35.0, 40.0)


def test_nothing_is_filled_after_the_last_activity_unless_the_data_is_known_to_reach_further():
    late = date(2026, 9, 15)
    assert periods(Frequency.MONTH, late).ends_on == date(2026, 5, 1)
    known = periods(Frequency.MONTH, late, known_until=date(2026, 8, 20))
    assert known.ends_on == date(2026, 7, 1)
    assert known.values[-2:] == (0.0, 0.0)


def test_a_history_without_a_complete_period_is_an_error_with_a_hint():
    with pytest.raises(EmptyWorkspaceError, match="at least one period"):
        periods(Frequency.YEAR, date(2025, 12, 31))


def test_a_weekend_counts_for_the_friday_before():
    calendar = FiscalCalendar()
    saturday, sunday = date(2026, 3, 7), date(2026, 3, 8)
    friday = date(2026, 3, 6)
    assert calendar.period_start(saturday, Frequency.BUSINESS_DAY) == friday
    assert calendar.period_start(sunday, Frequency.BUSINESS_DAY) == friday


def test_weeks_start_on_the_day_the_company_says():
    thursday = date(2026, 3, 5)
    sunday_weeks = FiscalCalendar(week_starts_on=6)
    assert FiscalCalendar().period_start(thursday, Frequency.WEEK) == date(2026, 3, 2)
    assert sunday_weeks.period_start(thursday, Frequency.WEEK) == date(2026, 3, 1)


@pytest.mark.parametrize("setting", [{"year_starts_in": 13}, {"week_starts_on": 7}])
def test_an_impossible_calendar_is_refused(setting):
    with pytest.raises(InvalidParameterError):
        FiscalCalendar(**setting)


def test_month_ends_stay_month_ends():
    grid = Grid(Frequency.MONTH, anchor_day=31)
    series = Series("won", grid, date(2026, 1, 31), (1.0, 2.0))
    assert series.dates == (date(2026, 1, 31), date(2026, 2, 28))
    assert series.future_dates(2) == (date(2026, 3, 31), date(2026, 4, 30))


def test_a_gap_is_a_straight_line_or_zero_and_is_remembered():
    observed = [(date(2026, 1, 1), 10.0), (date(2026, 4, 1), 40.0)]
    line = regular_series("won", MONTHS, observed, Gaps.INTERPOLATE)
    zero = regular_series("won", MONTHS, observed, Gaps.ZERO)
    assert line.values == pytest.approx((10, 20, 30, 40))
    assert zero.values == (10.0, 0.0, 0.0, 40.0)
    assert line.filled == zero.filled == frozenset({1, 2})


def test_head_and_tail_keep_dates_and_gaps_in_place():
    observed = [(date(2026, 1, 1), 10.0), (date(2026, 3, 1), 30.0), (date(2026, 4, 1), 40.0)]
    series = regular_series("won", MONTHS, observed, Gaps.INTERPOLATE)
    assert series.head(1).filled == frozenset()
    assert series.tail(3).starts_on == date(2026, 2, 1)
    assert series.tail(3).filled == frozenset({0})
    assert series.tail(9) == series


def test_the_fingerprint_changes_with_any_value_date_or_gap():
    series = Series("won", MONTHS, date(2026, 1, 1), (1.0, 2.0))
    others = [
        Series("won", MONTHS, date(2026, 1, 1), (1.0, 2.5)),
        Series("won", MONTHS, date(2026, 2, 1), (1.0, 2.0)),
        Series("won", Grid(Frequency.WEEK), date(2026, 1, 1), (1.0, 2.0)),
        Series("won", MONTHS, date(2026, 1, 1), (1.0, 2.0), frozenset({1})),
    ]
    same = Series("won", MONTHS, date(2026, 1, 1), (1.0, 2.0))
    assert series.fingerprint == same.fingerprint
    assert len({series.fingerprint, *(other.fingerprint for other in others)}) == 5


def test_a_value_that_is_not_finite_is_refused():
    with pytest.raises(InvalidParameterError, match="not a finite number"):
        Series("won", MONTHS, date(2026, 1, 1), (1.0, float("nan")))
