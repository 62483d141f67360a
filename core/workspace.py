"""One customer's data: a DuckDB file, or memory, with a cursor a call and a fingerprint.

DuckDB connections must not be shared by threads, so nothing here hands out the root connection:
each call takes a cursor of its own. The database is locked down before the first row arrives.
"""

import hashlib
import secrets
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Self, TypeVar, cast

import duckdb
import polars as pl

from core import derived, migrations, schema
from core.errors import (
    UnknownNameError,
    WorkspaceDamagedError,
    WorkspaceMissingError,
    WorkspaceVersionError,
)
from core.settings import Settings
from core.workspace_file import connect, journal_of

_FACTS: Final = ("published_rates", "snapshots")

REPLAYED_TO: Final = "replayed_to"
"""Fact of a workspace that holds the past: the day it was put back to."""

SELECTED: Final = "selected"
"""Fact of a workspace that holds a part of the deals: which."""

MOST_REMEMBERED: Final = {"fits": 8, "rows": 3, "counts": 4, "files": 1}
"""What is kept in memory beside the data it was made of, by kind; the oldest is forgotten first."""

T = TypeVar("T")


class Workspace:
    """The canonical tables of one customer.

    Make one with `create`, `open`, `open_or_create` or `in_memory`; close it when done.
    """

    def __init__(self, root: duckdb.DuckDBPyConnection, path: Path | None) -> None:
        self._root = root
        self._writing = threading.Lock()
        self._remembered: dict[str, dict[Hashable, object]] = {}
        self.path = path

    @classmethod
    def in_memory(cls, settings: Settings | None = None) -> Self:
        """Return an empty workspace that is gone when it is closed."""
        workspace = cls(connect(":memory:", settings or Settings()), None)
        workspace._build()
        return workspace

    @classmethod
    def create(cls, path: Path, settings: Settings | None = None) -> Self:
        """Make a new workspace file.

        Raises
        ------
        WorkspaceDamagedError
            If there is a file already, or only the journal of a lost one.
        WorkspaceMissingError
            If there can be no file at that path.
        """
        if path.exists() or journal_of(path).exists():
            raise WorkspaceDamagedError(
                f"{path} cannot be made anew: it, or its journal, exists.",
                "Choose another name, or move the old files away.",
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WorkspaceMissingError(
                f"{path} cannot be made: {error.strerror}.", "Choose another place."
            ) from error
        workspace = cls(connect(str(path), settings or Settings()), path)
        workspace._build()
        return workspace

    @classmethod
    def open(cls, path: Path, settings: Settings | None = None) -> Self:
        """Open an existing workspace file.

        Raises
        ------
        WorkspaceMissingError
            If there is no such file.
        WorkspaceLockedError
            If another process has it open.
        WorkspaceDamagedError
            If it is not a workspace.
        WorkspaceVersionError
            If a newer version of the product made it.
        """
        if not path.exists():
            raise WorkspaceMissingError(
                f"There is no workspace at {path}.",
                "Make one with 'python -m app import' or 'python -m app demo'.",
            )
        workspace = cls(connect(str(path), settings or Settings()), path)
        try:
            workspace._bring_up_to_date()
        except BaseException:
            workspace.close()
            raise
        return workspace

    @classmethod
    def open_or_create(cls, path: Path, settings: Settings | None = None) -> Self:
        """Open the file, or make it when neither it nor a journal of it is there."""
        if path.exists() or journal_of(path).exists():
            return cls.open(path, settings)
        return cls.create(path, settings)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a cursor for one call; never keep it, never hand it to another thread."""
        return self._root.cursor()

    def query(self, sql: str, **parameters: object) -> pl.DataFrame:
        """Run one reading statement with bound parameters and return its rows."""
        cursor = self.cursor()
        relation = cursor.sql(sql, params=parameters) if parameters else cursor.sql(sql)
        rows: pl.DataFrame = relation.pl()
        return rows

    @contextmanager
    def transaction(self, *, of_rows: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
        """Write all or nothing; one writer at a time, readers see the old or the new state.

        What `core.derived` computes from the canonical tables is brought up to date last, so that
        no reader sees one without the other.

        Parameters
        ----------
        of_rows
            Whether canonical tables change; a fact about the workspace leaves what is derived.
        """
        with self._writing:
            cursor = self.cursor()
            cursor.execute("BEGIN")
            try:
                yield cursor
                if of_rows:
                    derived.derive(cursor)
                cursor.execute("COMMIT")
            except BaseException:
                with suppress(duckdb.Error):  # a failed COMMIT has ended the transaction already
                    cursor.execute("ROLLBACK")
                raise
            if self.path is not None:
                cursor.execute("CHECKPOINT")

    def insert(self, cursor: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
        """Add the rows of a frame whose columns are named as the table's stored columns.

        Raises
        ------
        UnknownNameError
            If there is no such table.
        """
        if table not in (*schema.IMPORTED, *schema.RECORDS, *_FACTS):
            raise UnknownNameError.among("table", table, schema.IMPORTED)
        cursor.register("incoming", frame)
        try:
            cursor.execute(f'INSERT INTO "{table}" BY NAME SELECT * FROM incoming')  # noqa: S608
        finally:
            cursor.unregister("incoming")

    def count(self, table: str) -> int:
        """Return how many rows a canonical table has.

        Raises
        ------
        UnknownNameError
            If there is no such table.
        """
        if table not in schema.TABLES:
            raise UnknownNameError.among("table", table, schema.TABLES)
        ((rows,),) = self._rows(f'SELECT count(*) FROM "{table}"')  # noqa: S608
        return int(rows)

    def is_empty(self) -> bool:
        """Tell whether no deal has been imported yet."""
        return self.count("deals") == 0

    def fingerprint(self) -> str:
        """Return a short name of the data as they are: equal data history, equal name."""
        history = self._rows("SELECT import_id FROM imports ORDER BY sequence")
        apart = (self.meta(REPLAYED_TO), self.meta(SELECTED))
        named = [*(import_id for (import_id,) in history), *(fact for fact in apart if fact)]
        return hashlib.sha256("\n".join(named).encode()).hexdigest()[:16]

    def remembered(self, key: Hashable, compute: Callable[[], T], kind: str = "fits") -> T:
        """Return what was computed under this key from the data as they are, or compute it now.

        For results that take seconds and that several questions share, such as a fitted model, or
        ``rows`` that many questions read; they must not hold frames of an engine, which end with
        the call they were made in.
        """
        shelf = self._remembered.setdefault(kind, {})
        known = (self.fingerprint(), key)
        if known not in shelf:
            answer = compute()
            while len(shelf) >= MOST_REMEMBERED[kind]:
                shelf.pop(next(iter(shelf)), None)
            shelf[known] = answer
            return answer
        return cast("T", shelf[known])

    def meta(self, key: str) -> str | None:
        """Return a fact about the workspace, such as ``kind`` (demo or own)."""
        rows = self._rows("SELECT value FROM meta WHERE key = $key", key=key)
        return str(rows[0][0]) if rows else None

    def _rows(self, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Return a few rows as they are, which takes half the time of a frame."""
        return self.cursor().execute(sql, parameters).fetchall()

    def is_alive(self) -> bool:
        """Tell whether the database still answers; after a fatal error it refuses every call."""
        try:
            self._rows("SELECT 1")
        except duckdb.Error:
            return False
        return True

    def close(self) -> None:
        """Release the file."""
        self._root.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _build(self) -> None:
        with self.transaction(of_rows=False) as cursor:
            for statement in (*schema.create_statements(), *derived.EMPTY):
                cursor.execute(statement)
            facts = {"schema_version": str(migrations.VERSION), "email_key": secrets.token_hex(16)}
            for key, value in facts.items():
                set_meta(cursor, key, value)

    def _bring_up_to_date(self) -> None:
        """Migrate a file that an earlier version of the product made; nothing of it is lost."""
        found = self.query("SELECT 1 AS n FROM duckdb_tables() WHERE table_name = 'meta'")
        version = None if found.is_empty() else self.meta("schema_version")
        if version is None or not version.isdecimal():
            raise WorkspaceDamagedError(
                f"{self.path} is a database, but not a workspace of this product.",
                "Choose a file made by 'python -m app import' or 'python -m app demo'.",
            )
        if int(version) > migrations.VERSION:
            raise WorkspaceVersionError(
                f"{self.path} was made by a newer version of the product.",
                "Update the product; the file was not changed.",
            )
        if int(version) < migrations.VERSION:
            with self.transaction() as cursor:
                migrations.migrate(cursor, int(version))
                set_meta(cursor, "schema_version", str(migrations.VERSION))


def set_meta(cursor: duckdb.DuckDBPyConnection, key: str, value: str) -> None:
    """Record a fact about the workspace inside a transaction."""
    cursor.execute(
        "INSERT OR REPLACE INTO meta VALUES ($key, $value)", {"key": key, "value": value}
    )
