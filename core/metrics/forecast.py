"""Figures of revenue to come, and of how well it was foretold before."""

from typing import Final

from core.metrics.base import Metric, Unit

_TABLES: Final = ("deals", "stage_changes")

METRICS: Final = (
    Metric(
        "forecast_revenue",
        "Forecast",
        Unit.MONEY,
        "booked + expected of open deals + new business; open pipeline and time series blended by "
        "their past errors at this company",
        "Closed-won revenue expected of a whole period, with what is booked already.",
        _TABLES,
    ),
    Metric(
        "booked",
        "Booked",
        Unit.MONEY,
        "sum of amount over deals won in the period up to the as-of date",
        "Part of the forecast that is won already.",
        ("deals",),
    ),
    Metric(
        "pipeline_expected",
        "From open deals",
        Unit.MONEY,
        "sum over open deals of amount x chance to be won in the period",
        "Part of the forecast that open deals are expected to bring.",
        _TABLES,
    ),
    Metric(
        "new_business",
        "New business",
        Unit.MONEY,
        "forecast - booked - expected of open deals",
        "Part of the forecast that comes from deals nobody has created yet.",
        _TABLES,
    ),
    Metric(
        "quota_chance",
        "Chance of quota",
        Unit.SHARE,
        "share of the simulated periods that reach the sum of the quotas",
        "How likely the period reaches its quota.",
        (*_TABLES, "quotas"),
    ),
    Metric(
        "forecast_error",
        "Error of the forecast",
        Unit.SHARE,
        "sum of |actual - forecast| / sum of actual, over past forecasts replayed with what was "
        "known then",
        "How far the same forecast was off at past dates of this company.",
        _TABLES,
    ),
    Metric(
        "forecast_skill",
        "Skill",
        Unit.SHARE,
        "1 - error / error of repeating the same month of last year, with a 95 % interval "
        "clustered by period",
        "How much smaller the error is than that of the simplest forecast; below nought it is "
        "larger.",
        _TABLES,
    ),
    Metric(
        "interval_coverage",
        "Held what came",
        Unit.SHARE,
        "past values inside their 80 % interval / past values",
        "How often the interval kept its promise; 80 % is right, more is too wide.",
        _TABLES,
    ),
)
