"""Typed rows into the canonical tables: by key, a newer import updates an older one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import duckdb
import polars as pl

from core import snapshots
from core.crm.binding import Binding
from core.crm.cells import literal
from core.crm.layers import STAGED, scalar
from core.crm.reasons import SUGGESTIONS
from core.crm.receipts import Receipt, Reject, Status
from core.crm.recipe import Emission
from core.crm.sheet import Sheet
from core.crm.stored_doubts import SAID_AGAIN
from core.crm.typed_rows import TYPED
from core.snapshots import Running
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


def merge(
    cursor: duckdb.DuckDBPyConnection, binding: Binding, import_id: str, running: Running
) -> None:
    """Write the good records of every emission into its table.

    A record that says nothing new leaves its row as it is, with the import that brought it. What
    a row said before it is changed is kept for the history.
    """
    stored = {
        row[0]
        for row in cursor.execute(f"SELECT column_name FROM (DESCRIBE {TYPED})").fetchall()  # noqa: S608
    }
    for index, emission in binding.emissions:
        names = [n for n, _ in emission.table.physical() if f"e{index}_{n}" in stored]
        load = _Load(index, emission, tuple(names), repeats=binding.recipe.repeats)
        # Rows with new keys are many and go in fast; the rest update what is there.
        are_known = scalar(cursor, f"SELECT EXISTS ({load.known()})")
        if are_known and index == 0:
            _note_missing(cursor, binding, import_id)
            cursor.execute(load.say_again(), {"import_id": import_id})
        if are_known and not emission.only_new:
            snapshots.keep_replaced(cursor, emission.table.name, load.changed_keys(), running)
            cursor.execute(load.update(), {"import_id": import_id})
        cursor.execute(load.insert(are_known=are_known), {"import_id": import_id})


@dataclass(frozen=True)
class _Load:
    """The statements that write the rows of one emission."""

    index: int
    emission: Emission
    names: tuple[str, ...]
    repeats: bool

    @property
    def _table(self) -> str:
        return self.emission.table.name

    @property
    def _same(self) -> str:
        return " AND ".join(f'k."{key}" = t.e{self.index}_{key}' for key in self.emission.table.key)

    @property
    def _others(self) -> list[str]:
        return [name for name in self.names if name not in self.emission.table.key]

    @property
    def _differs(self) -> str:
        return (
            " OR ".join(
                f'k."{name}" IS DISTINCT FROM t.e{self.index}_{name}' for name in self._others
            )
            or "false"
        )

    def known(self) -> str:
        """Return a query for the rows whose key the table has already."""
        rows = _rows(self.index, self.emission)
        return (
            f'SELECT 1 FROM {rows} t SEMI JOIN "{self._table}" k ON {self._same}'  # noqa: S608
            " WHERE t.reason IS NULL"
        )

    def _records(self) -> str:
        """Return a query for the records that give a row."""
        is_stored = _is_stored(self.index, self.emission, self.names, repeats=self.repeats)
        return f"SELECT t.* FROM {_rows(self.index, self.emission)} t WHERE {is_stored}"  # noqa: S608

    def _changed(self) -> str:
        """Return what follows FROM for the records that say something new about a row."""
        return f'({self._records()}) t JOIN "{self._table}" k ON {self._same} WHERE {self._differs}'

    def changed_keys(self) -> str:
        """Return a query for the keys of the rows that are going to change."""
        key = ", ".join(f'k."{name}"' for name in self.emission.table.key)
        return f"SELECT {key} FROM {self._changed()}"  # noqa: S608

    def say_again(self) -> str:
        """Return the statement that notes the records of rows that are there already."""
        key = f"t.e{self.index}_{self.emission.table.key[0]}"
        return (
            f"INSERT INTO {SAID_AGAIN} SELECT $import_id, {key} FROM ({self._records()}) t"  # noqa: S608
            f' SEMI JOIN "{self._table}" k ON {self._same}'
        )

    def update(self) -> str:
        """Return the statement for rows that change."""
        assigned = "".join(f'"{name}" = t.e{self.index}_{name}, ' for name in self._others)
        return (
            f'UPDATE "{self._table}" k SET {assigned}import_id = $import_id, source_line = t.line'  # noqa: S608
            f" FROM ({self._records()}) t WHERE {self._same} AND ({self._differs})"
        )

    def insert(self, *, are_known: bool) -> str:
        """Return the statement for rows with new keys."""
        joined = f' ANTI JOIN "{self._table}" k ON {self._same}' if are_known else ""
        columns = ", ".join(f'"{name}"' for name in self.names)
        values = ", ".join(f"t.e{self.index}_{name}" for name in self.names)
        return (
            f'INSERT INTO "{self._table}" ({columns}, import_id, source_line)'  # noqa: S608
            f" SELECT {values}, $import_id, t.line FROM ({self._records()}) t{joined}"
        )


def _note_missing(cursor: duckdb.DuckDBPyConnection, binding: Binding, import_id: str) -> None:
    """Note the records that a whole export no longer has, though an earlier one of its kind had.

    A file that repeats at least half of them is taken for a whole export.
    """
    table = binding.recipe.table
    same = " AND ".join(f'k."{key}" = t.e0_{key}' for key in table.key)
    earlier = (
        f'SELECT k.* FROM "{table.name}" k JOIN imports i USING (import_id)'  # noqa: S608
        " WHERE i.source = $source"
    )
    source = {"source": binding.recipe.name}
    count = f"SELECT count(*) FROM ({earlier}) k"  # noqa: S608
    here = scalar(cursor, f"{count} SEMI JOIN {TYPED} t ON {same}", source)
    missing = scalar(cursor, count, source) - here
    if 0 < missing <= here:
        key = ", ".join(f'k."{name}"' for name in table.key)
        cursor.execute(
            f"INSERT INTO missing_rows SELECT $import_id, '{table.name}',"  # noqa: S608
            f" concat_ws(' | ', {key}) FROM ({earlier}) k ANTI JOIN {TYPED} t ON {same}",
            {"import_id": import_id, **source},
        )


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
    made: tuple[int, datetime],
) -> None:
    """Add the receipt to the history.

    ``identity`` is the import's id and the hash of the file, ``made`` its snapshot and when.
    """
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
            "imported_at": [_utc(made[1])],
            "snapshot": [made[0]],
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
