"""Closing dates of deals that are still open: the day they are expected to close."""

from collections.abc import Iterator

import duckdb

from core.crm.binding import Binding
from core.crm.layers import scalar
from core.crm.typed_rows import TYPED
from core.formats import counted


def expect_close(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> Iterator[str]:
    """Move the closing date of open deals to their expected close, and say for how many.

    Many CRMs have one column for both. A deal is open where its outcome is blank; where the file
    has an expected close of its own, that one counts.
    """
    filled = {cell.column.name for cell in binding.of(0)}
    if binding.recipe.table.name != "deals" or "closed_at" not in filled:
        return
    outcome = "e0_is_won IS NULL" if "is_won" in filled else "true"
    early = f"reason IS NULL AND {outcome} AND e0_closed_at IS NOT NULL"
    count = scalar(cursor, f"SELECT count(*) FROM {TYPED} WHERE {early}")  # noqa: S608
    if not count:
        return
    if "expected_close_at" not in filled:
        cursor.execute(f"ALTER TABLE {TYPED} ADD COLUMN e0_expected_close_at DATE")
    cursor.execute(f"""
        UPDATE {TYPED} SET
            e0_expected_close_at = coalesce(e0_expected_close_at, e0_closed_at::DATE),
            e0_closed_at = NULL, e0_closed_at_epoch = NULL, e0_closed_at_is_date = NULL
        WHERE {early}
    """)  # noqa: S608
    have = "has" if count == 1 else "have"
    yield f"{counted(count, 'open deal')} {have} a closing date, taken as the expected close."
