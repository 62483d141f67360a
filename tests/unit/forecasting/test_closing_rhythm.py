"""A rush at quarter ends is measured from whole quarters, and never assumed."""

from datetime import date, timedelta

import numpy as np
import pytest

from core.forecasting.closing_rhythm import (
    BANDS_DAYS_LEFT,
    Rhythm,
    days_left,
    learn_rhythm,
    learn_rhythms,
)
from core.forecasting.frequency import FiscalCalendar
from core.forecasting.histories import DAY, end_of
from core.forecasting.pipeline import PipelineSettings, forecast_pipeline
from tests.pipelines import Pipeline, random_pipeline

CALENDAR = FiscalCalendar()
QUARTER_ENDS = ("2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31")
AS_OF = date(2025, 1, 31)


def rushed(ends=QUARTER_ENDS, wins=10):
    """Return a company that wins in the last two days of each quarter, after one early win."""
    pipeline = Pipeline().deal("D0", "2023-11-01", won="2023-12-15")
    for end in ends:
        for number in range(wins):
            day = date.fromisoformat(end) - timedelta(days=number % 2)
            pipeline = pipeline.deal(f"{end}{number}", "2024-01-01", won=day.isoformat())
    return pipeline.histories()


def learned(histories, as_of=AS_OF, calendar=CALENDAR):
    return learn_rhythm(histories, end_of(as_of), "won", calendar)


def test_a_rush_at_quarter_ends_is_seen():
    last_days, *others = learned(rushed()).factors

    # 40 wins, all in the last 3 of 366 days (4 quarters: 12 days), 40 x 12 / 366 = 1.31 if alike;
    # (40 + 10) / (1.31 + 10) = 4.42, then scaled so that the mean over days is 1.
    raw = [(40 + 10) / (40 * 12 / 366 + 10)]
    assert last_days > 4 * max(others)
    assert last_days / others[-1] == pytest.approx(
        raw[0] / (10 / (40 * (366 - 4 * 61) / 366 + 10)), rel=0.02
    )


def test_the_mean_factor_over_the_days_seen_is_one():
    by_day = learned(rushed()).by_day(end_of(date(2023, 12, 31)), 366)

    assert by_day.mean() == pytest.approx(1.0)


def test_fewer_than_four_whole_quarters_show_no_rhythm():
    assert learned(rushed(QUARTER_ENDS[:3]), date(2024, 12, 30)).is_even


def test_days_after_the_as_of_date_are_not_looked_at():
    longer = rushed((*QUARTER_ENDS, "2025-03-31"))

    assert learned(longer) == learned(rushed())


def test_growth_from_quarter_to_quarter_is_not_a_rhythm():
    pipeline = Pipeline()
    for number, start in enumerate(["2023-10-01", "2024-01-01", "2024-04-01", "2024-07-01",
                                    "2024-10-01"]):  # fmt: skip
        for day in range(0, 90, 9 - number):
            won = date.fromisoformat(start) + timedelta(days=day)
            pipeline = pipeline.deal(f"{start}{day}", "2023-09-01", won=won.isoformat())

    factors = learned(pipeline.histories()).factors

    assert factors == pytest.approx([1.0] * len(factors), abs=0.15)


def test_quarters_follow_the_fiscal_year():
    left = days_left(FiscalCalendar(year_starts_in=2), end_of(date(2025, 1, 29)), 3)

    assert left.tolist() == [1, 0, 88]  # 30 and 31 January, then February to April


def test_a_span_has_the_mean_factor_of_its_days():
    rhythm = Rhythm(CALENDAR, (4.0, *([1.0] * len(BANDS_DAYS_LEFT))))
    midnight = float(end_of(date(2024, 12, 24)))

    week, last_three = rhythm.between(
        np.array([midnight, midnight + 4 * DAY]), np.array([midnight + 7 * DAY] * 2)
    )

    assert (week, last_three) == ((4 * 1.0 + 3 * 4.0) / 7, 4.0)


def test_a_company_without_wins_has_no_rhythm():
    rhythms = learn_rhythms(
        Pipeline().deal("D1", "2024-01-01").histories(), end_of(AS_OF), CALENDAR
    )

    assert rhythms.won.is_even
    assert rhythms.lost.is_even


def test_without_a_rhythm_the_pipeline_forecast_is_what_it_was():
    histories = random_pipeline(1, weeks=40).histories()
    days = date(2024, 9, 1), date(2024, 10, 15)
    even = PipelineSettings(origins=0, draws=100)

    plain = forecast_pipeline(histories, *days, even)
    asked = forecast_pipeline(
        histories, *days, PipelineSettings(origins=0, draws=100, calendar=CALENDAR)
    )

    assert asked.deals.equals(plain.deals)
    assert asked.expected == plain.expected


def test_in_a_rush_probabilities_still_sum_to_one():
    histories = random_pipeline(3, weeks=90).histories()

    forecast = forecast_pipeline(
        histories,
        date(2025, 9, 1),
        date(2025, 10, 15),
        PipelineSettings(origins=0, draws=100, calendar=CALENDAR),
    )

    for column in ("p_win", "p_lose", "p_slip"):
        assert forecast.deals[column].is_between(0, 1).all()
