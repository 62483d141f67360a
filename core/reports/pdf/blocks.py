"""Blocks of a report as pieces of a page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, Spacer, TableStyle
from reportlab.platypus import Table as Grid

from core.reports.content import Block, Chart, Figures, Line, Table, Tone
from core.reports.paper import GUTTER, LINE, Sheet
from core.reports.pdf import styles
from core.reports.pdf.tables import fitting, grid
from core.reports.pdf.typesetting import markup
from core.reports.stamping import Place
from core.reports.vectors import Drawing, drawings

CARDS_A_ROW: Final = 5
CARD_PADDING: Final = 6.0
MOST_LETTERS: Final = 2_000

ROOM_FOR_A_TABLE: Final = 90.0
"""A table starts on a new page when less than this is left: its title, headings and some rows."""

ROWS_KEPT_TOGETHER: Final = 9
"""A table of no more rows stands on one page."""

_STYLES: Final = {Tone.TEXT: styles.TEXT, Tone.NOTE: styles.NOTE, Tone.CODE: styles.CODE}


@dataclass
class Press:
    """What one document is printed with: its sheet, its currency, the room for its charts.

    Charts are drawn all at once when every block has its pieces, before the pages are laid out.
    """

    sheet: Sheet
    currency: str
    _slots: list["_Slot"] = field(default_factory=list)

    def draw_charts(self) -> None:
        """Draw the charts of every block so far, so that the room they take is known.

        Raises
        ------
        ReportError
            If one cannot be drawn.
        """
        drawn = drawings([(slot.chart, slot.width) for slot in self._slots])
        for slot, drawing in zip(self._slots, drawn, strict=True):
            slot.receive(drawing)

    def stamps(self) -> list[tuple[Drawing, Place]]:
        """Return each chart with the place the layout gave it."""
        return [stamp for slot in self._slots for stamp in slot.stamps]

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
            for part in fitting(block):
                yield from self._table(part)
        else:
            yield self._chart(block)

    def _cards(self, figures: Figures) -> Iterator[Flowable]:
        for first in range(0, len(figures.cards), CARDS_A_ROW):
            cards = figures.cards[first : first + CARDS_A_ROW]
            width = self.sheet.inner_width / len(cards)
            value = styles.card_value([card.value for card in cards], width - 2 * CARD_PADDING)
            rows = [
                [Paragraph(markup(card.title), styles.CARD_TITLE) for card in cards],
                [Paragraph(markup(card.value, strong=True), value) for card in cards],
                [Paragraph(markup(card.moved), styles.CARD_MOVED) for card in cards],
            ]
            boxes = [
                ("BOX", (column, 0), (column, 2), 0.6, HexColor(LINE))
                for column in range(len(cards))
            ]
            yield Grid(rows, [width] * len(cards), style=TableStyle(boxes))
            yield Spacer(0, 8)

    def _table(self, table: Table) -> Iterator[Flowable]:
        heading = Paragraph(markup(table.title, strong=True), styles.FIGURE)
        # The note stands above, so that no page starts with one whose table is on another.
        note = [line(Line(table.note, Tone.NOTE))] if table.note else []
        rows = (
            grid(table, self.sheet, self.currency) if table.rows else line(Line("None.", Tone.NOTE))
        )
        if len(table.rows) <= ROWS_KEPT_TOGETHER:
            yield KeepTogether([heading, *note, rows])
        else:
            yield CondPageBreak(ROOM_FOR_A_TABLE)
            yield from (heading, *note, rows)
        yield Spacer(0, 8)

    def _chart(self, chart: Chart) -> Flowable:
        return KeepTogether(self._chart_parts(chart, self.sheet.inner_width))

    def _chart_parts(self, chart: Chart, width: float) -> list[Flowable]:
        return [
            Paragraph(markup(chart.title, strong=True), styles.FIGURE),
            self._slot(chart, width),
            Paragraph(markup(chart.words), styles.CAPTION),
        ]

    def _slot(self, chart: Chart, width: float) -> "_Slot":
        slot = _Slot(chart, width)
        self._slots.append(slot)
        return slot

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
    words = markup(said.words, most=MOST_LETTERS)
    if said.tone is Tone.FINDING:
        return Paragraph(words, styles.FINDING, bulletText="\u2022")
    return Paragraph(words, _STYLES[said.tone])


class _Slot(Flowable):  # type: ignore[misc]
    """Room for a chart; remembers where the layout put it."""

    def __init__(self, chart: Chart, width: float) -> None:
        super().__init__()
        self.chart, self.width, self.stamps = chart, width, list[tuple[Drawing, Place]]()

    def receive(self, drawing: Drawing) -> None:
        """Take the chart as it was drawn, and with it a height."""
        self._drawing = drawing
        self._scale = min(1.0, self.width / drawing.width)
        self.height = drawing.height * self._scale

    def wrap(self, *_: float) -> tuple[float, float]:
        """Return the room it takes."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw nothing but remember where."""
        left, bottom = self.canv.absolutePosition(0, 0)
        page = self.canv.getPageNumber() - 1
        self.stamps.append((self._drawing, Place(page, left, bottom, self._scale)))
