"""Figures of the forecast and the pipeline."""

from typing import Final

from core.metrics.base import Metric, Unit

_PIPELINE: Final = ("deals", "stage_changes")

METRICS: Final = (
    Metric(
        "forecast",
        "Forecast",
        Unit.MONEY,
        "booked + expected of the open deals + new business; the rest of a period is w x pipeline "
        "forecast + (1 - w) x series forecast, w from past errors",
        "What a period is expected to bring, with an interval that comes from what past forecasts "
        "of the same kind missed by.",
        _PIPELINE,
    ),
    Metric(
        "booked",
        "Booked",
        Unit.MONEY,
        "sum of amount over deals won in the period up to the as-of date",
        "What a period in progress has brought already; a forecast never falls below it.",
        ("deals",),
    ),
    Metric(
        "expected_revenue",
        "Open deals, expected",
        Unit.MONEY,
        "sum over open deals of the amount it would be won with x probability of a win in the "
        "period",
        "What today's open deals are expected to bring in the period.",
        _PIPELINE,
    ),
    Metric(
        "forecast_chance",
        "Won in time",
        Unit.SHARE,
        "weekly chances to be won and lost of past deals in the same stage, for as long, and as "
        "near their expected close, followed to the end of the period",
        "How likely an open deal is to be won in the period, as the forecast counts it; scores of "
        "deals know more of each deal, and both add up to the same money.",
        _PIPELINE,
    ),
    Metric(
        "new_business",
        "New business",
        Unit.MONEY,
        "forecast - booked - expected of the open deals",
        "What is expected beyond today's open deals: of deals not created yet, and what the "
        "history of the company says on top.",
        _PIPELINE,
    ),
    Metric(
        "pipeline_velocity",
        "Pipeline velocity",
        Unit.MONEY,
        "open deals x win rate x mean amount of a win / mean days to win; not defined where a "
        "factor is missing",
        "Money a day that flows through the pipeline; a rate, not a forecast.",
        _PIPELINE,
    ),
    Metric(
        "win_rate_by_age",
        "Won within days",
        Unit.SHARE,
        "Aalen-Johansen share won by an age, deals still open counted as open, lost ones as lost",
        "Share of deals won within so many days of their start; the win rate to quote, because it "
        "does not leave out the deals still open.",
        _PIPELINE,
    ),
    Metric(
        "created_win_rate",
        "Win rate of created",
        Unit.SHARE,
        "won / created over deals created in the window",
        "Share of the deals created in the window that are won so far; low while they are young.",
        ("deals",),
    ),
    Metric(
        "slippage",
        "Slippage",
        Unit.SHARE,
        "amount due in the period at its start and neither won nor lost when it was over / "
        "amount due in the period at its start",
        "Share of what was expected to close in a period that slipped out of it.",
        _PIPELINE,
    ),
    Metric(
        "push_count",
        "Pushes",
        Unit.DEALS,
        "number of times the expected close of a deal moved to a later month",
        "How often a deal was put off; moves within a month do not count.",
        ("stage_changes",),
    ),
    Metric(
        "pipeline_coverage",
        "Pipeline coverage",
        Unit.TIMES,
        "open pipeline due by the end of the period / (quota - booked); not defined without a "
        "quota or once it is reached",
        "How many times over the open pipeline covers what is still missing to the quota.",
        ("deals", "stage_changes", "quotas"),
    ),
    Metric(
        "coverage_needed",
        "Coverage needed",
        Unit.TIMES,
        "pipeline due / won in the rest of the period, over past periods with as many days left",
        "The coverage that was just enough in the past; a company's own figure, not a rule of "
        "thumb.",
        _PIPELINE,
    ),
    Metric(
        "quota",
        "Quota",
        Unit.MONEY,
        "sum of the targets of the people asked about, of quotas that lie within the period",
        "What the period is to bring.",
        ("quotas",),
    ),
    Metric(
        "quota_chance",
        "Chance of the quota",
        Unit.SHARE,
        "share of simulated periods that reach the quota, booked amounts included",
        "How likely the period reaches its quota, if past errors tell how far forecasts miss.",
        ("deals", "stage_changes", "quotas"),
    ),
    Metric(
        "forecast_error",
        "Forecast error",
        Unit.SHARE,
        "WAPE: sum |actual - forecast| / sum actual over replayed periods that are over",
        "By how much of the revenue past forecasts of the same kind missed.",
        _PIPELINE,
    ),
    Metric(
        "forecast_bias",
        "Forecast bias",
        Unit.MONEY,
        "mean of forecast - actual over replayed periods that are over",
        "Above zero, past forecasts promised too much.",
        _PIPELINE,
    ),
    Metric(
        "mase",
        "Scaled error",
        Unit.TIMES,
        "mean |actual - forecast| / mean |value - value one season before| of the history",
        "Below one, the forecast misses by less than repeating last season did.",
        ("deals",),
    ),
    Metric(
        "forecast_skill",
        "Skill",
        Unit.SHARE,
        "1 - sum |error| / sum |error of repeating last season|, on the same periods",
        "How much smaller the error is than that of repeating last season; shown with its "
        "uncertainty.",
        _PIPELINE,
    ),
    Metric(
        "interval_coverage",
        "Interval held",
        Unit.SHARE,
        "replayed periods inside the interval that would have been shown / replayed periods",
        "How often an interval kept its promise; an 80 % interval should hold 80 %.",
        _PIPELINE,
    ),
)
