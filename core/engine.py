"""A lazy frame on any engine, by URL: the same expressions on a laptop and on a warehouse.

``duckdb:`` (the default) reads the workspace's own tables; ``polars:`` loads them into memory
first, which tests use to prove that an answer does not depend on the engine. The others are in
`core.engines`, each in a module of its own that loads its packages when it is asked for. An engine
serves one call: it holds one cursor or connection, because frames of two cannot be joined and
none must be shared by threads.
"""

import contextlib
import importlib
import io
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final, Protocol, TypeVar

import narwhals as nw
import polars as pl
import polars.selectors as cs

from core import schema
from core.derived import DERIVED
from core.engines.address import Address
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


@dataclass(frozen=True)
class _Home:
    """Where an engine's code is, and how to get the package it needs."""

    module: str
    install: str = ""


_SPARK: Final = _Home("spark", "pip install 'pyspark[connect]'; it needs Java 17 or newer")
_POSTGRES: Final = _Home("postgres", "pip install sqlframe psycopg2-binary")

_HOMES: Final = {
    "duckdb": _Home("embedded"),
    "polars": _Home("in_memory"),
    "spark": _SPARK,
    "sc": _SPARK,
    "postgres": _POSTGRES,
    "postgresql": _POSTGRES,
    "sqlframe": _Home("sqlframe_duckdb", "pip install sqlframe"),
}
"""Scheme of a URL, and what opens it."""


def readable(name: str) -> str:
    """Let nothing through but the canonical data: no other schema of the same database.

    Raises
    ------
    UnknownNameError
        If no engine hands out a table of that name.
    """
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
        The engine's name with a colon, and for some the place where the tables are.
    keeps
        Rows that may stay in memory between questions; engines elsewhere keep none.

    Raises
    ------
    EngineUnavailableError
        If no engine goes by that name, it is not installed, or the place cannot be reached.
    """
    address = Address.of(url)
    home = _HOMES.get(address.scheme)
    if home is None:
        known = ", ".join(f"{scheme}:" for scheme in _HOMES)
        raise EngineUnavailableError(
            f"There is no engine called '{address.scheme}:'.", f"Known: {known}."
        )
    engine: Engine = _loaded(home, address).opened(workspace, address, keeps)
    return engine


def _loaded(home: _Home, address: Address) -> ModuleType:
    try:
        return importlib.import_module(f"core.engines.{home.module}")
    except ModuleNotFoundError as error:
        if not home.install or (error.name or "").startswith("core"):
            raise
        raise EngineUnavailableError(
            f"{address.scheme}: needs the package {error.name}, which is not installed.",
            f"Install it with: {home.install}.",
        ) from error


def collect(frame: Frame) -> pl.DataFrame:
    """Run a lazy frame on its engine and return the rows as Polars."""
    rows: pl.DataFrame = frame.collect("polars").to_native()
    return as_text(rows)


def as_text(rows: pl.DataFrame) -> pl.DataFrame:
    """Return names as text, whatever the engine stores them as."""
    return rows.with_columns(cs.categorical().cast(pl.String), cs.enum().cast(pl.String))


def sql(frame: Frame) -> str:
    """Return the query behind a frame, as the engine will run it; a plan where there is no SQL."""
    native, engine = frame.to_native(), frame.implementation
    if engine.is_duckdb():
        return str(native.sql_query())
    if engine.is_sqlframe():
        session = native.session
        dialect = getattr(session, "writes", session.execution_dialect)
        return str(native.sql(dialect=dialect, optimize=False))
    if engine.is_spark_like():
        with contextlib.redirect_stdout(io.StringIO()) as plan:
            native.explain()
        return plan.getvalue()
    return str(native.explain())
