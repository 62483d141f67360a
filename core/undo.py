"""Taking imports back, and doing them again: both sides of a snapshot change places."""

import json
from typing import Any, Final

import duckdb

from core import schema
from core.errors import UndoError, UnknownNameError
from core.snapshots import Side, Snapshot, restore, settled, snapshots
from core.workspace import Workspace

_ASIDE: Final = "past_snapshot = $number AND past_side = $side"
_OWN: Final = "list_contains($own, import_id)"


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
    for table in schema.IMPORTED.values():
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
    which = f"WHERE {_OWN}"
    _set_aside(cursor, table.name, (snapshot.number, Side.AFTER), which, own)
    cursor.execute(f'DELETE FROM "{table.name}" {which}', own)  # noqa: S608
    _return_rows(cursor, table.name, (snapshot.number, Side.BEFORE))


def _bring_rows_back(
    cursor: duckdb.DuckDBPyConnection, table: schema.Table, snapshot: Snapshot
) -> None:
    """Put the rows of an undone import back, and keep those they replace."""
    key = ", ".join(f'"{column}"' for column in table.key)
    at = {"number": snapshot.number, "side": Side.AFTER.value}
    again = f'SELECT {key} FROM {schema.PAST}."{table.name}" WHERE {_ASIDE}'  # noqa: S608
    before = (snapshot.number, Side.BEFORE)
    _set_aside(cursor, table.name, before, f"SEMI JOIN ({again}) c USING ({key})", at)
    same = " AND ".join(f'k."{column}" = c."{column}"' for column in table.key)
    cursor.execute(f'DELETE FROM "{table.name}" k USING ({again}) c WHERE {same}', at)  # noqa: S608
    _return_rows(cursor, table.name, (snapshot.number, Side.AFTER))


def _return_rows(cursor: duckdb.DuckDBPyConnection, table: str, version: tuple[int, Side]) -> None:
    """Put one side of a snapshot into its table, where its keys are free."""
    past = f'{schema.PAST}."{table}"'
    at = {"number": version[0], "side": version[1].value}
    cursor.execute(
        f'INSERT INTO "{table}" BY NAME'  # noqa: S608
        f" SELECT * EXCLUDE (past_snapshot, past_side) FROM {past} WHERE {_ASIDE}",
        at,
    )
    cursor.execute(f"DELETE FROM {past} WHERE {_ASIDE}", at)  # noqa: S608


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
