"""Sizes and colours of what is written in a printed report."""

from collections.abc import Sequence
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth

from core.reports import lettering
from core.reports.paper import ACCENT, INK, SOFT

CELL_SIZE: Final = 7.5
CELL_LEADING: Final = 9.5


def _style(name: str, size: float, leading: float, **more: object) -> ParagraphStyle:
    settings: dict[str, object] = {
        "fontName": lettering.REGULAR,
        "fontSize": size,
        "leading": leading,
        "textColor": HexColor(INK),
        "splitLongWords": 1,
        **more,
    }
    return ParagraphStyle(name, **settings)


_SOFT: Final = HexColor(SOFT)

TITLE: Final = _style("title", 24, 30, spaceAfter=2)
SUBTITLE: Final = _style("subtitle", 10, 14, spaceAfter=12, textColor=_SOFT)
HEADING: Final = _style("heading", 15, 19, spaceBefore=6, spaceAfter=8)
FIGURE: Final = _style("figure", 9.5, 13, spaceBefore=4, spaceAfter=3)
CAPTION: Final = _style("caption", 7.5, 10, spaceAfter=8, textColor=_SOFT)
TEXT: Final = _style("text", 9, 13, spaceAfter=5)
NOTE: Final = _style("note", 8, 11, spaceAfter=4, textColor=_SOFT)
CODE: Final = _style("code", 8, 11, spaceAfter=2, leftIndent=10)
FINDING: Final = _style(
    "finding", 10, 14, spaceAfter=4, leftIndent=12, bulletFontName=lettering.REGULAR,
    bulletColor=HexColor(ACCENT),
)  # fmt: skip
CARD_TITLE: Final = _style("card", 8, 10, textColor=_SOFT)
CARD_MOVED: Final = _style("moved", 7.5, 10, textColor=_SOFT)
CELL: Final = _style("cell", CELL_SIZE, CELL_LEADING)
HEAD: Final = _style("head", CELL_SIZE, CELL_LEADING, textColor=_SOFT)
HEAD_RIGHT: Final = _style("right", CELL_SIZE, CELL_LEADING, textColor=_SOFT, alignment=TA_RIGHT)

CARD_SIZES: Final = (14, 12, 10.5, 9)
"""Sizes of the figure on a card, the first that fits on one line."""


def card_value(values: Sequence[str], width: float) -> ParagraphStyle:
    """Return the style in which the longest of some values fits on one line, if one does."""
    widths = (
        max(stringWidth(value, lettering.STRONG, size) for value in values) for size in CARD_SIZES
    )
    fitting = (size for size, wide in zip(CARD_SIZES, widths, strict=True) if wide <= width)
    return _style("value", next(fitting, CARD_SIZES[-1]), CARD_SIZES[0] + 4)
