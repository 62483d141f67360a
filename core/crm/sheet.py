"""All records of a file as columns of text, each with its row and its line."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from core.crm.gate import Text
from core.crm.layout import Layout
from core.crm.plain_blocks import plain_block
from core.crm.records import BLANK, UNDECODABLE, LineSource, Record, limit_fields, next_record

BLOCK_LINES: Final = 20_000
_SHOWN_CHARACTERS: Final = 200
_SPACE: Final = 0x20
_NOT_ASCII: Final = 0x80


@dataclass(frozen=True)
class Broken:
    """A record that is not RFC 4180, or does not fit the header."""

    row: int
    line: int
    reason: str
    value: str


@dataclass(frozen=True)
class Sheet:
    """All records of a file as text.

    Parameters
    ----------
    layout
        How the file is laid out.
    table
        Columns ``c0, c1, ...`` of text, ``row`` (data record, from 1), ``line`` (physical, from 1).
    broken
        Records that could not be read.
    padded
        Places of the columns that may hold texts with blanks around them.
    """

    layout: Layout
    table: pa.Table
    broken: tuple[Broken, ...]
    padded: frozenset[int]

    @property
    def rows_in(self) -> int:
        """Data records in the file, broken ones included."""
        return int(self.table.num_rows) + len(self.broken)

    def without_footers(self, beginnings: Sequence[str]) -> tuple["Sheet", int]:
        """Return the sheet without the lines a report ends with, and their number."""
        kept = [broken for broken in self.broken if not _is_footer(broken, beginnings)]
        return replace(self, broken=tuple(kept)), len(self.broken) - len(kept)


def _is_footer(broken: Broken, beginnings: Sequence[str]) -> bool:
    text = broken.value.lstrip('" ').lower()
    return broken.reason == "field_count" and text.startswith(
        tuple(beginning.lower() for beginning in beginnings)
    )


def read_sheet(
    text: Text, layout: Layout, on_block: Callable[[int], None] = lambda _rows: None
) -> Sheet:
    """Read every record as text; ``on_block`` is told the number of records read so far."""
    limit_fields()
    reader = _Reader(text, layout)
    while reader.read_block():
        on_block(reader.rows)
    return reader.sheet()


class _Reader:
    """Reads block after block, each in the fastest way that reads it right.

    Plain blocks of UTF-8 are cut by array arithmetic, blocks of lines with quotes go through the
    csv module as a whole, and only blocks with something unusual are read record by record.
    """

    def __init__(self, text: Text, layout: Layout) -> None:
        self.rows = 0
        self._text = text
        self._layout = layout
        self._columns = len(layout.header)
        self._header = list(layout.header)
        self._broken: list[Broken] = []
        self._batches: list[pa.RecordBatch] = []
        self._padded: set[int] = set()
        self._is_utf8 = text.encoding.startswith("utf-8") and not text.damaged
        self._source = LineSource(text.lines())
        self._source.take(layout.skipped_lines)
        if text.encoding == "utf-8-sig":
            self._source.consumed_bytes += 3
        fields = [pa.field(f"c{i}", pa.string()) for i in range(self._columns)]
        numbers = [pa.field("row", pa.int64()), pa.field("line", pa.int64())]
        self._schema = pa.schema([*fields, *numbers])

    def sheet(self) -> Sheet:
        table = pa.Table.from_batches(self._batches, self._schema)
        broken = tuple(self._broken)
        if self._text.shifts:
            lines = self._as_in_workbook(table["line"].to_numpy())
            table = table.set_column(table.schema.get_field_index("line"), "line", [lines])
            places = self._as_in_workbook(np.array([one.line for one in broken], np.int64))
            pairs = zip(broken, places.tolist(), strict=True)
            broken = tuple(replace(one, line=line) for one, line in pairs)
        return Sheet(self._layout, table, broken, frozenset(self._padded))

    def _as_in_workbook(self, lines: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the rows of the worksheet that physical lines stand for."""
        starts, extra = np.array(((0, 0), *self._text.shifts), np.int64).T
        places: npt.NDArray[np.int64] = lines - extra[np.searchsorted(starts, lines, "right") - 1]
        return places

    def read_block(self) -> bool:
        """Read some more records; say whether there were any lines left."""
        if self._is_utf8 and self._add_plain():
            return True
        lines = self._source.take(BLOCK_LINES)
        if not lines:
            return False
        if not self._add_lines(lines):
            self._source.put_back(lines)
            self._add_carefully(self._source.number + len(lines))
        return True

    def _add_plain(self) -> bool:
        source = self._source
        block = plain_block(
            self._text.data, source.consumed_bytes, self._layout.delimiter, self._layout.width
        )
        if block is None or self._is_unusual(block.columns):
            return False
        self._append(block.columns, source.number + 1, block.rows)
        if block.may_be_padded:
            self._note_padding(block.columns)
        self._source = LineSource.at(self._text, block.end, source.number + block.rows)
        return True

    def _add_lines(self, lines: list[str]) -> bool:
        """Take lines each of which is one good record; say whether they were."""
        block = "".join(lines)
        if "\0" in block or UNDECODABLE.search(block):
            return False
        try:
            rows = list(csv.reader(lines, delimiter=self._layout.delimiter, strict=True))
        except csv.Error:
            return False
        if len(rows) != len(lines) or set(map(len, rows)) != {self._layout.width}:
            return False
        columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
        if self._is_unusual(columns):
            return False
        self._append(columns, self._source.number - len(lines) + 1, len(lines))
        self._note_padding(columns)
        return True

    def _is_unusual(self, columns: list[pa.Array]) -> bool:
        """Say whether the block may hold surplus fields, blank lines or a second header."""
        surplus = columns[self._columns :]
        has_blank = self._columns == 1 and any(
            not value.strip(BLANK) for value in columns[0].to_pylist()
        )
        return (
            has_blank
            or any(pc.any(pc.not_equal(column, "")).as_py() for column in surplus)
            or bool(pc.any(pc.equal(columns[0], self._header[0])).as_py())
        )

    def _add_carefully(self, last_line: int) -> None:
        """Take records one by one up to a physical line, naming each broken one."""
        good: list[list[str]] = []
        places: list[tuple[int, int]] = []
        while self._source.number < last_line:
            record = next_record(self._source, self._layout.delimiter)
            if record is None:
                break
            self.rows += 1
            reason = record.reason or self._problem(record)
            if reason:
                shown = UNDECODABLE.sub("\ufffd", record.text.rstrip("\r\n"))[:_SHOWN_CHARACTERS]
                self._broken.append(Broken(self.rows, record.line, reason, shown))
            else:
                good.append(record.fields[: self._columns])
                places.append((self.rows, record.line))
        if good:
            columns = [pa.array(column, pa.string()) for column in zip(*good, strict=True)]
            self._append_batch(columns, *zip(*places, strict=True))
            self._note_padding(columns)

    def _problem(self, record: Record) -> str:
        if UNDECODABLE.search(record.text):
            return "bad_encoding"
        if "\0" in record.text:
            return "nul_byte"
        surplus = record.fields[self._columns :]
        if len(record.fields) < self._columns or any(surplus):
            return "field_count"
        is_header = record.fields[: self._columns] == self._header
        return "repeated_header" if is_header else ""

    def _append(self, columns: list[pa.Array], first_line: int, count: int) -> None:
        rows = np.arange(self.rows + 1, self.rows + 1 + count)
        self.rows += count
        lines = np.arange(first_line, first_line + count)
        self._append_batch(columns[: self._columns], rows, lines)

    def _note_padding(self, columns: list[pa.Array]) -> None:
        unsure = (i for i in range(self._columns) if i not in self._padded)
        self._padded.update([i for i in unsure if _may_be_padded(columns[i])])

    def _append_batch(
        self, columns: list[pa.Array], rows: npt.ArrayLike, lines: npt.ArrayLike
    ) -> None:
        numbers = [pa.array(np.asarray(n, np.int64)) for n in (rows, lines)]
        self._batches.append(pa.record_batch([*columns, *numbers], schema=self._schema))


def _may_be_padded(column: pa.Array) -> bool:
    """Say whether a text may begin or end with a blank: an ASCII one, or anything not ASCII."""
    _, offsets, texts = column.buffers()
    if not texts:
        return False
    places = np.frombuffer(offsets, np.int32, len(column) + 1)
    filled = places[1:] > places[:-1]
    letters = np.frombuffer(texts, np.uint8)
    edges = (letters[places[:-1][filled]], letters[places[1:][filled] - 1])
    return any(bool(((edge <= _SPACE) | (edge >= _NOT_ASCII)).any()) for edge in edges)
