"""What a report is made of, before anybody draws it: sections of findings, figures, tables, charts.

Values travel as they are, minor units and shares, so that a spreadsheet holds numbers and a page
holds words; each exporter writes them by the same `core.formats`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

import altair as alt

from core import formats
from core.metrics import Unit

AltairChart = alt.Chart | alt.LayerChart | alt.FacetChart
Value = str | int | float | bool | date | datetime | None
"""A cell: text, minor units, a share of one, a number, a day; None is not known."""


class Tone(StrEnum):
    """How a line of text is meant."""

    FINDING = "finding"
    TEXT = "text"
    NOTE = "note"
    CODE = "code"


@dataclass(frozen=True)
class Line:
    """A sentence or paragraph; CRM text in it is only ever text."""

    words: str
    tone: Tone = Tone.TEXT


@dataclass(frozen=True)
class FigureCard:
    """One figure: its name, how it reads, how it moved and against what."""

    title: str
    value: str
    moved: str = ""


@dataclass(frozen=True)
class Figures:
    """Figures that stand beside each other."""

    cards: tuple[FigureCard, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    name
        Name in files, as in the frames it comes from.
    title
        Heading.
    unit
        What its numbers are counted in; None for text and days.
    width
        Its part of the table's width, relative to the others.
    exact
        Whether money is written to the last minor unit.
    letters
        Longest text on paper; a longer one is cut there, and whole in files.
    """

    name: str
    title: str
    unit: Unit | None = None
    width: float = 1.0
    exact: bool = False
    letters: int = 120

    def written(self, value: Value, currency: str) -> str:
        """Return a value the way a reader sees it.

        >>> Column("roi", "ROI", Unit.SHARE).written(0.5, "EUR")
        '50.0%'
        """
        if value is None:
            return formats.NOT_KNOWN
        if isinstance(value, date):
            return formats.day(value)
        if isinstance(value, str) or self.unit is None:
            return str(value)
        if self.exact and self.unit is Unit.MONEY:
            return formats.money(round(value), currency)
        return formats.figure(value, self.unit, currency)


@dataclass(frozen=True)
class Table:
    """Rows of values under headings.

    Parameters
    ----------
    name
        Name of its file and sheet.
    title
        What it shows, with unit, period and model.
    columns
        Its columns.
    rows
        A tuple of values a row, in the columns' order.
    note
        A line below it.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart of the pages, drawn for print.

    Parameters
    ----------
    name
        Name of its file.
    title
        What it shows, with unit, period and model.
    drawn
        The chart.
    words
        What it says, in one sentence, for readers who cannot see it.
    wide
        Whether it takes the whole width; two that do not stand side by side.
    label_room
        Room at its right for labels that stand outside the axes, in pixels.
    height
        Height of the axes in pixels, where it is not the chart's own.
    """

    name: str
    title: str
    drawn: AltairChart
    words: str
    wide: bool = True
    label_room: int = 8
    height: int | None = None


Block = Line | Figures | Table | Chart


@dataclass(frozen=True)
class Section:
    """A part of a report.

    Parameters
    ----------
    key
        Its name in options.
    subject
        What it is about, for the list of contents and bookmarks.
    heading
        What it found, in a sentence.
    blocks
        What proves it.
    """

    key: str
    subject: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """A report that is ready to be drawn.

    Parameters
    ----------
    title
        Name of the document.
    subtitle
        Period, currency and audience in a line.
    sections
        In the order they are read.
    currency
        Reporting currency.
    as_of
        The day the data reach.
    fingerprint
        The data it was made of.
    source
        Where the data come from, for the footer.
    """

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    currency: str
    as_of: date
    fingerprint: str
    source: str
    findings: tuple[str, ...] = field(default=())

    def tables(self) -> Iterator[Table]:
        """Yield every table, in the order it is read."""
        yield from (block for block in self._blocks() if isinstance(block, Table))

    def charts(self) -> Iterator[Chart]:
        """Yield every chart, in the order it is read."""
        yield from (block for block in self._blocks() if isinstance(block, Chart))

    def _blocks(self) -> Iterator[Block]:
        for section in self.sections:
            yield from section.blocks


def rows_of(
    records: Sequence[dict[str, Value]], columns: Sequence[Column]
) -> tuple[tuple[Value, ...], ...]:
    """Return the values of records in the order of the columns."""
    return tuple(tuple(record[column.name] for column in columns) for record in records)
