"""Path files: attribution without a CRM, from rows of ``path,total_conversions[,…]``.

Every physical line is one record, so that a stray quote costs one row and not the rest of the
file; a row that cannot be read is listed with its line and the reason, never guessed at.
"""

import csv
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from core.attribution.paths import PathCounts
from core.errors import ImportRefusedError

PATH_SEPARATOR: Final = ">"
DELIMITERS: Final = (",", ";", "\t")
REQUIRED: Final = ("path", "total_conversions")
OPTIONAL: Final = ("total_conversion_value", "total_null")
_EMPTY_STEP: Final = r"^\s*>|>\s*>|>\s*$"


@dataclass(frozen=True)
class PathReject:
    """One row that was left out; ``row`` counts data rows from 1, ``line`` lines of the file."""

    row: int
    line: int
    column: str
    value: str
    reason: str
    suggestion: str


@dataclass(frozen=True)
class PathFile:
    """What a path file held: rows in = rows counted + rejects."""

    counts: PathCounts
    rows_in: int
    rejects: tuple[PathReject, ...] = ()
    warnings: tuple[str, ...] = ()


def read_path_file(data: bytes, name: str = "path file") -> PathFile:
    r"""Read a path file: which sequences of channels converted, how often, worth how much.

    The delimiter is the one that makes sense of the header (comma, semicolon or tab). Channel
    names are trimmed and compared whole. Columns other than the four are ignored, with a warning.

    Raises
    ------
    ImportRefusedError
        If the file as a whole cannot be read: not UTF-8, no header, or no row that counts.

    >>> file = read_path_file(b"path;total_conversions\nEmail > Web;2\nWeb;1\n")
    >>> file.counts.channels, file.counts.total_conversions
    (('Email', 'Web'), 3.0)
    """
    lines = _lines(data, name)
    header, delimiter = _header(lines, name)
    rows = _rows(lines[1:], header, delimiter)
    checked = _checked(rows, header)
    bad = checked.filter(pl.col("problem").is_not_null())
    rejects = tuple(_reject(row) for row in bad.iter_rows(named=True))
    good = checked.filter(pl.col("problem").is_null())
    if good.is_empty():
        first = f"Line {rejects[0].line}: {rejects[0].reason}" if rejects else "It has no data row."
        raise ImportRefusedError(
            name, "no_rows", f"{name} has no row that counts. {first}", "Correct the rows."
        )
    ignored = [column for column in header if column not in (*REQUIRED, *OPTIONAL)]
    warnings = (f"Columns ignored: {', '.join(ignored)}.",) if ignored else ()
    return PathFile(_counts(good, header), checked.height, rejects, warnings)


def _lines(data: bytes, name: str) -> list[str]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ImportRefusedError(
            name, "encoding", f"{name} is not UTF-8 text.", "Save it as CSV UTF-8."
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _header(lines: list[str], name: str) -> tuple[list[str], str]:
    for delimiter in DELIMITERS:
        header = [cell.strip().strip('"').strip().lower() for cell in lines[0].split(delimiter)]
        if all(header.count(column) == 1 for column in REQUIRED):
            return header, delimiter
    raise ImportRefusedError(
        name,
        "missing_columns",
        f"The first line of {name} does not name the columns path and total_conversions.",
        "It should read: path,total_conversions,total_conversion_value,total_null "
        "(the last two are optional; ; works as well as a comma).",
    )


def _rows(lines: list[str], header: list[str], delimiter: str) -> pl.DataFrame:
    """Return each record as its line number and its cells as text; a misfit has no cells."""
    numbered = (
        pl.DataFrame({"text": lines}, schema={"text": pl.String})
        .with_row_index("line", offset=2)
        .filter(pl.col("text").str.strip_chars() != "")
        .with_row_index("row", offset=1)
        .with_columns(cells=pl.col("text").str.split(delimiter))
    )
    quoted = pl.col("text").str.contains('"', literal=True)
    parsed = numbered.filter(quoted).with_columns(
        cells=pl.Series(
            [_quoted_cells(text, delimiter) for text in numbered.filter(quoted)["text"]],
            dtype=pl.List(pl.String),
        )
    )
    cells = pl.concat([numbered.filter(~quoted), parsed]).sort("row")
    fits = pl.col("cells").list.len() == len(header)
    return cells.select(
        "row",
        "line",
        "text",
        pl.when(fits).then(pl.col("cells")).alias("cells"),
    ).with_columns(
        pl.col("cells")
        .list.get(header.index(column), null_on_oob=True)
        .str.strip_chars()
        .alias(column)
        for column in (*REQUIRED, *OPTIONAL)
        if column in header
    )


def _quoted_cells(text: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([text], delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        return []  # no number of cells fits, so the row is rejected


_PROBLEMS: Final = {
    "cells": ("The row does not have one value for each column.", "Check delimiters and quotes."),
    "empty": ("The path is empty.", "Leave out journeys without a touch."),
    "step": ("A channel name between two '>' is empty.", "Name it, or remove the separator."),
    "number": ("Not a plain number of zero or more.", "Write digits with a decimal point: 1234.5."),
    "worth": ("A value without a conversion.", "Correct the value or the conversions."),
}
"""Reason and suggestion of each way in which a row can be wrong."""


def _checked(rows: pl.DataFrame, header: list[str]) -> pl.DataFrame:
    """Parse the numbers; add ``problem`` and its ``column``, null where a row counts."""
    numeric = [column for column in (*REQUIRED[1:], *OPTIONAL) if column in header]
    parsed = rows.with_columns(
        pl.col(column).cast(pl.Float64, strict=False).alias(f"{column}_number")
        for column in numeric
    )
    tests = [
        ("cells", "path", pl.col("cells").is_null()),
        ("empty", "path", pl.col("path") == ""),
        ("step", "path", pl.col("path").str.contains(_EMPTY_STEP)),
        *(("number", column, ~_is_amount(f"{column}_number")) for column in numeric),
    ]
    if "total_conversion_value" in numeric:
        worth = pl.col("total_conversion_value_number") > 0
        without = pl.col("total_conversions_number") == 0
        tests.append(("worth", "total_conversion_value", worth & without))
    return parsed.with_columns(
        pl.coalesce(pl.when(test).then(pl.lit(problem)) for problem, _, test in tests).alias(
            "problem"
        ),
        pl.coalesce(pl.when(test).then(pl.lit(column)) for _, column, test in tests).alias(
            "column"
        ),
    )


def _is_amount(column: str) -> pl.Expr:
    number = pl.col(column)
    return (number.is_finite() & (number >= 0)).fill_null(value=False)


def _reject(row: dict[str, Any]) -> PathReject:
    reason, suggestion = _PROBLEMS[row["problem"]]
    value = row["text"] if row["problem"] == "cells" else row[row["column"]]
    return PathReject(row["row"], row["line"], row["column"], value, reason, suggestion)


def _counts(rows: pl.DataFrame, header: list[str]) -> PathCounts:
    """Add up equal paths as text first, which leaves few to take apart."""
    summed = rows.group_by("path", maintain_order=True).agg(pl.col("^.*_number$").sum())
    names = {"total_conversions_number": "conversions", "total_conversion_value_number": "value"}
    frame = summed.select(
        pl.col("path").str.split(PATH_SEPARATOR).list.eval(pl.element().str.strip_chars()),
        *(pl.col(column).alias(name) for column, name in names.items() if column in summed.columns),
        (pl.col("total_null_number") if "total_null" in header else pl.lit(0.0)).alias("nulls"),
    )
    return PathCounts.from_frame(frame)
