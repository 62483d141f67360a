"""Decimal mark and date order: decided once, from values that can be read in one way only."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import duckdb

from core.crm.amounts import Conventions, amount_layers, symbol_codes
from core.crm.binding import Binding, BoundCell
from core.crm.currencies import code
from core.crm.dates import date_layers
from core.crm.layers import STAGED, nested
from core.schema import Kind

_LISTED_AT_MOST: Final = 2_000  # a column with more different codes is no currency column


@dataclass(frozen=True)
class Forced:
    """What a person decided instead of the evidence.

    Parameters
    ----------
    decimal_mark
        ``.`` or ``,``.
    date_order
        ``day_first`` or ``month_first``.
    """

    decimal_mark: str | None = None
    date_order: str | None = None

    def over(self, other: "Forced") -> "Forced":
        """Return what was decided here, and where nothing was, what was decided there."""
        return Forced(self.decimal_mark or other.decimal_mark, self.date_order or other.date_order)


def decide(
    cursor: duckdb.DuckDBPyConnection, binding: Binding, currency: str, forced: Forced
) -> Conventions:
    """Return the conventions of the staged file."""
    amounts = list(binding.of_kind(Kind.AMOUNT))
    looks = {cell.number: _looks(cursor, cell) for cell in amounts}
    marks = {n: forced.decimal_mark or _decimal_mark(found) for n, found in looks.items()}
    return Conventions(
        currency=currency,
        decimal_marks={number: mark for number, mark in marks.items() if mark},
        date_order=forced.date_order or _date_order(cursor, binding),
        currency_codes=_currency_codes(cursor, binding),
        symbols={number: _symbols(found) for number, found in looks.items()},
    )


def main_currency(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> str | None:
    """Return the currency most records of the staged file name, or None."""
    for cell in (c for c in binding.of_kind(Kind.CURRENCY) if c.column.name == "currency"):
        counted = _distinct(cursor, [cell], f"upper(x{cell.number})")
        named = [text for text in counted if code(text)]
        if named:
            return named[0]
    return None


def _distinct(
    cursor: duckdb.DuckDBPyConnection, cells: Iterable[BoundCell], expression: str
) -> list[str]:
    """Return the different values of an expression, the commonest first."""
    rows = cursor.execute(
        f"SELECT {expression} AS value FROM ({nested(cells, ())}) WHERE value IS NOT NULL"  # noqa: S608
        f" GROUP BY ALL ORDER BY count(*) DESC, value LIMIT {_LISTED_AT_MOST}"
    ).fetchall()
    return [str(value) for (value,) in rows]


def _currency_codes(
    cursor: duckdb.DuckDBPyConnection, binding: Binding
) -> dict[int, tuple[str, ...]]:
    cells = binding.of_kind(Kind.CURRENCY)
    return {
        cell.number: tuple(
            text for text in _distinct(cursor, [cell], f"upper(x{cell.number})") if code(text)
        )
        for cell in cells
    }


def _looks(cursor: duckdb.DuckDBPyConnection, cell: BoundCell) -> list[tuple[str, str | None, int]]:
    """Return how the amounts of a cell look, with the symbol beside them and their number."""
    query = nested([cell], [amount_layers(cell.number)])
    return cursor.execute(
        f"SELECT look{cell.number} AS look, symbol{cell.number} AS symbol, count(*)"  # noqa: S608
        f" FROM ({query}) WHERE look IS NOT NULL GROUP BY ALL ORDER BY ALL LIMIT {_LISTED_AT_MOST}"
    ).fetchall()


def _symbols(looks: Iterable[tuple[str, str | None, int]]) -> tuple[str, ...]:
    found = {symbol for _, symbol, _ in looks if symbol and symbol_codes(symbol)}
    return tuple(sorted(found))


def _decimal_mark(looks: Iterable[tuple[str, str | None, int]]) -> str | None:
    counts = Counter[str]()
    for look, _, count in looks:
        counts[look] += count
    return _majority(counts) if counts["p"] or counts["c"] else None


def _majority(counts: Mapping[str, int]) -> str:
    points, commas = counts["p"], counts["c"]
    if points == commas:
        return "mixed"
    return "." if points > commas else ","


def _date_order(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> str | None:
    cells = list(binding.of_kind(Kind.INSTANT, Kind.DATE))
    if not cells:
        return None
    texts = " OR ".join(f"instr({cell.text()}, '-') <> 5" for cell in cells)  # not year-first
    query = nested(
        cells, [date_layers(cell.number) for cell in cells], source=f"{STAGED} WHERE {texts}"
    )
    day = " OR ".join(_slashed(cell, "one") for cell in cells)
    month = " OR ".join(_slashed(cell, "two") for cell in cells)
    rows = cursor.execute(f"SELECT bool_or({day}), bool_or({month}) FROM ({query})").fetchall()  # noqa: S608
    is_day_first, is_month_first = rows[0]
    if is_day_first and is_month_first:
        return "mixed"
    if is_day_first:
        return "day_first"
    return "month_first" if is_month_first else None


def _slashed(cell: BoundCell, part: str) -> str:
    """Return whether a part of a slashed date can only be a day."""
    form, split = f"form{cell.number}", f"split{cell.number}"
    return f"coalesce({form} = 's' AND {split}.mark <> '.' AND {split}.{part}::INT > 12, false)"
