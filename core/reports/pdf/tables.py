"""Tables on paper: headings repeated on each page, text that never acts as markup."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import ceil
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus import Flowable, PageBreak, Paragraph, TableStyle
from reportlab.platypus import Table as Grid

from core.reports import lettering
from core.reports.content import Column, Table, Value
from core.reports.paper import INK, LINE, SURFACE, Sheet
from core.reports.pdf import styles
from core.reports.pdf.typesetting import markup

CELL_PADDING: Final = 4.0

FEWEST_ROWS: Final = 3
"""Rows that stand on a page of their own at least."""

WIDEST: Final = 12.0
"""Widths of columns that fit beside each other; a wider table is drawn in parts."""

ROUNDING: Final = 0.01


def fitting(table: Table) -> list[Table]:
    """Return a table in parts no wider than a page, each of which begins with the first column."""
    first, *others = table.columns
    room = WIDEST - first.width
    parts = ceil(sum(column.width for column in others) / room)
    if parts <= 1:
        return [table]
    at_once = ceil(len(others) / parts)
    places = [range(at, min(at + at_once, len(others))) for at in range(0, len(others), at_once)]
    return [
        replace(
            table,
            title=f"{table.title} ({number} of {len(places)})",
            columns=(first, *(others[place] for place in part)),
            rows=tuple((row[0], *(row[place + 1] for place in part)) for row in table.rows),
            note=table.note if number == 1 else "",
        )
        for number, part in enumerate(places, start=1)
    ]


def grid(table: Table, sheet: Sheet, currency: str) -> Grid:
    """Return the rows of a table under headings that are repeated where it breaks."""
    total = sum(column.width for column in table.columns)
    widths = [sheet.inner_width * column.width / total for column in table.columns]
    body = [
        [
            _cell(column, value, width, currency)
            for column, value, width in zip(table.columns, row, widths, strict=True)
        ]
        for row in table.rows
    ]
    head = [_header(column) for column in table.columns]
    style = TableStyle(list(_rules(table.columns)))
    return _Rows([head, *body], widths, repeatRows=1, style=style, hAlign="LEFT")


class _Rows(Grid):  # type: ignore[misc]
    """A table that never leaves a row or two alone on the next page."""

    def split(self, width: float, height: float) -> list[Flowable]:
        """Return the part that fits and the rest, of which there are a few rows at least."""
        parts: list[Flowable] = super().split(width, height)
        if len(parts) != 2:  # noqa: PLR2004 - it all fits, or nothing does
            return parts
        missing = FEWEST_ROWS - (parts[1]._nrows - 1)
        first = parts[0]._rowHeights
        if missing <= 0 or len(first) - 1 < missing + FEWEST_ROWS:
            return parts
        upper, lower = super().split(width, sum(first[:-missing]) + ROUNDING)
        return [upper, PageBreak(), lower]


def _rules(columns: Iterable[Column]) -> Iterator[tuple[Any, ...]]:
    everything = ((0, 0), (-1, -1))
    yield "FONT", *everything, lettering.REGULAR, styles.CELL_SIZE
    yield "TEXTCOLOR", *everything, HexColor(INK)
    yield "BACKGROUND", (0, 0), (-1, 0), HexColor(SURFACE)
    yield "LINEBELOW", *everything, 0.4, HexColor(LINE)
    yield "VALIGN", *everything, "TOP"
    for edge in ("LEFTPADDING", "RIGHTPADDING"):
        yield edge, *everything, CELL_PADDING
    for edge in ("TOPPADDING", "BOTTOMPADDING"):
        yield edge, *everything, 2.5
    for number, column in enumerate(columns):
        if column.unit is not None:
            yield "ALIGN", (number, 0), (number, -1), "RIGHT"


def _header(column: Column) -> Paragraph:
    style = styles.HEAD if column.unit is None else styles.HEAD_RIGHT
    return Paragraph(markup(column.title, strong=True), style)


def _cell(column: Column, value: Value, width: float, currency: str) -> str | Paragraph:
    """Return a cell: a plain string, which is never markup, unless it needs lines or fonts."""
    text = lettering.plain(column.written(value, currency), column.letters)
    if column.unit is not None:
        return text
    fits = pdfmetrics.stringWidth(text, lettering.REGULAR, styles.CELL_SIZE) <= (
        width - 2 * CELL_PADDING
    )
    if fits and lettering.is_plain(text):
        return text
    return Paragraph(markup(text, most=column.letters), styles.CELL)
