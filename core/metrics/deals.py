"""Figures of open deals: chances, what they rest on, and what they were worth."""

from typing import Final

from core.metrics.base import Metric, Unit

_SNAPSHOTS: Final = ("deals", "stage_changes", "touchpoints", "contacts", "owners", "accounts")

METRICS: Final = (
    Metric(
        "win_chance",
        "Win chance",
        Unit.SHARE,
        "1 / (1 + exp(-(start + sum of the contributions of what was known of the deal)))",
        "How likely an open deal is to be won in the end; the base rate for every deal where "
        "nothing tells won from lost.",
        _SNAPSHOTS,
    ),
    Metric(
        "chance_moved",
        "Change since the last import",
        Unit.SHARE,
        "win chance now - win chance by the same model on the data as the import before the last "
        "one left them",
        "How the win chance of an open deal moved between the last two imports: the deal changed, "
        "not the model.",
        _SNAPSHOTS,
    ),
    Metric(
        "p_win",
        "Won in the period",
        Unit.SHARE,
        "win chance x share of wins that come about by the end of the period, scaled so that "
        "amount x chance adds up to the pipeline forecast",
        "How likely an open deal is to be won by the end of the period.",
        _SNAPSHOTS,
    ),
    Metric(
        "p_lose",
        "Lost in the period",
        Unit.SHARE,
        "(1 - win chance) x share of losses that come about by the end of the period, scaled in "
        "the same way",
        "How likely an open deal is to be lost by the end of the period.",
        _SNAPSHOTS,
    ),
    Metric(
        "p_slip",
        "Still open after the period",
        Unit.SHARE,
        "1 - won in the period - lost in the period",
        "How likely an open deal is to be neither won nor lost by the end of the period.",
        _SNAPSHOTS,
    ),
    Metric(
        "expected_value",
        "Expected in the period",
        Unit.MONEY,
        "sum over open deals of the amount at the win x chance to be won in the period",
        "What the open deals bring on average by the end of the period: the pipeline's part of "
        "the forecast.",
        _SNAPSHOTS,
    ),
    Metric(
        "calibration_error",
        "Calibration error",
        Unit.SHARE,
        "mean over ten groups of equal size of |mean chance - share won|, on deals later than "
        "those learned from",
        "How far chances were from what came, on average; nought means that of deals at 30 % "
        "three in ten were won.",
        _SNAPSHOTS,
    ),
    Metric(
        "auc",
        "Won ranked above lost",
        Unit.SHARE,
        "share of pairs of a won and a lost deal in which the won one had the higher chance; ties "
        "count half",
        "How well chances sort deals; 50 % is chance, 100 % is perfect.",
        _SNAPSHOTS,
    ),
    Metric(
        "brier_skill",
        "Better than the base rate",
        Unit.SHARE,
        "1 - mean squared error of the chances / mean squared error of the base rate",
        "Part of the base rate's squared error that the chances remove.",
        _SNAPSHOTS,
    ),
    Metric(
        "slipping_value",
        "Due, but likely to slip",
        Unit.MONEY,
        "sum of amount over open deals whose expected close is in the period or over and whose "
        "chance to be still open after the period is at least a half",
        "Amount that somebody expects in the period and that will more likely come later.",
        _SNAPSHOTS,
    ),
    Metric(
        "value_at_risk",
        "Amount at high risk",
        Unit.MONEY,
        "sum of amount over open deals whose win chance lies below the limit of medium risk",
        "Amount of the open deals that are more likely to be lost than the risk limit allows.",
        _SNAPSHOTS,
    ),
    Metric(
        "open_at_risk",
        "Deals at high risk",
        Unit.DEALS,
        "number of open deals whose win chance lies below the limit of medium risk",
        "How many open deals are more likely to be lost than the risk limit allows.",
        _SNAPSHOTS,
    ),
)
