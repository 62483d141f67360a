"""Amounts that the CRM itself converted: which currency they are in, and that they are used."""

from collections.abc import Iterator

import duckdb

from core import money
from core.crm.binding import Binding
from core.crm.cells import literal
from core.crm.typed_rows import TYPED
from core.formats import counted

_GOOD = "reason IS NULL AND e0_amount IS NOT NULL AND e0_converted_amount IS NOT NULL"


def settle(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> Iterator[str]:
    """Find the currency the CRM converts into, where the file does not say it; say what was found.

    HubSpot exports an amount in the company's currency without naming that. It is the only
    currency whose deals have the same amount in both columns; where no currency is, or several
    are, the converted amounts are left out, for a guess could be wrong for every deal.
    """
    filled = {cell.column.name: cell for cell in binding.of(0)}
    if binding.recipe.table.name != "deals" or not {"amount", "converted_amount"} <= set(filled):
        return
    header = binding.header(filled["converted_amount"])
    evidence = cursor.execute(
        f"SELECT e0_currency, count(*), bool_and(e0_amount = e0_converted_amount) FROM {TYPED}"  # noqa: S608
        f" WHERE {_GOOD} AND e0_converted_currency IS NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    home = [(currency, deals) for currency, deals, is_same in evidence if is_same]
    differs = any(not is_same for _, _, is_same in evidence)
    if len(home) == 1 and differs:
        yield from _name_currency(cursor, home[0], header)
    elif differs:
        yield f"'{header}' is not used: no deal shows which currency it is in."
    _leave_out_nameless(cursor)
    yield from _used(cursor)


def _name_currency(
    cursor: duckdb.DuckDBPyConnection, found: tuple[str, int], header: str
) -> Iterator[str]:
    currency, deals = found
    factor = 10 ** money.exponent(currency)
    cursor.execute(f"""
        UPDATE {TYPED} SET e0_converted_currency = {literal(currency)},
            e0_converted_amount_minor = round_even(e0_converted_amount * {factor}, 0)::BIGINT
        WHERE e0_converted_amount IS NOT NULL AND e0_converted_currency IS NULL
    """)  # noqa: S608 - a code of our own list
    same = "has" if deals == 1 else "have"
    yield (
        f"'{header}' is taken to be in {currency}: {counted(deals, 'deal')} in {currency} {same}"
        " the same amount in both columns, and no other currency does."
    )


def _leave_out_nameless(cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute(f"""
        UPDATE {TYPED} SET e0_converted_amount = NULL, e0_converted_amount_minor = NULL
        WHERE e0_converted_currency IS NULL AND e0_converted_amount IS NOT NULL
    """)  # noqa: S608


def _used(cursor: duckdb.DuckDBPyConnection) -> Iterator[str]:
    rows = cursor.execute(
        f"SELECT e0_converted_currency, count(*) FROM {TYPED}"  # noqa: S608
        f" WHERE {_GOOD} AND e0_converted_currency <> e0_currency GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for currency, deals in rows:
        yield (
            f"{counted(deals, 'deal')} in other currencies: their amount in {currency} is the CRM's"
            " own, which goes before exchange rates."
        )
