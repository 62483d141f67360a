"""A lazy frame on any engine, by URL: the same expressions on a laptop and on a warehouse.

``duckdb:`` (the default) reads the workspace's own tables; ``polars:`` loads them into memory
first, which tests use to prove that an answer does not depend on the engine. An engine serves one
call: it holds one cursor, because frames of two cursors cannot be joined and a cursor must not
be shared by threads.
"""

from collections.abc import Callable, Hashable
from typing import Any, Final, Protocol, TypeVar

import narwhals as nw
import polars as pl
import polars.selectors as cs

from core import schema
from core.derived import DERIVED
from core.errors import EngineUnavailableError, UnknownNameError
from core.workspace import Workspace

Frame = nw.LazyFrame[Any]
"""A lazy frame whose engine nobody downstream needs to know."""

T = TypeVar("T")

DEFAULT_URL: Final = "duckdb:"

KEPT_ROWS: Final = 250_000
"""Touches up to which an interactive way in keeps them between questions: some 25 MB."""

READABLE: Final = (
    *schema.IMPORTED,
    *schema.VIEWS,
    *DERIVED,
    "imports",
    "rejected_rows",
    "published_rates",
)
"""What an engine hands out; what else a file holds, such as a demo's truth, is out of reach."""


class Engine(Protocol):
    """Where canonical tables and views are read from, as lazy Narwhals frames.

    Attributes
    ----------
    keeps
        Rows that may stay in memory between questions that read the same ones; 0 keeps none.
    """

    keeps: int

    def table(self, name: str) -> Frame:
        """Return a canonical table or view by name."""

    def lend(self, rows: pl.DataFrame, name: str) -> Frame:
        """Return rows computed here as a frame that joins with the tables."""

    def remembered(self, key: Hashable, compute: Callable[[], T], kind: str = "fits") -> T:
        """Return what was computed before from the same data, or compute it now."""

    def once(self, key: Hashable, build: Callable[[], Frame]) -> Frame:
        """Return the frame this call built before under a key, or build it now.

        For what several reductions of one question begin with: building a frame, each step of
        which the engine checks, takes longer than reducing a small company.
        """


class _Call:
    """What one call has built so far."""

    def __init__(self) -> None:
        self._built: dict[Hashable, Frame] = {}

    def once(self, key: Hashable, build: Callable[[], Frame]) -> Frame:
        """Keep each frame as long as the call lasts."""
        if key not in self._built:
            self._built[key] = build()
        return self._built[key]


class DuckDBEngine(_Call):
    """The workspace's own database; nothing is read before a result is collected."""

    def __init__(self, workspace: Workspace, keeps: int = 0) -> None:
        super().__init__()
        self.keeps = keeps
        self._workspace = workspace
        self._cursor = workspace.cursor()

    def lend(self, rows: pl.DataFrame, name: str) -> Frame:
        """Show rows to this call's cursor alone, under a name no table has."""
        self._cursor.register(f"lent_{name}", rows)
        frame: Frame = nw.from_native(self._cursor.table(f"lent_{name}"))
        return frame

    def remembered(self, key: Hashable, compute: Callable[[], T], kind: str = "fits") -> T:
        """Ask the workspace, which outlives this call."""
        return self._workspace.remembered(key, compute, kind)

    def table(self, name: str) -> Frame:
        """Return a canonical table or view as a relation."""
        return self.once(name, lambda: nw.from_native(self._cursor.table(_readable(name))))


class PolarsEngine(_Call):
    """The workspace's tables as Polars frames in memory."""

    def __init__(self, workspace: Workspace, keeps: int = 0) -> None:
        super().__init__()
        self.keeps = keeps
        self._workspace = workspace
        self._cursor = workspace.cursor()

    def lend(self, rows: pl.DataFrame, name: str) -> Frame:  # noqa: ARG002
        """Return the rows as they are: all frames are in memory here."""
        frame: Frame = nw.from_native(rows.lazy())
        return frame

    def remembered(self, key: Hashable, compute: Callable[[], T], kind: str = "fits") -> T:
        """Ask the workspace, which outlives this call."""
        return self._workspace.remembered(("polars", key), compute, kind)

    def table(self, name: str) -> Frame:
        """Return a canonical table or view, loaded when it is first asked for."""
        return self.once(name, lambda: nw.from_native(self._loaded(name).lazy()))

    def _loaded(self, name: str) -> pl.DataFrame:
        rows: pl.DataFrame = self._cursor.table(_readable(name)).pl()
        return _read(rows)


_ENGINES: Final[dict[str, Callable[[Workspace, int], Engine]]] = {
    "duckdb": DuckDBEngine,
    "polars": PolarsEngine,
}


def _readable(name: str) -> str:
    """Let nothing through but the canonical data: no other schema of the same database."""
    if name not in READABLE:
        raise UnknownNameError.among("table", name, READABLE)
    return name


def open_engine(workspace: Workspace, url: str = DEFAULT_URL, *, keeps: int = 0) -> Engine:
    """Return the engine a URL names, for one call.

    Parameters
    ----------
    workspace
        The data.
    url
        The engine's name with a colon.
    keeps
        Rows that may stay in memory between questions.

    Raises
    ------
    EngineUnavailableError
        If no engine goes by that name.
    """
    scheme = url.partition(":")[0]
    if scheme not in _ENGINES:
        raise EngineUnavailableError(
            f"There is no engine called '{url}'.",
            f"Known: {', '.join(f'{name}:' for name in _ENGINES)}.",
        )
    return _ENGINES[scheme](workspace, keeps)


def collect(frame: Frame) -> pl.DataFrame:
    """Run a lazy frame on its engine and return the rows as Polars."""
    rows: pl.DataFrame = frame.collect("polars").to_native()
    return _read(rows)


def _read(rows: pl.DataFrame) -> pl.DataFrame:
    """Return names as text, whatever the engine stores them as."""
    return rows.with_columns(cs.categorical().cast(pl.String), cs.enum().cast(pl.String))


def sql(frame: Frame) -> str:
    """Return the query behind a frame, as the engine will run it; a plan where there is no SQL."""
    native = frame.to_native()
    return str(native.sql_query()) if hasattr(native, "sql_query") else str(native.explain())
