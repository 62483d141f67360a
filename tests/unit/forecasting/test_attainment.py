"""A period against its quota: booked, expected, chance, coverage and how much was enough."""

from datetime import date

import pytest

from core.errors import InvalidParameterError
from core.forecasting.attainment import Quota, attainment, booked, read_quota
from core.forecasting.pipeline import PipelineSettings
from tests.pipelines import Pipeline, random_pipeline

QUARTER = (date(2025, 1, 1), date(2025, 3, 31))
AS_OF = date(2025, 1, 31)
QUICK = PipelineSettings(draws=2_000, origins=4)


@pytest.fixture(scope="module")
def histories():
    return random_pipeline(3).histories()


def test_quotas_of_the_period_are_summed():
    engine = (
        Pipeline()
        .deal("D", "2024-01-01")
        .quota("U1", "2025-01-01", 1000, "2025-03-31")
        .quota("U2", "2025-02-01", 500)
        .quota("U1", "2024-10-01", 9000, "2024-12-31")  # another quarter
        .quota("U1", "2025-01-01", 9000, "2025-12-31")  # longer than the period
        .quota("U3", "2025-01-01", 9000, currency="XXX")
        .engine()
    )
    quota = read_quota(engine, "EUR", *QUARTER)

    assert (quota.target_minor, quota.owners) == (1500, 2)
    assert quota.warnings == ("Quotas that cannot be counted in EUR: 1.",)
    assert read_quota(engine, "EUR", *QUARTER, ("U1",)).target_minor == 1000


def test_no_quota_is_not_a_quota_of_zero(histories):
    quota = read_quota(Pipeline().deal("D", "2024-01-01").engine(), "EUR", *QUARTER)
    state = attainment(histories, quota, AS_OF, QUARTER, QUICK)

    assert quota.target_minor is None
    assert (state.chance, state.coverage, state.still_needed) == (None, None, None)


def test_expected_is_booked_plus_forecast(histories):
    state = attainment(histories, Quota(1_000_000, 1), AS_OF, QUARTER, QUICK)

    assert state.booked == booked(histories, date(2025, 1, 1), AS_OF) > 0
    assert state.expected == state.booked + state.forecast.expected


def test_the_chance_falls_as_the_quota_rises(histories):
    chances = [
        attainment(histories, Quota(target, 1), AS_OF, QUARTER, QUICK).chance
        for target in (1, 500_000, 10**12)
    ]

    assert chances[0] == 1.0
    assert chances[0] >= chances[1] >= chances[2] == 0.0


def test_coverage_is_pipeline_due_over_what_is_still_needed(histories):
    target = booked(histories, date(2025, 1, 1), AS_OF) + 100_000
    state = attainment(histories, Quota(target, 1), AS_OF, QUARTER, QUICK)

    assert state.still_needed == 100_000
    assert state.coverage == pytest.approx(state.pipeline_due / 100_000)
    assert state.coverage_needed == pytest.approx(1 / state.usual_conversion)
    assert state.past_periods == 4


def test_a_period_that_is_over_has_no_forecast(histories):
    quarter = (date(2024, 7, 1), date(2024, 9, 30))
    won = booked(histories, *quarter)
    state = attainment(histories, Quota(won, 1), date(2024, 10, 15), quarter, QUICK)

    assert (state.forecast, state.expected, state.chance) == (None, won, 1.0)
    assert state.coverage is None  # nothing is needed any more


def test_a_period_that_has_not_begun_is_refused(histories):
    with pytest.raises(InvalidParameterError, match="has not begun"):
        attainment(histories, Quota(1, 1), date(2024, 12, 1), QUARTER, QUICK)


def test_the_usual_conversion_is_that_of_past_quarters_with_as_many_days_left():
    # 200 due by the end of the fourth quarter of 2024 when 59 days were left, 50 of it won in
    # them, and 50 more from a deal created later: 100/200. In the third quarter nothing was due.
    pipeline = (
        Pipeline()
        .deal("A", "2024-10-01", 50, won="2024-12-15")
        .change("A", "2024-10-01", "Demo", 50, "2024-12-01")
        .deal("B", "2024-10-01", 150)
        .change("B", "2024-10-01", "Demo", 150, "2024-12-31")
        .deal("C", "2024-11-20", 50, won="2024-12-20")
        .change("C", "2024-11-20", "Demo", 50, "2024-12-20")
    )
    state = attainment(pipeline.histories(), Quota(100, 1), AS_OF, QUARTER, QUICK)

    assert (state.usual_conversion, state.past_periods) == (0.5, 1)
    assert state.coverage_needed == 2


def test_periods_that_are_not_whole_months_go_back_by_days():
    pipeline = (
        Pipeline()
        .deal("A", "2024-12-01", 50, won="2024-12-30")
        .change("A", "2024-12-01", "Demo", 100, "2024-12-31")
    )
    weeks = (date(2025, 1, 6), date(2025, 1, 19))  # before it: 23 December to 5 January
    state = attainment(pipeline.histories(), Quota(100, 1), date(2025, 1, 9), weeks, QUICK)

    assert (state.usual_conversion, state.past_periods) == (0.5, 1)


def test_an_export_that_names_the_expected_close_once_has_pipeline_due():
    # As HubSpot exports it: stages are dated, the expected close is the deal's own.
    pipeline = (
        Pipeline()
        .deal("A", "2024-12-01", 70, due="2025-03-15")
        .change("A", "2024-12-01", "Lead")
        .change("A", "2025-01-20", "Demo")
    )
    state = attainment(pipeline.histories(), Quota(100, 1), AS_OF, QUARTER, QUICK)

    assert (state.pipeline_due, state.coverage) == (70, 0.7)
