"""The cells of a worksheet as delimited text, so that they are read like any other file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from core.crm.excel_values import NumberFormat, number_text
from core.crm.layout import MAX_COLUMNS
from core.crm.receipts import SHEET_DELIMITER
from core.crm.workbook import Attributes, SheetEntry, Workbook, local, unescaped
from core.errors import ImportRefusedError

HEAD_ROWS: Final = 30
"""Rows in which the header may stand: merged cells are filled in there, and nowhere else."""

_LETTERS: Final = re.compile("[A-Z]+")
_MAX_LETTERS: Final = 3
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})(\d+)(?::([A-Z]{1,3})(\d+))?")
_PLAIN: Final = NumberFormat()

Row = dict[int, str]
Box = tuple[int, int, int, int]
"""First and last column, first and last row, all from 1."""


@dataclass(frozen=True)
class SheetText:
    """A worksheet as text, with what a person should know about it; see `Origin`."""

    data: bytes
    notices: tuple[str, ...]
    shifts: tuple[tuple[int, int], ...]


def sheet_text(book: Workbook, sheet: SheetEntry, max_bytes: int) -> SheetText:
    """Return the cells of a sheet, one row a record and one physical line for each row.

    Rows without cells are blank lines. A formula gives the value that was stored with it. A cell
    merged over several rows of the head of the sheet stands in each of them.

    Raises
    ------
    ImportRefusedError
        ``too_many_columns``, ``too_large`` or ``damaged_archive``.
    """
    reader = _CellReader(book)
    parser = book.parser(reader.start, reader.end, reader.data)
    written = _Writer(book.name, max_bytes)
    for chunk in book.chunks(sheet.part):
        book.feed(parser, chunk)
        written.add(reader.taken())
    book.feed(parser, b"", is_final=True)
    written.add(reader.taken())
    written.fill(reader.merged)
    return SheetText(written.data(), tuple(_notices(reader)), tuple(written.shifts))


def _notices(reader: "_CellReader") -> Iterator[str]:
    if reader.unknown_formulas:
        yield (
            f"Formulas without a stored value, read as blank: {reader.unknown_formulas:,}. Open "
            "the workbook in a spreadsheet and save it."
        )
    below = [box for box in reader.merged if box[3] > HEAD_ROWS]
    if below:
        yield f"Merged cells, whose value stands in their first row only: {len(below):,}."


@dataclass
class _CellReader:
    """Takes the events of a sheet and hands out its rows."""

    book: Workbook
    merged: list[Box] = field(default_factory=list)
    unknown_formulas: int = 0

    def __post_init__(self) -> None:
        self._rows: list[tuple[int, Row]] = []
        self._row = 0
        self._cells: Row = {}
        self._column = 0
        self._kind = ""
        self._format = _PLAIN
        self._text = ""
        self._parts: list[str] | None = None
        self._has_formula = False
        self._is_phonetic = False
        self._columns: dict[str, int] = {}
        self._tags: dict[str, str] = {}

    def taken(self) -> list[tuple[int, Row]]:
        """Return the rows that are complete, each once."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: Attributes) -> None:
        tag = self._tags.get(name)
        if tag is None:
            tag = self._tags[name] = local(name)
        if tag == "c":
            self._start_cell(attributes)
        elif tag == "v" or (tag == "t" and not self._is_phonetic):
            self._parts = []
        elif tag == "f":
            self._has_formula = True
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "rPh":
            self._is_phonetic = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        tag = self._tags[name]
        if tag in {"v", "t"}:
            if self._parts is not None:
                self._text += "".join(self._parts)
                self._parts = None
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            self._rows.append((self._row, self._cells))
        elif tag == "rPh":
            self._is_phonetic = False

    def data(self, text: str) -> None:
        if self._parts is not None:
            self._parts.append(text)

    def _start_row(self, attributes: Attributes) -> None:
        number = _whole(attributes.get("r")) or self._row + 1
        if number <= self._row:
            raise self.book.damaged("its rows are not in order")
        self._row, self._column, self._cells = number, 0, {}

    def _start_cell(self, attributes: Attributes) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        self._column = self._column_number(letters) if letters else self._column + 1
        self._kind = attributes.get("t", "n")
        style = _whole(attributes.get("s"))
        formats = self.book.formats
        self._format = formats[style] if style is not None and style < len(formats) else _PLAIN
        self._text, self._has_formula = "", False

    def _column_number(self, letters: str) -> int:
        number = self._columns.get(letters)
        if number is None:
            if not _LETTERS.fullmatch(letters) or len(letters) > _MAX_LETTERS:
                raise self.book.damaged("a cell has no place")
            number = self._columns[letters] = _column(letters)
            if number > MAX_COLUMNS:
                raise ImportRefusedError(
                    self.book.name,
                    "too_many_columns",
                    f"A sheet has a cell in column {letters}; {MAX_COLUMNS:,} columns is the "
                    "limit.",
                    "Delete what stands far to the right, or export only the columns you need.",
                )
        return number

    def _end_cell(self) -> None:
        if not self._text:
            self.unknown_formulas += self._has_formula and self._kind != "str"
            return
        text = self._value()
        if text:
            self._cells[self._column] = text.replace(SHEET_DELIMITER, "")

    def _value(self) -> str:
        text, kind = self._text, self._kind
        if kind == "n":
            first_day = self.book.counts_from_1904
            return number_text(text, self._format, counts_from_1904=first_day)
        if kind == "s":
            number = _whole(text)
            if number is None or number >= len(self.book.texts):
                raise self.book.damaged("a cell refers to a text that is not there")
            return self.book.texts[number]
        if kind == "b":
            return "true" if text == "1" else "false"
        if kind == "d":
            return text.removesuffix("T00:00:00")
        return unescaped(text)

    def _merge(self, reference: str) -> None:
        match = _REFERENCE.fullmatch(reference)
        if match and match[3]:
            box = (_column(match[1]), _column(match[3]), int(match[2]), int(match[4]))
            if box[3] > box[2]:
                self.merged.append(box)


