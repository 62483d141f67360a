"""Figures of the pipeline: what became of it, and how sure it is."""

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
)
