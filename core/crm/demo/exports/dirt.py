"""What goes wrong with exports in real life, put in on purpose and by seed."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Final

import numpy as np
import polars as pl

from core.crm.demo.chance import Chance, Flags
from core.crm.demo.exports.book import Book
from core.errors import UnknownNameError


class Dirt(StrEnum):
    """One kind of fault."""

    MISSING_ROLES = "missing-roles"
    DUPLICATES = "duplicates"
    MIXED_DATES = "mixed-dates"
    BLANK_AMOUNTS = "blank-amounts"
    FOOTERS = "footers"
    CP1252 = "cp1252"


_MISSING_ROLES, _DUPLICATES, _MIXED_DATES, _BLANK_AMOUNTS = 0.3, 0.02, 0.2, 0.06
_FOOTER: Final = (
    "Confidential Information - Do Not Distribute",
    "Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.",
)


def dirt_from(names: str) -> tuple[Dirt, ...]:
    """Read a list of faults as written on a command line; "all" means every one.

    Raises
    ------
    UnknownNameError
        If one of them does not exist.

    >>> dirt_from("footers,duplicates")
    (<Dirt.DUPLICATES: 'duplicates'>, <Dirt.FOOTERS: 'footers'>)
    """
    if names == "all":
        return tuple(Dirt)
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in list(Dirt):
            raise UnknownNameError.among("kind of dirt", name, ["all", *Dirt])
    return tuple(kind for kind in Dirt if kind in wanted)


def soiled(book: Book, dirt: tuple[Dirt, ...], chance: Chance) -> Book:
    """Return the book with some faults, always in the same order."""
    for kind in Dirt:
        if kind in dirt:
            book = _FAULTS[kind](book, chance)
    return book


def _missing_roles(book: Book, chance: Chance) -> Book:
    """Leave deals without people: without their rows, or with an empty list."""
    name, column = book.people
    sheet = book.sheets[name]
    missing = _some(chance, "missing roles", sheet.height, _MISSING_ROLES)
    if name != book.deals:
        return book.with_sheet(name, sheet.filter(~pl.Series(missing)))
    return book.with_sheet(name, _blanked(sheet, column, missing))


def _duplicates(book: Book, chance: Chance) -> Book:
    """Repeat some deals further down, as two overlapping views do."""
    sheet = book.sheets[book.deals]
    again = _some(chance, "duplicates", sheet.height, _DUPLICATES)
    return book.with_sheet(book.deals, pl.concat([sheet, sheet.filter(pl.Series(again))]))


def _mixed_dates(book: Book, chance: Chance) -> Book:
    """Write some dates as people type them: 31.12.2025."""
    sheet = book.sheets[book.deals]
    typed = pl.Series("typed", _some(chance, "mixed dates", sheet.height, _MIXED_DATES))
    turned = {
        column: pl.when(typed)
        .then(pl.col(column).str.replace(r"^(\d{4})-(\d\d)-(\d\d).*$", "${3}.${2}.${1}"))
        .otherwise(pl.col(column))
        for column in book.dates
    }
    return book.with_sheet(book.deals, sheet.with_columns(**turned))


def _blank_amounts(book: Book, chance: Chance) -> Book:
    sheet = book.sheets[book.deals]
    blank = _some(chance, "blank amounts", sheet.height, _BLANK_AMOUNTS)
    return book.with_sheet(book.deals, _blanked(sheet, book.amount, blank))


def _footers(book: Book, _: Chance) -> Book:
    return replace(book, footers={**book.footers, book.deals: _FOOTER})


def _cp1252(book: Book, _: Chance) -> Book:
    return replace(book, encoding="cp1252")


_FAULTS: Final[dict[Dirt, Callable[[Book, Chance], Book]]] = {
    Dirt.MISSING_ROLES: _missing_roles,
    Dirt.DUPLICATES: _duplicates,
    Dirt.MIXED_DATES: _mixed_dates,
    Dirt.BLANK_AMOUNTS: _blank_amounts,
    Dirt.FOOTERS: _footers,
    Dirt.CP1252: _cp1252,
}


def _some(chance: Chance, name: str, count: int, share: float) -> Flags:
    chosen: Flags = chance.uniform(f"dirt/{name}", np.arange(count)) < share
    return chosen


def _blanked(sheet: pl.DataFrame, column: str, rows: Flags) -> pl.DataFrame:
    emptied = pl.when(~pl.Series("rows", rows)).then(pl.col(column))
    return sheet.with_columns(emptied.alias(column))
