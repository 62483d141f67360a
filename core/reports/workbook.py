"""The tables of a report as a formatted workbook, and each as CSV; no cell is ever a formula."""

from datetime import date, datetime, time
from io import BytesIO
from typing import Any, Final

import polars as pl

from core.metrics import Unit
from core.money import exponent
from core.reports.content import Column, Report, Table, Value
from core.reports.lettering import plain
from core.spreadsheet import csv_bytes

MOST_SHEET_LETTERS: Final = 31
MOST_CELL_LETTERS: Final = 32_767
COLUMN_LETTERS: Final = 14
"""Width of a column whose part is 1, in letters."""

_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_SHARE: Final = "0.0%"
_DAY: Final = "yyyy-mm-dd"


def to_workbook(report: Report) -> bytes:
    """Return the tables of a report, a sheet each, numbers as numbers.

    Text is written as text, so that a name starting with ``=`` stays a name.
    """
    import xlsxwriter

    written = BytesIO()
    settings = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, settings) as book:
        made = datetime.combine(report.as_of, time())
        book.set_properties(
            {"title": report.title, "subject": report.subtitle, "author": "Plumbline",
             "created": made}
        )  # fmt: skip
        for table in report.tables():
            _Sheet(book, table, report.currency).write()
    return written.getvalue()


def to_csv(table: Table, currency: str) -> bytes:
    """Return a table as CSV: amounts in the currency's own unit, shares of one, ISO days."""
    values = {
        column.name.removesuffix("_minor"): [
            _major(column, row[place], currency) for row in table.rows
        ]
        for place, column in enumerate(table.columns)
    }
    return csv_bytes(pl.DataFrame(values, strict=False))


class _Sheet:
    """One table on its way into a workbook."""

    def __init__(self, book: Any, table: Table, currency: str) -> None:  # noqa: ANN401
        name = plain(table.name.replace("_", " ").translate(_FORBIDDEN), MOST_SHEET_LETTERS)
        self._sheet = book.add_worksheet(name.capitalize())
        self._table, self._currency = table, currency
        self._title = book.add_format({"bold": True, "font_size": 12})
        self._head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        places = exponent(currency)
        money = f"#,##0.{'0' * places}" if places else "#,##0"
        self._formats = {
            Unit.MONEY: book.add_format({"num_format": money}),
            Unit.SHARE: book.add_format({"num_format": _SHARE}),
        }
        self._day = book.add_format({"num_format": _DAY})

    def write(self) -> None:
        """Write title, headings and rows; headings stay in sight and can be filtered."""
        columns, rows = self._table.columns, self._table.rows
        self._sheet.write_string(0, 0, self._table.title, self._title)
        for place, column in enumerate(columns):
            self._sheet.set_column(place, place, COLUMN_LETTERS * column.width)
            self._sheet.write_string(2, place, column.title, self._head)
        for line, row in enumerate(rows, start=3):
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                self._cell(line, place, column, value)
        self._sheet.freeze_panes(3, 1)
        if rows:
            self._sheet.autofilter(2, 0, 2 + len(rows), len(columns) - 1)

    def _cell(self, line: int, place: int, column: Column, value: Value) -> None:
        written = _major(column, value, self._currency)
        if written is None:
            self._sheet.write_blank(line, place, None)
        elif isinstance(written, date):
            self._sheet.write_datetime(line, place, written, self._day)
        elif isinstance(written, str):
            self._sheet.write_string(line, place, plain(written, MOST_CELL_LETTERS))
        else:
            number_format = self._formats.get(column.unit) if column.unit else None
            self._sheet.write_number(line, place, written, number_format)


def _major(column: Column, value: Value, currency: str) -> Value:
    """Return a value as files hold it: money in the currency's own unit."""
    if column.unit is Unit.MONEY and isinstance(value, int | float):
        places = exponent(currency)
        return round(float(value) / 10.0**places, places)
    return value
