"""The rows of a file ``[id,]ds,y``: text in, typed rows out, or a refusal that names the lines."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import StringIO
from math import isfinite
from typing import Final

from core.errors import ImportRefusedError

_HEADERS: Final = {
    "id": ("id", "unique_id", "series"),
    "ds": ("ds", "date", "period", "month"),
    "y": ("y", "value", "amount", "revenue"),
}
_BLANKS: Final = frozenset(("", "na", "n/a", "nan", "null", "none"))
_PROBLEMS_SHOWN: Final = 5
_SHOWN: Final = 40
_YEARS: Final = (1900, 2199)
_SIGNATURES: Final = {
    b"PK\x03\x04": "a workbook or zip archive",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}


@dataclass(frozen=True)
class Row:
    """One value of one series, and the line of the file it stands on; None for a blank."""

    line: int
    name: str
    day: date
    value: float | None


def _decoded(name: str, data: bytes) -> str:
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise ImportRefusedError(
                name, "not_text", f"The file is {kind}, not a CSV file.", "Save it as CSV, UTF-8."
            )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ImportRefusedError(
            name, "encoding", f"Line {line} is not UTF-8 text.", "Save the file as CSV, UTF-8."
        ) from error
    if "\0" in text:
        raise ImportRefusedError(
            name, "not_text", "The file holds binary data.", "Save it as CSV, UTF-8."
        )
    if not text.strip():
        raise ImportRefusedError(
            name, "empty", "The file is empty.", "It needs the columns ds and y, id for several."
        )
    return text


def read_rows(name: str, data: bytes) -> tuple[list[Row], tuple[str, ...]]:
    """Return the rows of a CSV file ``[id,]ds,y``, and notes on what of it was not used.

    Raises
    ------
    ImportRefusedError
        If any row cannot be read; the message names the lines.
    """
    records = _records(name, _decoded(name, data))
    _, header = next(records)
    columns = _columns(name, header)
    known = set(columns.values())
    extra = [title for position, title in enumerate(header) if position not in known]
    rows: list[Row] = []
    problems: list[str] = []
    for line, record in records:
        if len(record) != len(header):
            problems.append(f"line {line}: {len(record)} fields where {len(header)} are named")
            continue
        row = _row(line, record, columns)
        if isinstance(row, str):
            problems.append(row)
        else:
            rows.append(row)
    _refuse(name, "bad_rows", problems)
    if not rows:
        raise ImportRefusedError(
            name, "no_rows", "The file has a header but no rows.", "Add one row a period."
        )
    _refuse_duplicates(name, rows)
    named = ", ".join(f"'{title}'" for title in extra)
    return rows, ((f"Columns not used: {named}.",) if extra else ())


def _records(name: str, text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.lstrip().splitlines()[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for record in reader:
            if any(field.strip() for field in record):
                yield start, [field.strip() for field in record]
            start = reader.line_num + 1
    except csv.Error as error:
        raise ImportRefusedError(
            name,
            "quoting",
            f"The record that starts on line {start} cannot be read ({error}).",
            "Check its quotation marks.",
        ) from error


def _columns(name: str, header: Sequence[str]) -> dict[str, int]:
    lowered = [title.casefold() for title in header]
    found = {
        role: [i for i, title in enumerate(lowered) if title in titles]
        for role, titles in _HEADERS.items()
    }
    for role in ("ds", "y"):
        if not found[role]:
            raise ImportRefusedError(
                name,
                "missing_columns",
                f"Line 1 names no column '{role}'; it has {', '.join(header)[:200]}.",
                "The columns are ds (date) and y (value), and id where there are several series.",
            )
    for role, positions in found.items():
        if len(positions) > 1:
            titles = ", ".join(header[i] for i in positions)
            raise ImportRefusedError(
                name, "ambiguous_columns", f"Line 1: {titles} could all be '{role}'.", "Keep one."
            )
    return {role: positions[0] for role, positions in found.items() if positions}


def _row(line: int, record: Sequence[str], columns: dict[str, int]) -> Row | str:
    series = record[columns["id"]] if "id" in columns else ""
    if "id" in columns and not series:
        return f"line {line}, column id: it is blank"
    day = parsed_date(record[columns["ds"]])
    if day is None:
        shown = record[columns["ds"]][:_SHOWN]
        return f"line {line}, column ds: '{shown}' is not a date like 2026-01-31"
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        return f"line {line}, column ds: {day} is not between {_YEARS[0]} and {_YEARS[1]}"
    value = _number(record[columns["y"]])
    if isinstance(value, str):
        return f"line {line}, column y: {value}"
    return Row(line, series, day, value)


def parsed_date(text: str) -> date | None:
    """Return the date of an ISO text; a month stands for its first day, a quarter likewise.

    >>> parsed_date("2026-03"), parsed_date("2026-Q2"), parsed_date("03/04/2026")
    (datetime.date(2026, 3, 1), datetime.date(2026, 4, 1), None)
    """
    year, _, rest = text.partition("-")
    if rest[:1] in ("Q", "q") and rest[1:] in ("1", "2", "3", "4"):
        text = f"{year}-{3 * int(rest[1:]) - 2:02d}-01"
    elif len(text) == len("2026-03"):
        text = f"{text}-01"
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return None


def _number(text: str) -> float | str | None:
    if text.casefold() in _BLANKS:
        return None
    try:
        value = float(text)
    except ValueError:
        hint = " (write 1234.5, without separators)" if "," in text or "." in text else ""
        return f"'{text[:_SHOWN]}' is not a number{hint}"
    return (
        value
        if isfinite(value) and "_" not in text
        else f"'{text[:_SHOWN]}' is not a finite number"
    )


def _refuse(name: str, code: str, problems: Sequence[str]) -> None:
    if not problems:
        return
    more = len(problems) - _PROBLEMS_SHOWN
    rest = f"; and {more} more" if more > 0 else ""
    listed = "; ".join(problems[:_PROBLEMS_SHOWN])
    raise ImportRefusedError(
        name, code, f"{listed[0].upper()}{listed[1:]}{rest}.", "Correct these lines and try again."
    )


def _refuse_duplicates(name: str, rows: Iterable[Row]) -> None:
    seen: dict[tuple[str, date], int] = {}
    problems = []
    for row in rows:
        first = seen.setdefault((row.name, row.day), row.line)
        if first != row.line:
            whose = f" of series '{row.name}'" if row.name else ""
            problems.append(f"lines {first} and {row.line} both give {row.day}{whose}")
    _refuse(name, "duplicate_dates", problems)
