"""The sums of a file by currency: what stands in it against what was stored and what was not."""

from typing import Final

import duckdb

from core.crm.binding import Binding
from core.crm.receipts import Sum
from core.crm.stored_doubts import are_any_said_again
from core.crm.typed_rows import TYPED
from core.schema import Kind

_SUMS: Final = """
WITH lines AS (
    SELECT e0_currency AS currency, e0_{name} AS amount, reason IS NULL AS is_good, {line} AS line
    FROM {typed}
), filed AS (
    SELECT
        currency, sum(amount) AS in_file,
        coalesce(sum(amount) FILTER (NOT is_good), 0) AS rejected,
        coalesce(sum(amount) FILTER (is_good AND line > 1), 0) AS repeated
    FROM lines
    WHERE amount IS NOT NULL
    GROUP BY currency
), stored AS (
    SELECT currency, sum({name}) AS loaded
    FROM "{table}" k {of_file} AND {name} IS NOT NULL
    GROUP BY currency
)
SELECT currency, in_file, coalesce(loaded, 0), rejected, repeated
FROM filed LEFT JOIN stored USING (currency)
ORDER BY in_file DESC, currency
"""
"""One row a currency, the largest first."""


def sums_of(cursor: duckdb.DuckDBPyConnection, binding: Binding, import_id: str) -> tuple[Sum, ...]:
    """Return the sums of the staged file, once its records are stored, the largest first."""
    table = binding.recipe.table
    amount = binding.main_amount
    if amount is None or not any(c.kind is Kind.CURRENCY for c in table.columns):
        return ()
    name = amount.column.name
    key = ", ".join(f"e0_{column}" for column in table.key)
    of_file, parameters = "WHERE import_id = $import_id", {"import_id": import_id}
    if are_any_said_again(cursor, import_id):  # rows said again may bear an earlier import
        same = " AND ".join(f'k."{column}" = t.e0_{column}' for column in table.key)
        of_file, parameters = f"SEMI JOIN {TYPED} t ON {same} AND t.reason IS NULL WHERE true", {}
    line = "1"
    if binding.recipe.repeats:
        line = f"row_number() OVER (PARTITION BY reason IS NULL, {key} ORDER BY row)"
    query = _SUMS.format(name=name, line=line, typed=TYPED, table=table.name, of_file=of_file)
    found = cursor.execute(query, parameters).fetchall()
    unreadable = _unreadable(cursor, name)
    return tuple(
        Sum(currency, in_file, loaded, rejected, repeated, unreadable)
        for currency, in_file, loaded, rejected, repeated in found
    )


def _unreadable(cursor: duckdb.DuckDBPyConnection, name: str) -> int:
    rows = cursor.execute(
        f"SELECT count(*) FROM {TYPED} WHERE reason IS NOT NULL AND e0_{name} IS NULL"  # noqa: S608
    ).fetchall()
    return int(rows[0][0])
