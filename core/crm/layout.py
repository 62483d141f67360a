"""Where the table of a file starts, and how its fields are separated."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from core.crm.gate import Text
from core.crm.headers import normalised
from core.crm.records import BLANK, LineSource, limit_fields, next_record
from core.errors import ImportRefusedError

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
MAX_COLUMNS: Final = 2_000
_HEADER_SEARCH_RECORDS: Final = 10


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


def find_layout(name: str, text: Text, known: frozenset[str]) -> Layout:
    """Return where the header is: the early record with most names that some recipe knows.

    Raises
    ------
    ImportRefusedError
        ``empty_file``, ``missing_columns`` when no header is known, or ``too_many_columns``.
    """
    lines = list(islice(text.lines(), 10 * _HEADER_SEARCH_RECORDS))
    if not any(line.strip(BLANK) for line in lines) and not _has_text(text):
        raise ImportRefusedError(
            name, "empty_file", "The file holds nothing but blanks.", "Export it again."
        )
    found = [layout for mark in _delimiters(text, lines) for layout in _candidates(lines, mark)]
    best = max(found, key=lambda layout: len(known.intersection(layout.names)), default=None)
    if best is None or not known.intersection(best.names):
        raise ImportRefusedError(
            name,
            "missing_columns",
            "None of the first lines is a header with column names that are known.",
            "Check that the export has its header line, or map its columns (command line: --map).",
        )
    _check_width(name, best)
    return best


def guess_layout(name: str, text: Text) -> Layout:
    """Return where the header of a file with unknown columns probably is.

    That is the first record as wide as most of the early ones, under the delimiter that makes
    them widest.

    Raises
    ------
    ImportRefusedError
        ``missing_columns`` if no early record can be read, or ``too_many_columns``.
    """
    lines = list(islice(text.lines(), 10 * _HEADER_SEARCH_RECORDS))
    best: tuple[int, Layout] | None = None
    for mark in _delimiters(text, lines):
        found = [layout for layout in _candidates(lines, mark) if any(layout.names)]
        widths = Counter(layout.width for layout in found)
        for layout in found:
            fields = layout.width * widths[layout.width] * (layout.width > 1)
            if best is None or fields > best[0]:
                best = fields, layout
    if best is None:
        raise ImportRefusedError(
            name, "missing_columns", "No header can be found.", "Export it again with its header."
        )
    _check_width(name, best[1])
    return best[1]


def sample(text: Text, layout: Layout, count: int = 10) -> list[list[str]]:
    """Return the fields of the first records that can be read."""
    source = LineSource(islice(text.lines(), layout.skipped_lines + 10 * count))
    source.take(layout.skipped_lines)
    found = (next_record(source, layout.delimiter) for _ in range(count))
    return [record.fields for record in found if record is not None and not record.reason]


def _check_width(name: str, layout: Layout) -> None:
    if layout.width > MAX_COLUMNS:
        raise ImportRefusedError(
            name,
            "too_many_columns",
            f"The header has {layout.width:,} columns; {MAX_COLUMNS:,} is the limit.",
            "Export only the columns you need.",
        )


def _has_text(text: Text) -> bool:
    return any(line.strip(BLANK) for line in text.lines())


def _delimiters(text: Text, lines: list[str]) -> list[str]:
    """Return what may stand between fields: what is known or said, else every usual mark."""
    if text.delimiter:
        return [text.delimiter]
    hint = re.fullmatch(r"sep=(.)\s*", lines[0], re.IGNORECASE) if lines else None
    return [hint.group(1)] if hint else list(DELIMITERS)


def _candidates(lines: list[str], delimiter: str) -> Iterator[Layout]:
    limit_fields()
    source = LineSource(iter(lines))
    for _ in range(_HEADER_SEARCH_RECORDS):
        record = next_record(source, delimiter)
        if record is None:
            return
        if not record.reason:
            header = _without_empty_end(record.fields)
            title_lines = record.line - 1
            yield Layout(delimiter, header, len(record.fields), source.number, title_lines)


def _without_empty_end(fields: list[str]) -> tuple[str, ...]:
    kept = len(fields)
    while kept and not fields[kept - 1].strip():
        kept -= 1
    return tuple(fields[:kept])
