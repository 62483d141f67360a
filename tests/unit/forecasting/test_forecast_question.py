"""Which periods a question is about, by the company's own calendar."""

from datetime import date
from itertools import pairwise

import pytest

from core.errors import InvalidParameterError
from core.forecasting.forecast_question import ForecastQuestion, PeriodKind

QUARTER = PeriodKind.QUARTER


def asked(as_of, kind=PeriodKind.MONTH, horizon=2, year_starts_in=1):
    return ForecastQuestion("EUR", date.fromisoformat(as_of), kind, horizon, year_starts_in)


def labels(question):
    return [period.label for period in question.periods]


def test_a_period_in_progress_is_the_first():
    assert labels(asked("2026-11-20")) == ["2026-11", "2026-12"]


def test_the_last_day_of_a_period_belongs_to_the_past():
    assert labels(asked("2026-11-30")) == ["2026-12", "2027-01"]


def test_calendar_quarters_carry_their_year():
    assert labels(asked("2026-11-20", QUARTER)) == ["2026-Q4", "2027-Q1"]


def test_fiscal_quarters_carry_the_year_their_fiscal_year_ends_in():
    question = asked("2026-11-20", QUARTER, year_starts_in=2)

    assert labels(question) == ["FY2027-Q4", "FY2028-Q1"]
    assert question.periods[0].ends_on == date(2027, 1, 31)


def test_periods_follow_one_another_without_a_gap():
    periods = asked("2026-11-20", horizon=15).periods

    gaps = [(b.starts_on - a.ends_on).days for a, b in pairwise(periods)]
    assert gaps == [1] * 14


def test_a_quarter_in_progress_is_asked_about_by_its_months_to_come():
    question = asked("2026-11-20", QUARTER).by_month

    assert labels(question) == ["2026-11", "2026-12", "2027-01", "2027-02", "2027-03"]


def test_days_ahead_begin_now_and_end_with_each_period():
    assert asked("2026-11-20").days_ahead == ((0.0, 10.0), (10.0, 41.0))


@pytest.mark.parametrize(("kind", "horizon"), [(PeriodKind.MONTH, 25), (QUARTER, 9), (QUARTER, 0)])
def test_a_horizon_out_of_reach_is_refused(kind, horizon):
    with pytest.raises(InvalidParameterError, match="cannot be forecast"):
        asked("2026-11-20", kind, horizon)


def test_a_fiscal_year_starts_in_a_month_there_is():
    with pytest.raises(InvalidParameterError, match="month 13"):
        asked("2026-11-20", year_starts_in=13)