@dataclass(frozen=True)
class _Line:
    """One row, written out: its number, its width, its line breaks within cells, its text."""

    number: int
    width: int
    breaks: int
    text: str


@dataclass
class _Writer:
    """Writes rows as physical lines; the first ones are kept until merged cells are known."""

    name: str
    max_bytes: int
    shifts: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._head: dict[int, Row] = {}
        self._body: list[_Line] = []
        self._size = 0

    def add(self, rows: list[tuple[int, Row]]) -> None:
        """Take rows in their order; those without cells count for nothing."""
        for number, cells in rows:
            if not cells:
                continue
            self._size += sum(map(len, cells.values())) + len(cells)
            if number <= HEAD_ROWS:
                self._head[number] = cells
            else:
                self._body.append(_line(number, cells))
        if self._size > self.max_bytes:
            raise ImportRefusedError(
                self.name,
                "too_large",
                f"A sheet has more than {self.max_bytes / 1e6:,.0f} MB of text, which is the "
                "limit.",
                "Export a shorter period, or raise PLUMBLINE_MAX_UPLOAD_MB on your own machine.",
            )

    def fill(self, merged: list[Box]) -> None:
        """Write the value of cells merged over rows of the head into each of their rows."""
        for column, _, first, last in merged:
            text = self._head.get(first, {}).get(column)
            if text is None:
                continue
            for number in range(first + 1, min(last, HEAD_ROWS) + 1):
                if number in self._head:
                    self._head[number].setdefault(column, text)

    def data(self) -> bytes:
        """Return the lines, every row as wide as the widest."""
        lines = [*(_line(number, cells) for number, cells in self._head.items()), *self._body]
        width = max((line.width for line in lines), default=0)
        pieces: list[str] = []
        written = extra = 0
        for line in lines:
            pieces.append("\n" * (line.number + extra - written - 1))
            pieces.append(line.text + SHEET_DELIMITER * (width - line.width) + "\n")
            written = line.number + extra + line.breaks
            if line.breaks:
                extra += line.breaks
                self.shifts.append((written + 1, extra))
        return "".join(pieces).encode("utf-8", "replace")


def _line(number: int, cells: Row) -> _Line:
    width = max(cells)
    texts = [""] * width
    for column, text in cells.items():
        texts[column - 1] = text
    text = SHEET_DELIMITER.join(texts)
    if '"' in text or "\n" in text:
        text = SHEET_DELIMITER.join(map(_quoted, texts))
    return _Line(number, width, text.count("\n"), text)


def _quoted(text: str) -> str:
    """Return a text in quotes where it needs them."""
    if '"' in text or "\n" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _column(letters: str) -> int:
    """Return the number of a column, from 1.

    >>> _column("A"), _column("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
