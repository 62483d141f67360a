"""Which figures of the catalogue each part of a report shows."""

from collections.abc import Mapping
from typing import Final

from core.reports.options import Part
from core.reports.sections.summary import SHOWN

SHOWN_BY: Final[Mapping[Part, tuple[str, ...]]] = {
    Part.SUMMARY: SHOWN,
    Part.ATTRIBUTION: ("attributed_revenue", "credit_share", "unattributed_share"),
    Part.CHANNELS: ("spend", "roi", "cac", "channel_win_rate"),
    Part.JOURNEYS: (
        "journey_touches", "journey_steps", "journey_days", "path_win_rate", "met_share",
    ),
    Part.PIPELINE: (
        "open_pipeline", "pipeline_flow", "pipeline_category", "pipeline_coverage",
        "coverage_needed", "pipeline_velocity", "win_rate", "created_win_rate", "win_rate_by_age",
        "slippage",
    ),
    Part.FORECAST: (
        "forecast", "booked", "expected_revenue", "new_business", "quota_chance",
        "forecast_error", "forecast_skill", "interval_coverage",
    ),
    Part.DEALS: ("expected_revenue", "forecast_chance"),
    Part.DATA: ("quality_score",),
}  # fmt: skip
"""Figures each part shows, for the definitions in the appendix."""
