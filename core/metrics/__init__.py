"""The metrics catalogue: one name, formula, unit and meaning for each figure the product shows.

Tooltips, docs, the command line and the PDF's appendix all read it, so a figure means the same
everywhere. A module of this package lists the figures of one part of the product.
"""

from typing import Final

from core.errors import UnknownNameError
from core.metrics import attribution, deals, forecast, journeys, pipeline, quality, revenue
from core.metrics.base import Metric, Unit

__all__ = ["METRICS", "Metric", "Unit", "metric"]

METRICS: Final[dict[str, Metric]] = {
    entry.name: entry
    for part in (revenue, attribution, journeys, forecast, deals, quality, pipeline)
    for entry in part.METRICS
}


def metric(name: str) -> Metric:
    """Return a metric of the catalogue by name.

    Raises
    ------
    UnknownNameError
        If the catalogue has no such metric.
    """
    if name not in METRICS:
        raise UnknownNameError.among("metric", name, METRICS)
    return METRICS[name]
