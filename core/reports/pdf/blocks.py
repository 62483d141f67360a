"""Blocks of a report as pieces of a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from core.reports import lettering
from core.reports.content import Block, Chart, Figures, Line, Table, Tone
from core.reports.paper import GUTTER, LINE, Sheet
from core.reports.pdf import styles
from core.reports.pdf.tables import grid
from core.reports.stamping import Place
from core.reports.vectors import Drawing, drawing

CARDS_A_ROW: Final = 5
MOST_LETTERS: Final = 2_000

ROOM_FOR_A_TABLE: Final = 90.0
"""A table starts on a new page when less than this is left: its title, headings and some rows."""

_STYLES: Final = {Tone.TEXT: styles.TEXT, Tone.NOTE: styles.NOTE, Tone.CODE: styles.CODE}


@dataclass(frozen=True)
class Stamp:
    """A drawing and where the layout put it."""

    drawn: Drawing
    place: Place


@dataclass
class Press:
    """What one document is printed with: its sheet, its currency, the charts placed so far."""

    sheet: Sheet
    currency: str
    stamps: list[Stamp] = field(default_factory=list)

    def blocks(self, blocks: Sequence[Block]) -> Iterator[Flowable]:
        """Yield the pieces of blocks; two narrow charts in a row stand side by side."""
        waiting: Chart | None = None
        for block in blocks:
            if waiting is not None and isinstance(block, Chart) and not block.wide:
                yield self._pair(waiting, block)
                waiting = None
                continue
            if waiting is not None:
                yield self._chart(waiting)
                waiting = None
            if isinstance(block, Chart) and not block.wide:
                waiting = block
            else:
                yield from self._pieces(block)
        if waiting is not None:
            yield self._chart(waiting)

    def _pieces(self, block: Block) -> Iterator[Flowable]:
        if isinstance(block, Line):
            yield line(block)
        elif isinstance(block, Figures):
            yield from self._cards(block)
        elif isinstance(block, Table):
            yield from self._table(block)
        else:
            yield self._chart(block)

    def _cards(self, figures: Figures) -> Iterator[Flowable]:
        for first in range(0, len(figures.cards), CARDS_A_ROW):
            cards = figures.cards[first : first + CARDS_A_ROW]
            rows = [
                [Paragraph(lettering.markup(card.title), styles.CARD_TITLE) for card in cards],
                [
                    Paragraph(lettering.markup(card.value, strong=True), styles.CARD_VALUE)
                    for card in cards
                ],
                [Paragraph(lettering.markup(card.moved), styles.CARD_MOVED) for card in cards],
            ]
            boxes = [
                ("BOX", (column, 0), (column, 2), 0.6, HexColor(LINE))
                for column in range(len(cards))
            ]
            width = self.sheet.inner_width / len(cards)
            yield Grid(rows, [width] * len(cards), style=TableStyle(boxes))
            yield Spacer(0, 8)

    def _table(self, table: Table) -> Iterator[Flowable]:
        heading = Paragraph(lettering.markup(table.title, strong=True), styles.FIGURE)
        yield CondPageBreak(ROOM_FOR_A_TABLE)
        yield heading
        if table.rows:
            yield grid(table, self.sheet, self.currency)
        else:
            yield line(Line("None.", Tone.NOTE))
        if table.note:
            yield Spacer(0, 3)
            yield line(Line(table.note, Tone.NOTE))
        yield Spacer(0, 8)

    def _chart(self, chart: Chart) -> Flowable:
        return KeepTogether(self._chart_parts(chart, self.sheet.inner_width))

    def _chart_parts(self, chart: Chart, width: float) -> list[Flowable]:
        return [
            Paragraph(lettering.markup(chart.title, strong=True), styles.FIGURE),
            _Slot(drawing(chart, width), width, self.stamps),
            Paragraph(lettering.markup(chart.words), styles.CAPTION),
        ]

    def _pair(self, left: Chart, right: Chart) -> Flowable:
        width = self.sheet.half_width
        cells = [[self._chart_parts(left, width), "", self._chart_parts(right, width)]]
        style = TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ]
        )
        return Grid(cells, [width, GUTTER, width], style=style)


def line(said: Line) -> Flowable:
    """Return a sentence as a piece of a page; a finding gets a mark before it."""
    words = lettering.markup(said.words, most=MOST_LETTERS)
    if said.tone is Tone.FINDING:
        return Paragraph(words, styles.FINDING, bulletText="\u2022")
    return Paragraph(words, _STYLES[said.tone])


class _Slot(Flowable):  # type: ignore[misc]
    """Room for a chart; remembers where the layout put it."""

    def __init__(self, drawn: Drawing, width: float, stamps: list[Stamp]) -> None:
        super().__init__()
        self._drawn, self._stamps = drawn, stamps
        self._scale = min(1.0, width / drawn.width)
        self.width, self.height = width, drawn.height * self._scale

    def wrap(self, *_: float) -> tuple[float, float]:
        """Return the room it takes."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw nothing but remember where."""
        left, bottom = self.canv.absolutePosition(0, 0)
        page = self.canv.getPageNumber() - 1
        self._stamps.append(Stamp(self._drawn, Place(page, left, bottom, self._scale)))
