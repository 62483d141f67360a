"""Typed rows into the canonical tables: by key, a newer import updates an older one."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import duckdb
import polars as pl

from core.crm.binding import Binding
from core.crm.cells import literal
from core.crm.layers import STAGED, scalar
from core.crm.reasons import SUGGESTIONS
from core.crm.receipts import Receipt, Reject, Status
from core.crm.recipe import Emission
from core.crm.sheet import Sheet
from core.crm.typed_rows import TYPED
from core.workspace import Workspace

_REJECTED: Final = {
    "import_id": pl.String,
    "row_number": pl.Int64,
    "line": pl.Int64,
    "column_name": pl.String,
    "value": pl.String,
    "reason": pl.String,
    "suggestion": pl.String,
}


def merge(cursor: duckdb.DuckDBPyConnection, binding: Binding, import_id: str) -> None:
    """Write the good records of every emission into its table."""
    stored = {
        row[0]
        for row in cursor.execute(f"SELECT column_name FROM (DESCRIBE {TYPED})").fetchall()  # noqa: S608
    }
    for index, emission in binding.emissions:
        names = [n for n, _ in emission.table.physical() if f"e{index}_{n}" in stored]
        known = _known(index, emission)
        # Rows with new keys are many and go in fast; the rest update what is there.
        are_known = scalar(cursor, f"SELECT EXISTS ({known})")
        for join in ("SEMI", "ANTI") if are_known else ("",):
            statement = _upsert(index, emission, names, join, repeats=binding.recipe.repeats)
            cursor.execute(statement, {"import_id": import_id})


def _rows(index: int, emission: Emission) -> str:
    """Return the typed rows, those with a list in a cell once for each of its elements."""
    split = {name: cell.split for name, cell in emission.cells if cell.split}
    if not split:
        return TYPED
    elements = ", ".join(
        f"nullif(trim(unnest(string_split(e{index}_{name}, {literal(mark)}))), '')"
        f" AS e{index}_{name}"
        for name, mark in split.items()
    )
    return f"(SELECT * REPLACE ({elements}) FROM {TYPED})"  # noqa: S608


def _known(index: int, emission: Emission) -> str:
    """Return a query for the rows whose key the table has already."""
    table, keys = emission.table.name, emission.table.key
    same = " AND ".join(f'k."{key}" = t.e{index}_{key}' for key in keys)
    rows = _rows(index, emission)
    return f'SELECT 1 FROM {rows} t SEMI JOIN "{table}" k ON {same} WHERE t.reason IS NULL'  # noqa: S608


def _upsert(
    index: int, emission: Emission, names: Sequence[str], join: str, *, repeats: bool
) -> str:
    table, keys = emission.table.name, emission.table.key
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(f"t.e{index}_{name}" for name in names)
    same = " AND ".join(f'k."{key}" = t.e{index}_{key}' for key in keys)
    joined = f'{join} JOIN "{table}" k ON {same}' if join else ""
    statement = (
        f'INSERT INTO "{table}" ({columns}, import_id, source_line)'  # noqa: S608
        f" SELECT {values}, $import_id, t.line FROM {_rows(index, emission)} t"
        f" {joined}"
        f" WHERE {_is_stored(index, emission, names, repeats=repeats)}"
    )
    return statement + (_on_conflict(emission, names) if join == "SEMI" else "")


def _is_stored(index: int, emission: Emission, names: Sequence[str], *, repeats: bool) -> str:
    """Return the condition under which a record gives a row of an emission."""
    if index == 0 and not repeats:
        return "t.reason IS NULL"
    keys = emission.table.key  # a record need not have every further row it could give
    always = names if emission.only_new else [*keys, *_required(emission)]
    needed = [*always, *emission.filled]
    filled = "".join(f" AND t.e{index}_{name} IS NOT NULL" for name in dict.fromkeys(needed))
    key = ", ".join(f"t.e{index}_{name}" for name in keys)
    first = f"QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY t.row) = 1"
    return f"t.reason IS NULL{filled} {first}"


def _on_conflict(emission: Emission, names: Sequence[str]) -> str:
    keys = emission.table.key
    changed = [name for name in (*names, "import_id", "source_line") if name not in keys]
    assigned = ", ".join(f'"{name}" = excluded."{name}"' for name in changed)
    action = "NOTHING" if emission.only_new else f"UPDATE SET {assigned}"
    return f" ON CONFLICT ({', '.join(keys)}) DO {action}"


def _required(emission: Emission) -> list[str]:
    return [column.name for column in emission.table.columns if column.required]


def rejected_frame(
    cursor: duckdb.DuckDBPyConnection, binding: Binding, sheet: Sheet, import_id: str
) -> pl.DataFrame:
    """Return the rejected records of a file in the order of its rows."""
    broken = [(b.row, b.line, "", b.value, b.reason) for b in sheet.broken]
    rows = [*broken, *_untypeable(cursor, binding)]
    records = [
        (import_id, *row, SUGGESTIONS[row[4]]) for row in sorted(rows, key=lambda row: row[0])
    ]
    return pl.DataFrame(records, schema=_REJECTED, orient="row")


def _untypeable(
    cursor: duckdb.DuckDBPyConnection, binding: Binding
) -> list[tuple[int, int, str, str, str]]:
    by_number = {cell.number: cell for cell in binding.cells}
    shown = "".join(
        f" WHEN {c.number} THEN {c.text()}" for c in binding.cells if not c.is_from_header
    )
    found = cursor.execute(f"""
        SELECT t.row, t.line, t.cell, left(CASE t.cell {shown} END, 200), t.reason
        FROM {TYPED} t JOIN {STAGED} s ON s.row = t.row WHERE t.reason IS NOT NULL
    """).fetchall()  # noqa: S608
    return [
        (row, line, "" if cell is None else binding.header(by_number[cell]), value or "", reason)
        for row, line, cell, value, reason in found
    ]


def receipt_rejects(rejected: pl.DataFrame) -> tuple[Reject, ...]:
    """Return the rejected records as a receipt shows them."""
    shown = rejected.select("row_number", "line", "column_name", "value", "reason", "suggestion")
    return tuple(Reject(*row) for row in shown.iter_rows())


def record_import(
    workspace: Workspace,
    cursor: duckdb.DuckDBPyConnection,
    receipt: Receipt,
    identity: tuple[str, str],
    now: datetime,
) -> None:
    """Add the receipt to the history; identity is the import's id and the hash of the file."""
    last = scalar(cursor, "SELECT coalesce(max(sequence), 0) FROM imports")
    frame = pl.DataFrame(
        {
            "import_id": [identity[0]],
            "sequence": [last + 1],
            "file_name": [receipt.file],
            "file_hash": [identity[1]],
            "source": [receipt.source],
            "table_name": [receipt.table],
            "status": [receipt.status.value],
            "rows_in": [receipt.rows_in],
            "loaded": [receipt.loaded],
            "rejected": [receipt.rejected],
            "warnings": [json.dumps(receipt.warnings)],
            "imported_at": [_utc(now)],
        }
    )
    workspace.insert(cursor, "imports", frame)


def earlier_receipt(cursor: duckdb.DuckDBPyConnection, file: str, import_id: str) -> Receipt | None:
    """Return what an import of the same file answered, or None when there was none."""
    found = cursor.execute(
        "SELECT table_name, source, status, rows_in, loaded, rejected, warnings FROM imports"
        " WHERE import_id = $import_id",
        {"import_id": import_id},
    ).fetchall()
    if not found:
        return None
    table, source, status, rows_in, loaded, rejected, warnings = found[0]
    rows = cursor.sql(
        "SELECT * FROM rejected_rows WHERE import_id = $import_id ORDER BY row_number",
        params={"import_id": import_id},
    ).pl()
    return Receipt(
        file, table, source, Status(status), rows_in, loaded, rejected,
        warnings=tuple(json.loads(warnings)),
        rejects=receipt_rejects(rows),
        unchanged=True,
    )  # fmt: skip


def _utc(now: datetime) -> datetime:
    """Return the moment as it is stored: UTC without an offset."""
    return now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
