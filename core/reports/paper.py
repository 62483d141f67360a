"""The sheet a report is printed on, and the colours and sizes of what stands on it.

Lengths are in points; 72 are an inch.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

INK: Final = "#0F1B3D"
SOFT: Final = "#56627D"
LINE: Final = "#DFE5F0"
SURFACE: Final = "#F5F7FB"
ACCENT: Final = "#2645C0"

MARGIN: Final = 48.0
GUTTER: Final = 14.0


class Paper(StrEnum):
    """Formats of paper."""

    A4 = "a4"
    LETTER = "letter"

    @property
    def sheet(self) -> "Sheet":
        """Its measures."""
        return _SHEETS[self]


@dataclass(frozen=True)
class Sheet:
    """Width and height of a page in points."""

    width: float
    height: float

    @property
    def inner_width(self) -> float:
        """Width between the margins."""
        return self.width - 2 * MARGIN

    @property
    def half_width(self) -> float:
        """Width of one of two things side by side."""
        return (self.inner_width - GUTTER) / 2


_SHEETS: Final = {Paper.A4: Sheet(595.28, 841.89), Paper.LETTER: Sheet(612.0, 792.0)}
