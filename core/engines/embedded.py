"""``duckdb:``: the workspace's own database; nothing is read before a result is collected."""

from typing import Any

import narwhals as nw
import polars as pl

from core.engine import Frame
from core.engines.address import Address
from core.engines.call import Call
from core.workspace import Workspace


class DuckDBEngine(Call):
    """Relations over one cursor."""

    def __init__(self, workspace: Workspace, keeps: int = 0) -> None:
        super().__init__(workspace, "", keeps)
        self._cursor = workspace.cursor()

    def lend(self, rows: pl.DataFrame, name: str) -> Frame:
        """Show rows to this call's cursor alone, under a name no table has."""
        self._cursor.register(f"lent_{name}", rows)
        frame: Frame = nw.from_native(self._cursor.table(f"lent_{name}"))
        return frame

    def _read(self, name: str) -> Any:  # noqa: ANN401
        return self._cursor.table(name)


def opened(workspace: Workspace, address: Address, keeps: int) -> DuckDBEngine:
    """Return the engine for one call."""
    address.require_nothing()
    return DuckDBEngine(workspace, keeps)
