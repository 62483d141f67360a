"""Warnings about a file that is staged: accepted records that a person should look at, counted."""

from collections.abc import Iterator, Sequence
from typing import Final

import duckdb

from core.crm.binding import Binding
from core.crm.cells import literal, trimmed
from core.crm.layers import STAGED, scalar
from core.crm.typed_rows import TYPED
from core.schema import Kind

_ATTRIBUTES_OF: Final = {"deals": "deal", "accounts": "company"}
_NAMES_SHOWN: Final = 8


def while_staged(
    cursor: duckdb.DuckDBPyConnection, binding: Binding, currency: str
) -> Iterator[str]:
    """Yield the doubts about the file that is staged and typed."""
    yield from _made_up_ids(binding)
    yield from _unused(binding)
    yield from _assumed_currency(cursor, binding, currency)
    yield from _by_recipe(cursor, binding)
    yield from _left_blank(cursor, binding)


def _made_up_ids(binding: Binding) -> Iterator[str]:
    for cell in binding.of(0):
        if cell.joined and not cell.places and cell.column.name in binding.recipe.table.key:
            names = [binding.layout.header[place] for place in cell.joined]
            yield f"The file has no id column; records are told apart by {', '.join(names)}."


def _unused(binding: Binding) -> Iterator[str]:
    if binding.layout.title_lines:
        yield f"The header was found after {binding.layout.title_lines} lines, which are left out."
    if binding.attributes:
        kept = [binding.layout.header[place] for place in binding.attributes]
        owner = _ATTRIBUTES_OF[binding.recipe.table.name]
        yield f"Kept as attributes of the {owner}: {_listed(kept)}."
    if binding.unused:
        yield f"Not used: {_listed(binding.unused)}."


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMES_SHOWN
    return ", ".join(names[:_NAMES_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _assumed_currency(
    cursor: duckdb.DuckDBPyConnection, binding: Binding, currency: str
) -> Iterator[str]:
    count = records_without_currency(cursor, binding)
    if count:
        records = "1 record names" if count == 1 else f"{count:,} records name"
        yield f"{records} no currency; {currency} is assumed where no symbol says otherwise."


def records_without_currency(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> int:
    """Count the accepted records with an amount whose currency is assumed."""
    amount = binding.main_amount
    stated = next((c for c in binding.of(0) if c.column.name == "currency"), None)
    if amount is None:
        return 0
    has_amount = f"t.e0_{amount.column.name} IS NOT NULL"
    if stated:
        return _accepted(cursor, f"{has_amount} AND {stated.text()} IS NULL")
    every = f"SELECT count(*) FROM {TYPED} t WHERE t.reason IS NULL AND {has_amount}"  # noqa: S608
    return int(scalar(cursor, every))


def _accepted(cursor: duckdb.DuckDBPyConnection, condition: str) -> int:
    """Count the accepted records for which a condition on typed or staged columns holds."""
    return int(
        scalar(
            cursor,
            f"SELECT count(*) FROM {TYPED} t JOIN {STAGED} s ON s.row = t.row"  # noqa: S608
            f" WHERE t.reason IS NULL AND {condition}",
        )
    )


def _by_recipe(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> Iterator[str]:
    for doubt in binding.recipe.doubts:
        place = binding.place(doubt.header)
        if place is None:
            continue
        expected = ", ".join(map(literal, doubt.unless))
        count = _accepted(cursor, f"lower({trimmed(f's.c{place}')}) NOT IN ({expected})")
        if count:
            yield f"{doubt.words}: {count:,}."


def _left_blank(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> Iterator[str]:
    for cell in binding.of_kind(Kind.INTEGER, Kind.PROBABILITY):
        stored = f"t.e{cell.emission}_{cell.column.name}"
        count = _accepted(cursor, f"{stored} IS NULL AND {cell.text()} IS NOT NULL")
        if count:
            yield f"Left blank in '{binding.header(cell)}' because it is no number: {count:,}."
