"""Figures of the pipeline: what is open, how fast it flows, how likely it is won."""

from typing import Final

from core.metrics.base import Metric, Unit

_HISTORY: Final = ("deals", "stage_changes")

METRICS: Final = (
    Metric(
        "pipeline_flow",
        "Pipeline flow",
        Unit.MONEY,
        "start + created + pulled in + increased - decreased - pushed - lost - won = end",
        "What became of the open pipeline between the ends of two days; it always balances.",
        _HISTORY,
    ),
    Metric(
        "pipeline_category",
        "Commit, best case, pipeline",
        Unit.MONEY,
        "open deals by probability to be won by the end of the quarter: commit from 60 %, best "
        "case from 30 %, pipeline from 2 %, omitted below",
        "How sure the open deals are to be won in the quarter, by the company's own history and "
        "not by what anybody hopes.",
        _HISTORY,
    ),
    Metric(
        "pipeline_coverage",
        "Pipeline coverage",
        Unit.TIMES,
        "open pipeline due by the end of the quarter / (quota - booked)",
        "How many times the pipeline due in the quarter holds what is still to be won for quota.",
        (*_HISTORY, "quotas"),
    ),
    Metric(
        "coverage_needed",
        "Coverage needed",
        Unit.TIMES,
        "amount due in past quarters with as many days left / amount won in the rest of them",
        "Coverage that was enough in past quarters on the same day, instead of a rule of thumb.",
        _HISTORY,
    ),
    Metric(
        "pipeline_velocity",
        "Velocity a day",
        Unit.MONEY,
        "open deals x win rate x mean amount of a won deal / mean days to win",
        "Money that flows through the pipeline in a day: a rate, not a forecast.",
        _HISTORY,
    ),
    Metric(
        "win_rate_closed",
        "Win rate, closed basis",
        Unit.SHARE,
        "won / (won + lost) over deals closed in the period",
        "What CRMs show; too high while losses take longer to be admitted than wins.",
        ("deals",),
    ),
    Metric(
        "win_rate_created",
        "Win rate, created cohort",
        Unit.SHARE,
        "won by the end of the period / created over deals created in the period",
        "Low while the deals are young.",
        ("deals",),
    ),
    Metric(
        "win_rate_curve",
        "Win rate within so many days",
        Unit.SHARE,
        "Aalen-Johansen: sum over days of share still open x won that day / deals at risk",
        "Share of deals won within so many days of creation, open deals counted as open; the "
        "one to quote.",
        ("deals",),
    ),
    Metric(
        "push_count",
        "Pushes",
        Unit.DEALS,
        "number of times the expected close moved to a later month",
        "How often the close of an open deal was put off.",
        _HISTORY,
    ),
    Metric(
        "slippage",
        "Slippage",
        Unit.SHARE,
        "amount neither won nor lost in the last finished quarter / amount due in it at its start",
        "Share of what was due in a quarter that moved past its end.",
        _HISTORY,
    ),
)
