"""``sqlframe:``: the workspace's own database, by the SQL that SQLFrame writes for warehouses.

It answers no faster than ``duckdb:``, for SQLFrame takes seconds to write a query. It is there to
show that a question survives the way through it, which tests do without a warehouse.
"""

from typing import Any

import duckdb
import narwhals as nw
import polars as pl
from sqlframe.base.session import _BaseSession
from sqlframe.duckdb import DuckDBSession

from core.engine import Frame
from core.engines.address import Address
from core.engines.call import Call
from core.workspace import Workspace


class _Session(DuckDBSession):
    """A session of one cursor; SQLFrame would share one among all, and add a function to it.

    SQLFrame asks for "the session" by calling the class, which begins the one there is again.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection | None = None) -> None:
        if cursor is not None:
            _BaseSession.__init__(self, cursor)
            self.eager_validation = False
            self._last_result = None


class SQLFrameEngine(Call):
    """Frames of SQLFrame over one cursor."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace, "sqlframe")
        self._cursor = workspace.cursor()
        _BaseSession._instance = None  # or it would hand out the session of an earlier call
        self._session = _Session(self._cursor)

    def lend(self, rows: pl.DataFrame, name: str) -> Frame:
        """Show rows to this call's cursor alone, under a name no table has."""
        self._cursor.register(f"lent_{name}", rows)
        frame: Frame = nw.from_native(self._read(f"lent_{name}"))
        return frame

    def _read(self, name: str) -> Any:  # noqa: ANN401
        """Return a table; its columns are told, for SQLFrame does not find those of lent rows."""
        relation = self._cursor.table(name)
        kinds = [
            "STRING" if kind.id in ("varchar", "enum") else str(kind) for kind in relation.types
        ]
        columns = dict(zip(relation.columns, kinds, strict=True))
        self._session.catalog.add_table(name, columns)
        frame = self._session.table(name)
        listed = [
            column
            for column, kind in zip(relation.columns, relation.types, strict=True)
            if kind.id == "enum"
        ]
        return frame.withColumns({column: frame[column].cast("string") for column in listed})


def opened(workspace: Workspace, address: Address, keeps: int) -> SQLFrameEngine:  # noqa: ARG001
    """Return the engine for one call; it keeps no rows, as a warehouse would not."""
    address.require_nothing()
    return SQLFrameEngine(workspace)
