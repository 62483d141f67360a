"""Every import is a snapshot: look at the data as they were, undo an import, do it again.

The canonical tables hold the data as they are. What an import replaces is kept beside them, in the
schema ``past``, as the side ``before`` of that import; rows it leaves as they are cost nothing,
and a first import keeps nothing. A row names its import and an import its snapshot, so every
version of a row has a beginning and an end, and three questions have short answers:

- as of snapshot N: rows whose import is not later, and past rows that a later one replaced;
- what a snapshot changed: the versions it began beside the versions it ended;
- undo (``core.undo``): the versions it began change places with those it ended, and become its
  side ``after``; doing it again is the same exchange the other way round.

The pointer is the latest snapshot that is not undone. Snapshots are undone from the latest
backwards; a new import forgets those that are undone.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import duckdb

from core import schema
from core.errors import UnknownNameError
from core.workspace import Workspace, set_meta

SETTLED: Final = ("kind", "currency", "as_of")
"""Facts about a workspace that an import may settle, and that undoing it unsettles."""


class Side(StrEnum):
    """Which version of a row stands in the past: the one before an import, or the one after."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class Snapshot:
    """One import, of one file or many.

    Parameters
    ----------
    number
        Counts imports from 1.
    made_at
        When it was imported, UTC.
    is_undone
        Whether its rows are set aside.
    is_undoable
        Whether what it replaced was kept.
    files
        Names of its files.
    import_ids
        Their imports.
    rows_in, loaded, rejected
        Data records of its files.
    """

    number: int
    made_at: datetime
    is_undone: bool
    is_undoable: bool
    files: tuple[str, ...]
    import_ids: tuple[str, ...]
    rows_in: int
    loaded: int
    rejected: int


@dataclass(frozen=True)
class Running:
    """An import that is being made: its number, and the imports of its files so far."""

    number: int
    import_ids: tuple[str, ...] = ()


_SNAPSHOTS: Final = """
SELECT
    s.snapshot AS number, s.made_at, s.is_undone, s.is_undoable,
    list(i.file_name ORDER BY i.sequence) AS files,
    list(i.import_id ORDER BY i.sequence) AS import_ids,
    sum(i.rows_in)::BIGINT AS rows_in, sum(i.loaded)::BIGINT AS loaded,
    sum(i.rejected)::BIGINT AS rejected
FROM snapshots s
JOIN (
    SELECT * FROM imports
    UNION ALL BY NAME
    SELECT * EXCLUDE (past_snapshot, past_side) FROM past.imports
) i USING (snapshot)
GROUP BY ALL
ORDER BY s.snapshot DESC
"""


def snapshots(workspace: Workspace) -> tuple[Snapshot, ...]:
    """Return every import that is kept, the latest first; undone ones are marked."""
    rows = workspace.query(_SNAPSHOTS)
    return tuple(
        Snapshot(**{**row, "files": tuple(row["files"]), "import_ids": tuple(row["import_ids"])})
        for row in rows.iter_rows(named=True)
    )


def import_days(workspace: Workspace) -> tuple[date, ...]:
    """Return the days on which something was imported that was not undone, the latest first."""
    rows = workspace.query(
        "SELECT CAST(imported_at AS DATE) AS day FROM imports ORDER BY sequence DESC"
    )
    return tuple(dict.fromkeys(rows["day"]))


def begin(cursor: duckdb.DuckDBPyConnection, now: datetime, *, is_undoable: bool = True) -> int:
    """Start a snapshot inside the transaction of an import and return its number.

    Snapshots that were undone are forgotten: they were made on data that are about to change.
    """
    _forget_undone(cursor)
    found = cursor.execute("SELECT coalesce(max(snapshot), 0) + 1 FROM snapshots").fetchall()
    number = int(found[0][0])
    cursor.execute(
        "INSERT INTO snapshots VALUES ($number, $made_at, false, $undoable, $settled, NULL)",
        {
            "number": number,
            "made_at": _utc(now),
            "undoable": is_undoable,
            "settled": settled(cursor),
        },
    )
    return number


def keep_replaced(
    cursor: duckdb.DuckDBPyConnection, table: str, changed_keys: str, running: Running
) -> None:
    """Keep the rows that a running import is about to change.

    Parameters
    ----------
    table
        A table that files can feed.
    changed_keys
        A query for the keys of the rows, columns named as the table's.
    running
        The import; rows it has written itself are not history.
    """
    key = ", ".join(f'"{name}"' for name in schema.IMPORTED[table].key)
    cursor.execute(
        f'INSERT INTO {schema.PAST}."{table}" BY NAME'  # noqa: S608
        f" SELECT k.*, $snapshot AS past_snapshot, '{Side.BEFORE}' AS past_side"
        f' FROM "{table}" k SEMI JOIN ({changed_keys}) c USING ({key})'
        " WHERE NOT list_contains($own, import_id)",
        {"snapshot": running.number, "own": list(running.import_ids)},
    )


