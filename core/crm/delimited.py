"""Delimited text, read strictly: a broken record costs one physical line and is named.

Stock readers let one stray quote hide the rest of a file. Here each record is RFC 4180 or it is
rejected with its line and a reason, and reading resumes on the next line. Blocks of well-formed
lines take a fast path; only blocks with something unusual are read record by record.
"""

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]

from core.crm.gate import Text
from core.crm.headers import normalised
from core.errors import ImportRefusedError

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
FIELD_LIMIT_CHARACTERS: Final = 65_536
MAX_COLUMNS: Final = 2_000
BLOCK_LINES: Final = 20_000
_HEADER_SEARCH_RECORDS: Final = 10
_SHOWN_CHARACTERS: Final = 200
_BLANK: Final = " \t\r\n\x0b\x0c\x1a"  # Ctrl-Z is the end-of-file mark of DOS
_UNDECODABLE: Final = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True)
class Broken:
    """A record that is not RFC 4180, or does not fit the header."""

    row: int
    line: int
    reason: str
    value: str


@dataclass(frozen=True)
class Layout:
    """Where the table of a file starts, and how its fields are separated.

    Parameters
    ----------
    delimiter
        The character between fields.
    header
        Header names as written, without empty names at the end.
    width
        Number of fields of the header line, empty ones at the end included.
    skipped_lines
        Physical lines up to and including the header.
    title_lines
        Physical lines before the header.
    """

    delimiter: str
    header: tuple[str, ...]
    width: int
    skipped_lines: int
    title_lines: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Header names as they are compared."""
        return tuple(normalised(name) for name in self.header)


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
    """

    layout: Layout
    table: pa.Table
    broken: tuple[Broken, ...]

    @property
    def rows_in(self) -> int:
        """Data records in the file, broken ones included."""
        return int(self.table.num_rows) + len(self.broken)


@dataclass
class _Source:
    """Physical lines with their number and a way to put some back."""

    lines: Iterator[str]
    number: int = 0
    returned: list[str] = field(default_factory=list)  # the next line is the last element

    def next(self) -> str | None:
        line = self.returned.pop() if self.returned else next(self.lines, None)
        self.number += line is not None
        return line

    def take(self, count: int) -> list[str]:
        taken = [self.returned.pop() for _ in range(min(count, len(self.returned)))]
        taken.extend(islice(self.lines, count - len(taken)))
        self.number += len(taken)
        return taken

    def put_back(self, lines: Sequence[str]) -> None:
        self.returned.extend(reversed(lines))
        self.number -= len(lines)


@dataclass(frozen=True)
class _Record:
    fields: list[str]
    line: int
    text: str
    reason: str = ""


def find_layout(name: str, text: Text, known: frozenset[str]) -> Layout:
    """Return where the header is: the early record with most names that some recipe knows.

    Raises
    ------
    ImportRefusedError
        ``empty_file``, ``missing_columns`` when no header is known, or ``too_many_columns``.
    """
    lines = list(islice(text.lines(), 10 * _HEADER_SEARCH_RECORDS))
    if not any(line.strip(_BLANK) for line in lines) and not _has_text(text):
        raise ImportRefusedError(
            name, "empty_file", "The file holds nothing but blanks.", "Export it again."
        )
    hint = re.fullmatch(r"sep=(.)\s*", lines[0], re.IGNORECASE) if lines else None
    candidates = [hint.group(1)] if hint else list(DELIMITERS)
    found = [layout for mark in candidates for layout in _candidates(lines, mark)]
    best = max(found, key=lambda layout: len(known.intersection(layout.names)), default=None)
    if best is None or not known.intersection(best.names):
        raise ImportRefusedError(
            name,
            "missing_columns",
            "None of the first lines is a header with column names that are known.",
            "Check that the export has its header line, or describe its columns with --map.",
        )
    if best.width > MAX_COLUMNS:
        raise ImportRefusedError(
            name,
            "too_many_columns",
            f"The header has {best.width:,} columns; {MAX_COLUMNS:,} is the limit.",
            "Export only the columns you need.",
        )
    return best


def read_sheet(
    text: Text, layout: Layout, on_block: Callable[[int], None] = lambda _rows: None
) -> Sheet:
    """Read every record as text; ``on_block`` is told the number of records read so far."""
    csv.field_size_limit(FIELD_LIMIT_CHARACTERS)
    source = _Source(text.lines())
    source.take(layout.skipped_lines)
    builder = _Builder(layout)
    while lines := source.take(BLOCK_LINES):
        if not builder.add_plain(lines, source.number - len(lines) + 1):
            source.put_back(lines)
            builder.add_carefully(source, source.number + len(lines))
        on_block(builder.rows)
    return Sheet(layout, builder.table(), tuple(builder.broken))


def sample(text: Text, layout: Layout, count: int = 10) -> list[list[str]]:
    """Return the fields of the first records that can be read."""
    source = _Source(islice(text.lines(), layout.skipped_lines + 10 * count))
    source.take(layout.skipped_lines)
    found = (_next_record(source, layout.delimiter) for _ in range(count))
    return [record.fields for record in found if record is not None and not record.reason]


def _has_text(text: Text) -> bool:
    return any(line.strip(_BLANK) for line in text.lines())


