"""Taking imports back, and doing them again: both sides of a snapshot change places."""

import json
from typing import Any, Final

import duckdb

from core import schema
from core.errors import UndoError, UnknownNameError
from core.snapshots import Side, Snapshot, restore, settled, snapshots
from core.workspace import Workspace

FEW: Final = 10_000
"""Rows that are deleted one by one, whatever the size of their table."""

_ASIDE: Final = "past_snapshot = $number AND past_side = $side"
_OWN: Final = "list_contains($own, import_id)"
_DEAR: Final = 10  # how many times as long a row takes to delete as one that stays to be written


def undo(workspace: Workspace, number: int | None = None) -> tuple[Snapshot, ...]:
    """Take back the latest import, or every import back to and including the given one.

    All in one transaction: after a crash nothing, or everything, is undone. The fingerprint of
    the data is then what it was before.

    Returns
    -------
    tuple[Snapshot, ...]
        What was undone, the latest first.

    Raises
    ------
    UndoError
        If nothing was imported, or what an import replaced was not kept.
    UnknownNameError
        If there is no such import.
    """
    done = [one for one in snapshots(workspace) if not one.is_undone]
    if not done:
        raise UndoError("There is no import to undo.", "Nothing was changed.")
    target = done[0].number if number is None else number
    if target not in {one.number for one in done}:
        known = [str(one.number) for one in done]
        raise UnknownNameError.among("import", str(target), known)
    affected = tuple(one for one in done if one.number >= target)
    for one in affected:
        if not one.is_undoable:
            raise UndoError(
                f"Import {one.number} cannot be undone: what it replaced was not kept.",
                "It is demo data, or was imported by an earlier version of the product.",
            )
    with workspace.transaction() as cursor:
        for one in affected:
            _exchange(cursor, one, is_leaving=True)
    return affected


def redo(workspace: Workspace) -> Snapshot:
    """Do the import again that was undone last, without its files.

    Raises
    ------
    UndoError
        If no undone import is kept.
    """
    undone = [one for one in snapshots(workspace) if one.is_undone]
    if not undone:
        raise UndoError("There is no undone import to do again.", "Nothing was changed.")
    with workspace.transaction() as cursor:
        _exchange(cursor, undone[-1], is_leaving=False)
    return undone[-1]


def _exchange(cursor: duckdb.DuckDBPyConnection, snapshot: Snapshot, *, is_leaving: bool) -> None:
    """Let a snapshot leave, or come back, with everything that belongs to it."""
    for table in schema.TABLES.values():
        (_take_rows_back if is_leaving else _bring_rows_back)(cursor, table, snapshot)
    for record in schema.RECORDS:
        _move_records(cursor, record, snapshot, is_leaving=is_leaving)
    _unsettle(cursor, snapshot, is_leaving=is_leaving)
    cursor.execute(
        "UPDATE snapshots SET is_undone = $undone WHERE snapshot = $number",
        {"undone": is_leaving, "number": snapshot.number},
    )


def _unsettle(cursor: duckdb.DuckDBPyConnection, snapshot: Snapshot, *, is_leaving: bool) -> None:
    """Put the facts back to those before the snapshot, or to those after it."""
    at = {"number": snapshot.number}
    if is_leaving:
        cursor.execute(
            "UPDATE snapshots SET settled_after = $settled WHERE snapshot = $number",
            {"settled": settled(cursor), **at},
        )
    column = "settled_before" if is_leaving else "settled_after"
    stored = cursor.execute(
        f"SELECT {column} FROM snapshots WHERE snapshot = $number",  # noqa: S608
        at,
    ).fetchall()
    restore(cursor, json.loads(stored[0][0]))


def _take_rows_back(
    cursor: duckdb.DuckDBPyConnection, table: schema.Table, snapshot: Snapshot
) -> None:
    """Set the rows of an import aside, and put those it replaced back in their place."""
    own = {"own": list(snapshot.import_ids)}
    leaving, staying = cursor.execute(
        f"SELECT count(*) FILTER (WHERE {_OWN}), count(*) FILTER (WHERE ({_OWN}) IS NOT true)"  # noqa: S608
        f' FROM "{table.name}"',
        own,
    ).fetchall()[0]
    if not leaving:  # what it replaced bears its name now, so there is nothing of that either
        return
    _set_aside(cursor, table.name, (snapshot.number, Side.AFTER), f"WHERE {_OWN}", own)
    if leaving > FEW and leaving * _DEAR > staying:
        _rebuild_without(cursor, table, own)
        _return_rows(cursor, table, (snapshot.number, Side.BEFORE), "")
    else:
        _return_rows(cursor, table, (snapshot.number, Side.BEFORE), _replacing(table))
        cursor.execute(f'DELETE FROM "{table.name}" WHERE {_OWN}', own)  # noqa: S608


