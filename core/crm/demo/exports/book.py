"""A set of export files before they are bytes: sheets of text, and how a CRM writes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

Sheet = pl.DataFrame
"""Every column is text; null is an empty field."""

BOM: Final = "\ufeff"


@dataclass(frozen=True)
class Book:
    """The files of one export.

    Parameters
    ----------
    sheets
        Content by file name.
    deals
        Which file holds the deals.
    dates
        Its columns that hold dates, all starting with year, month and day.
    amount
        Its column that holds the amount.
    people
        File and column that say who takes part in a deal.
    quoted
        Whether every field is quoted, as HubSpot does.
    byte_order_mark
        Whether files start with one, as Salesforce's do.
    encoding
        How text becomes bytes.
    footers
        Lines after the last record, by file.
    """

    sheets: Mapping[str, Sheet]
    deals: str
    dates: tuple[str, ...]
    amount: str
    people: tuple[str, str]
    quoted: bool = False
    byte_order_mark: bool = False
    encoding: str = "utf-8"
    footers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def with_sheet(self, name: str, sheet: Sheet) -> "Book":
        """Return the book with one file replaced."""
        return replace(self, sheets={**self.sheets, name: sheet})

    def files(self) -> dict[str, bytes]:
        """Return the bytes of every file; what the encoding lacks becomes a question mark."""
        return {name: self._written(name, sheet) for name, sheet in self.sheets.items()}

    def _written(self, name: str, sheet: Sheet) -> bytes:
        text = sheet.write_csv(quote_style="always" if self.quoted else "necessary")
        footer = "".join(f'"{line}"\n' for line in self.footers.get(name, ()))
        mark = BOM if self.byte_order_mark and self.encoding == "utf-8" else ""
        return (mark + text + footer).encode(self.encoding, errors="replace")


def moment(column: str, layout: str) -> pl.Expr:
    """Write an instant."""
    return pl.col(column).dt.strftime(layout)


def money(column: str) -> pl.Expr:
    """Write an amount with two decimal places."""
    return pl.col(column).cast(pl.String)


def flag(condition: pl.Expr) -> pl.Expr:
    """Write yes or no as true or false."""
    return pl.when(condition).then(pl.lit("true")).otherwise(pl.lit("false"))


def attribute(name: str) -> pl.Expr:
    """Take one of a deal's attributes."""
    return pl.col("attributes").str.json_path_match(f"$.{name}").alias(name)
