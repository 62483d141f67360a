"""Figures of journeys."""

from typing import Final

from core.metrics.base import Metric, Unit

_TABLES: Final = ("deals", "touchpoints", "contacts", "deal_contacts")

METRICS: Final = (
    Metric(
        "journey_touches",
        "Touches",
        Unit.TOUCHES,
        "median over closed deals of their eligible touches; a deal without one counts as 0",
        "How many recorded interactions a deal had before it closed.",
        _TABLES,
    ),
    Metric(
        "journey_steps",
        "Steps",
        Unit.TOUCHES,
        "median over closed deals of eligible touches whose channel differs from the one before",
        "How often a journey changed channel; repeats in a row are one step.",
        _TABLES,
    ),
    Metric(
        "journey_days",
        "Days",
        Unit.DAYS,
        "median over deals with a touch of close - first eligible touch",
        "How long it took from the first touch in the lookback to the close.",
        _TABLES,
    ),
    Metric(
        "path_win_rate",
        "Win rate",
        Unit.SHARE,
        "won / (won + lost) over the deals closed in the period whose journey takes the path",
        "Share of the closed deals on a path that were won; a path is followed, not chosen, so a "
        "high rate does not prove an effect.",
        _TABLES,
    ),
    Metric(
        "met_share",
        "Met by",
        Unit.SHARE,
        "deals with an eligible touch of the channel / all deals with that outcome",
        "Part of the won, or of the lost, deals that a channel touched at least once.",
        _TABLES,
    ),
)