def _candidates(lines: list[str], delimiter: str) -> Iterator[Layout]:
    csv.field_size_limit(FIELD_LIMIT_CHARACTERS)
    source = _Source(iter(lines))
    for _ in range(_HEADER_SEARCH_RECORDS):
        record = _next_record(source, delimiter)
        if record is None:
            return
        if not record.reason and len(record.fields) <= MAX_COLUMNS * 10:
            header = _without_empty_end(record.fields)
            yield Layout(delimiter, header, len(record.fields), source.number, record.line - 1)


def _without_empty_end(fields: list[str]) -> tuple[str, ...]:
    kept = len(fields)
    while kept and not fields[kept - 1].strip():
        kept -= 1
    return tuple(fields[:kept])


def _next_record(source: _Source, delimiter: str) -> _Record | None:
    """Return the next record that is not blank, or None at the end."""
    taken: list[str] = []

    def physical_lines() -> Iterator[str]:
        while (line := source.next()) is not None:
            taken.append(line)
            yield line

    while True:
        taken.clear()
        first = source.number + 1
        try:
            fields = next(csv.reader(physical_lines(), delimiter=delimiter, strict=True), None)
        except csv.Error as error:
            source.put_back(taken[1:])
            return _Record([], first, taken[0], _broken_reason(error, len(taken)))
        if fields is None:
            return None
        if taken and "".join(taken).strip(_BLANK):
            return _Record(fields, first, "".join(taken))


def _broken_reason(error: csv.Error, physical_lines: int) -> str:
    message = str(error)
    if "field larger" in message:  # over several lines it is a quote that was never closed
        return "field_too_long" if physical_lines == 1 else "unterminated_quote"
    return "unterminated_quote" if "unexpected end" in message else "bad_quote"


class _Builder:
    """Collects records of one layout into Arrow columns."""

    def __init__(self, layout: Layout) -> None:
        self.rows = 0
        self.broken: list[Broken] = []
        self._layout = layout
        self._columns = len(layout.header)
        self._header = list(layout.header)
        names = [f"c{i}" for i in range(self._columns)]
        fields = [pa.field(name, pa.string()) for name in names]
        self._schema = pa.schema(
            [*fields, pa.field("row", pa.int64()), pa.field("line", pa.int64())]
        )
        self._batches: list[pa.RecordBatch] = []

    def table(self) -> pa.Table:
        return pa.Table.from_batches(self._batches, self._schema)

    def add_plain(self, lines: list[str], first_line: int) -> bool:
        """Take a block in which each line is one good record; say whether it was one."""
        block = "".join(lines)
        if "\0" in block or _UNDECODABLE.search(block):
            return False
        try:
            rows = list(csv.reader(lines, delimiter=self._layout.delimiter, strict=True))
        except csv.Error:
            return False
        if len(rows) != len(lines) or set(map(len, rows)) != {self._layout.width}:
            return False
        columns = list(zip(*rows, strict=True))
        if self._is_unusual(columns):
            return False
        self._append(columns[: self._columns], range(first_line, first_line + len(rows)))
        return True

    def _is_unusual(self, columns: list[tuple[str, ...]]) -> bool:
        """Say whether the block may hold surplus fields, blank lines or a second header."""
        return (
            any(any(column) for column in columns[self._columns :])
            or (self._columns == 1 and not all(value.strip(_BLANK) for value in columns[0]))
            or self._header[0] in columns[0]
        )

    def add_carefully(self, source: _Source, last_line: int) -> None:
        """Take records one by one up to a physical line, naming each broken one."""
        good: list[list[str]] = []
        places: list[tuple[int, int]] = []
        while source.number < last_line:
            record = _next_record(source, self._layout.delimiter)
            if record is None:
                break
            self.rows += 1
            reason = record.reason or self._problem(record)
            if reason:
                value = _UNDECODABLE.sub("\ufffd", record.text.rstrip("\r\n"))[:_SHOWN_CHARACTERS]
                self.broken.append(Broken(self.rows, record.line, reason, value))
            else:
                good.append(record.fields[: self._columns])
                places.append((self.rows, record.line))
        if good:
            self._append_batch(list(zip(*good, strict=True)), *zip(*places, strict=True))

    def _problem(self, record: _Record) -> str:
        if _UNDECODABLE.search(record.text):
            return "bad_encoding"
        if "\0" in record.text:
            return "nul_byte"
        surplus = record.fields[self._columns :]
        if len(record.fields) < self._columns or any(surplus):
            return "field_count"
        is_header = record.fields[: self._columns] == self._header
        return "repeated_header" if is_header else ""

    def _append(self, columns: list[tuple[str, ...]], lines: range) -> None:
        rows = range(self.rows + 1, self.rows + 1 + len(lines))
        self.rows += len(lines)
        self._append_batch(columns, rows, lines)

    def _append_batch(
        self, columns: list[tuple[str, ...]], rows: Sequence[int], lines: Sequence[int]
    ) -> None:
        texts = [pa.array(column, pa.string()) for column in columns]
        numbers = [pa.array(rows, pa.int64()), pa.array(lines, pa.int64())]
        self._batches.append(pa.record_batch([*texts, *numbers], schema=self._schema))