def _bring_rows_back(
    cursor: duckdb.DuckDBPyConnection, table: schema.Table, snapshot: Snapshot
) -> None:
    """Put the rows of an undone import back, and keep those they replace."""
    key = ", ".join(f'"{column}"' for column in table.key)
    at = {"number": snapshot.number, "side": Side.AFTER.value}
    again = f'SELECT {key} FROM {schema.PAST}."{table.name}" WHERE {_ASIDE}'  # noqa: S608
    before = (snapshot.number, Side.BEFORE)
    _set_aside(cursor, table.name, before, f"SEMI JOIN ({again}) c USING ({key})", at)
    _return_rows(cursor, table, (snapshot.number, Side.AFTER), _replacing(table))


def _return_rows(
    cursor: duckdb.DuckDBPyConnection, table: schema.Table, version: tuple[int, Side], meeting: str
) -> None:
    """Put one side of a snapshot into its table; ``meeting`` says what to do with equal keys."""
    past = f'{schema.PAST}."{table.name}"'
    at = {"number": version[0], "side": version[1].value}
    cursor.execute(
        f'INSERT INTO "{table.name}" BY NAME'  # noqa: S608
        f" SELECT * EXCLUDE (past_snapshot, past_side) FROM {past} WHERE {_ASIDE} {meeting}",
        at,
    )
    cursor.execute(f"DELETE FROM {past} WHERE {_ASIDE}", at)  # noqa: S608


def _replacing(table: schema.Table) -> str:
    """Return the clause by which a row takes the place of the one with its key.

    A key deleted and inserted in one transaction may clash, so rows are replaced and not deleted.
    """
    key = ", ".join(f'"{column}"' for column in table.key)
    assigned = ", ".join(
        f'"{column}" = excluded."{column}"'
        for column, _ in table.physical()
        if column not in table.key
    )
    return f"ON CONFLICT ({key}) DO UPDATE SET {assigned}"


def _rebuild_without(
    cursor: duckdb.DuckDBPyConnection, table: schema.Table, own: dict[str, list[str]]
) -> None:
    """Remove the rows of an import by making the table anew.

    Deleting takes the engine 15 microseconds a row to take its key out of the index, writing the
    rows that stay one.
    """
    cursor.execute(
        f'CREATE TEMP TABLE staying AS SELECT * FROM "{table.name}" WHERE ({_OWN}) IS NOT true',  # noqa: S608
        own,
    )
    cursor.execute(table.ddl().replace("CREATE TABLE", "CREATE OR REPLACE TABLE", 1))
    cursor.execute(f'INSERT INTO "{table.name}" BY NAME SELECT * FROM staying')  # noqa: S608
    cursor.execute("DROP TABLE staying")


def _set_aside(
    cursor: duckdb.DuckDBPyConnection,
    table: str,
    version: tuple[int, Side],
    which: str,
    parameters: dict[str, Any],
) -> None:
    number, side = version
    cursor.execute(
        f'INSERT INTO {schema.PAST}."{table}" BY NAME'  # noqa: S608
        f" SELECT k.*, {number}::BIGINT AS past_snapshot, '{side}' AS past_side"
        f' FROM "{table}" k {which}',
        parameters,
    )


def _move_records(
    cursor: duckdb.DuckDBPyConnection, table: str, snapshot: Snapshot, *, is_leaving: bool
) -> None:
    """Let what tells of an import go, or come back, with its rows."""
    own = {"own": list(snapshot.import_ids)}
    which = f"WHERE {_OWN}"
    past = f'{schema.PAST}."{table}"'
    if is_leaving:
        _set_aside(cursor, table, (snapshot.number, Side.AFTER), which, own)
        cursor.execute(f'DELETE FROM "{table}" {which}', own)  # noqa: S608
        return
    cursor.execute(
        f'INSERT INTO "{table}" BY NAME SELECT * EXCLUDE (past_snapshot, past_side)'  # noqa: S608
        f" FROM {past} {which}",
        own,
    )
    cursor.execute(f"DELETE FROM {past} {which}", own)  # noqa: S608
