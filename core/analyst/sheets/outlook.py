"""An outlook of the product as the analyst's sheet of a forecast wants it."""

from core import formats
from core.analyst.sheets.forecast import ExpectedPeriod, ForecastAnswers
from core.forecasting.attainment import Attainment
from core.forecasting.outlook_results import Outlook

LEVEL = 80
"""The interval a text speaks of, in per cent."""


def outlook_answers(outlook: Outlook, standing: Attainment | None) -> ForecastAnswers:
    """Return what is known of the first period of an outlook.

    Parameters
    ----------
    outlook
        The forecast.
    standing
        Where its first period stands against a target; None where that was not asked.
    """
    row, record = outlook.frame.row(0, named=True), outlook.track_record
    held = next((line for line in record.coverage if line.level == LEVEL), None)
    target = standing.quota.target_minor if standing else None
    period = ExpectedPeriod(
        label=formats.period(row["period"]),
        forecast_minor=row["forecast_minor"],
        low_minor=row[f"lo{LEVEL}"],
        high_minor=row[f"hi{LEVEL}"],
        booked_minor=row["booked_minor"],
        pipeline_minor=None if outlook.is_blind else row["pipeline_minor"],
        new_business_minor=None if outlook.is_blind else row["new_business_minor"],
        target_minor=None if outlook.is_blind else target,
        chance=standing.chance if standing and target and not outlook.is_blind else None,
    )
    measured = record.skill.value is not None
    return ForecastAnswers(
        period=period,
        as_of=outlook.as_of,
        fingerprint=outlook.fingerprint,
        error=record.wape,
        comparison=record.skill.verdict if measured else "",
        held=held.share if held else None,
        doubts=outlook.warnings,
        is_blind=outlook.is_blind,
    )