def forget_all(cursor: duckdb.DuckDBPyConnection) -> None:
    """Remove every row, every import and every snapshot: other data take their place."""
    for table in (*schema.IMPORTED, *schema.RECORDS):
        cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - the schema's own names
        cursor.execute(f'DELETE FROM {schema.PAST}."{table}"')  # noqa: S608
    cursor.execute("DELETE FROM snapshots")
    cursor.execute("DELETE FROM published_rates")
    restore(cursor, {})


def as_of(workspace: Workspace, number: int, path: Path | None = None) -> Workspace:
    """Return a copy of the data as they were right after an import: in memory, or a new file.

    It has the fingerprint the data had then, so every figure of that day can be had again.
    Close it when done.

    Raises
    ------
    UnknownNameError
        If there is no such import, or it is undone.
    WorkspaceDamagedError
        If there is a file at the path already.
    """
    known = [one for one in snapshots(workspace) if not one.is_undone]
    if number not in {one.number for one in known}:
        names = [str(one.number) for one in known]
        raise UnknownNameError.among("import", str(number), names)
    copy = Workspace.create(path) if path else Workspace.in_memory()
    with copy.transaction() as cursor:
        for table in (*schema.IMPORTED, *schema.RECORDS):
            copy.insert(cursor, table, workspace.query(_rows_as_of(table), number=number))
        copy.insert(cursor, "published_rates", workspace.query("SELECT * FROM published_rates"))
        kept = "SELECT * FROM snapshots WHERE snapshot <= $number"
        copy.insert(cursor, "snapshots", workspace.query(kept, number=number))
        restore(cursor, _settled_at(workspace, number))
        # Addresses of a later import into the copy must hash to the people who are there.
        set_meta(cursor, "email_key", workspace.meta("email_key") or "")
    return copy


def number_on(workspace: Workspace, day: date) -> int | None:
    """Return the number of the last import made until the end of a day, UTC; None before all."""
    until = [s for s in snapshots(workspace) if not s.is_undone and s.made_at.date() <= day]
    return until[0].number if until else None


def versions_begun(table: str) -> str:
    """Return a query for the rows a snapshot wrote, ``$number``, as it left them."""
    own = "SELECT import_id FROM imports WHERE snapshot = $number"
    return (
        f'SELECT * FROM "{table}" WHERE import_id IN ({own})'  # noqa: S608
        " UNION ALL BY NAME"
        f' SELECT * EXCLUDE (past_snapshot, past_side) FROM {schema.PAST}."{table}"'
        f" WHERE past_side = '{Side.BEFORE}' AND import_id IN ({own})"
    )


def versions_ended(table: str) -> str:
    """Return a query for the rows a snapshot replaced, ``$number``, as it found them."""
    return (
        f'SELECT * EXCLUDE (past_snapshot, past_side) FROM {schema.PAST}."{table}"'  # noqa: S608
        f" WHERE past_side = '{Side.BEFORE}' AND past_snapshot = $number"
    )


def _rows_as_of(table: str) -> str:
    later = "SELECT import_id FROM imports WHERE snapshot > $number"
    return (
        f'SELECT * FROM "{table}" WHERE import_id NOT IN ({later})'  # noqa: S608
        " UNION ALL BY NAME"
        f' SELECT * EXCLUDE (past_snapshot, past_side) FROM {schema.PAST}."{table}"'
        f" WHERE past_side = '{Side.BEFORE}' AND past_snapshot > $number"
        f" AND import_id NOT IN ({later})"
    )


def _forget_undone(cursor: duckdb.DuckDBPyConnection) -> None:
    for table in (*schema.IMPORTED, *schema.RECORDS):
        cursor.execute(
            f"DELETE FROM {schema.PAST}.\"{table}\" WHERE past_side = '{Side.AFTER}'"  # noqa: S608
        )
    cursor.execute("DELETE FROM snapshots WHERE is_undone")


def settled(cursor: duckdb.DuckDBPyConnection) -> str:
    """Return the facts an import may settle, as JSON."""
    facts = cursor.execute(
        "SELECT key, value FROM meta WHERE list_contains($keys, key)", {"keys": list(SETTLED)}
    ).fetchall()
    return json.dumps(dict(facts), sort_keys=True)


def _settled_at(workspace: Workspace, number: int) -> dict[str, str]:
    """Return the facts as they were after a snapshot: those its successor found."""
    found = workspace.query(
        "SELECT settled_before FROM snapshots WHERE snapshot > $number ORDER BY snapshot LIMIT 1",
        number=number,
    )
    if not found.is_empty():
        facts: dict[str, str] = json.loads(found.item())
        return facts
    now = {key: workspace.meta(key) for key in SETTLED}
    return {key: value for key, value in now.items() if value is not None}


def restore(cursor: duckdb.DuckDBPyConnection, facts: dict[str, str]) -> None:
    """Put the facts an import may settle back to what they were."""
    cursor.execute("DELETE FROM meta WHERE list_contains($keys, key)", {"keys": list(SETTLED)})
    for key, value in facts.items():
        set_meta(cursor, key, value)


def _utc(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
