"""Periods add up to the span, the first holds what is booked, and gaps are refused."""

from datetime import date

import pytest

from core.errors import InvalidParameterError
from core.forecasting.attainment import booked
from core.forecasting.period_forecast import forecast_periods
from core.forecasting.pipeline import PipelineSettings, forecast_pipeline
from tests.pipelines import random_pipeline

JANUARY = (date(2025, 1, 1), date(2025, 1, 31))
FEBRUARY = (date(2025, 2, 1), date(2025, 2, 28))
MARCH = (date(2025, 3, 1), date(2025, 3, 31))
AS_OF = date(2025, 1, 15)
QUICK = PipelineSettings(draws=1_000, origins=4)


@pytest.fixture(scope="module")
def histories():
    return random_pipeline(1).histories()


@pytest.fixture(scope="module")
def months(histories):
    return forecast_periods(histories, AS_OF, [JANUARY, FEBRUARY, MARCH], QUICK)


def test_months_add_up_to_the_forecast_of_the_span(months):
    parts = months.frame.select("pipeline_minor", "new_business_minor").sum().row(0)

    assert parts[0] == pytest.approx(months.whole.from_pipeline)
    assert parts[1] == pytest.approx(months.whole.from_new_business)


def test_the_first_month_is_the_forecast_to_its_end_and_what_is_booked(histories, months):
    alone = forecast_pipeline(histories, AS_OF, JANUARY[1], QUICK)
    first = months.frame.row(0, named=True)

    assert first["booked_minor"] == booked(histories, JANUARY[0], AS_OF) > 0
    assert first["expected_minor"] == pytest.approx(first["booked_minor"] + alone.expected)
    assert months.frame["booked_minor"].to_list()[1:] == [0, 0]


def test_bands_hold_what_is_booked_and_lie_inside_one_another(months):
    for row in months.frame.iter_rows(named=True):
        ends = [row[name] for name in ("lo95", "lo80", "lo50", "hi50", "hi80", "hi95")]
        assert ends == sorted(ends)
        assert ends[0] >= row["booked_minor"]


@pytest.mark.parametrize(
    "periods",
    [
        [],
        [FEBRUARY],  # begins after tomorrow
        [JANUARY, MARCH],  # a gap
        [(date(2024, 12, 1), date(2024, 12, 31)), JANUARY],  # the first is over
    ],
)
def test_periods_that_do_not_follow_the_as_of_date_are_refused(histories, periods):
    with pytest.raises(InvalidParameterError, match="do not follow one another"):
        forecast_periods(histories, AS_OF, periods, QUICK)
