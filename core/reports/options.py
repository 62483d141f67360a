"""What a report is asked: for whom, about which parts, on which paper."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.errors import InvalidParameterError
from core.reports.paper import Paper


class Part(StrEnum):
    """The parts a report can have, in the order they are read."""

    SUMMARY = "summary"
    ATTRIBUTION = "attribution"
    CHANNELS = "channels"
    JOURNEYS = "journeys"
    PIPELINE = "pipeline"
    FORECAST = "forecast"
    DEALS = "deals"
    RISKS = "risks"
    DATA = "data"
    APPENDIX = "appendix"

    @property
    def label(self) -> str:
        """Name on screen and among the bookmarks."""
        return _TITLES[self]


class Audience(StrEnum):
    """Who reads the report; decides which parts it has until somebody chooses others."""

    BOARD = "board"
    MARKETING = "marketing"
    SALES = "sales"

    @property
    def label(self) -> str:
        """Who it is for, in words."""
        return f"for {'the ' if self is Audience.BOARD else ''}{self.value}"

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts such readers get."""
        return _PARTS[self]


_TITLES: Final = {
    Part.SUMMARY: "Summary",
    Part.ATTRIBUTION: "Attribution",
    Part.CHANNELS: "Channel performance",
    Part.JOURNEYS: "Journeys",
    Part.PIPELINE: "Pipeline",
    Part.FORECAST: "Forecast and its record",
    Part.DEALS: "Deals that decide the period",
    Part.RISKS: "Deals at risk",
    Part.DATA: "Data quality",
    Part.APPENDIX: "Definitions and how to reproduce",
}

_PARTS: Final = {
    Audience.BOARD: tuple(Part),
    Audience.MARKETING: (
        Part.SUMMARY, Part.ATTRIBUTION, Part.CHANNELS, Part.JOURNEYS, Part.DATA, Part.APPENDIX,
    ),
    Audience.SALES: (
        Part.SUMMARY, Part.PIPELINE, Part.FORECAST, Part.DEALS, Part.RISKS, Part.DATA,
        Part.APPENDIX,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class ReportOptions:
    """How a report is made.

    Parameters
    ----------
    audience
        Who reads it.
    parts
        Which parts it has; empty means those of the audience.
    paper
        Format of the pages.

    Raises
    ------
    InvalidParameterError
        If a part is asked for twice.
    """

    audience: Audience = Audience.BOARD
    parts: tuple[Part, ...] = ()
    paper: Paper = Paper.A4

    def __post_init__(self) -> None:
        if len(set(self.parts)) < len(self.parts):
            raise InvalidParameterError("A part is asked for twice.", "Name each part once.")

    @property
    def shown(self) -> tuple[Part, ...]:
        """The parts in the order they are read."""
        asked = self.parts or self.audience.parts
        return tuple(part for part in Part if part in asked)
