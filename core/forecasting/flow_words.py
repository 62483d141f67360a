"""The bridge of the pipeline in words, the same on the page and in print."""

from typing import Final

from core import formats
from core.forecasting.flow import PipelineFlow

LEVEL_WITHIN: Final = 0.02
"""A change of the pipeline by no more than this share is called level."""


def course(flow: PipelineFlow) -> str:
    """Say whether the pipeline grew, as a clause without its full stop."""
    if flow.growth is None:
        return "The pipeline was empty before" if flow.deals.height else "The pipeline is empty"
    moved = formats.percent(abs(flow.growth), 0)
    if abs(flow.growth) <= LEVEL_WITHIN:
        return "The pipeline is level"
    return f"The pipeline {'grew' if flow.growth > 0 else 'shrank'} by {moved}"
