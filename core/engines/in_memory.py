"""``polars:``: the workspace's tables as Polars frames in memory."""

from typing import Any

import narwhals as nw
import polars as pl

from core.engine import Frame, as_text
from core.engines.address import Address
from core.engines.call import Call
from core.workspace import Workspace


class PolarsEngine(Call):
    """Frames, each loaded when it is first asked for."""

    def __init__(self, workspace: Workspace, keeps: int = 0) -> None:
        super().__init__(workspace, "polars", keeps)
        self._cursor = workspace.cursor()

    def lend(self, rows: pl.DataFrame, name: str) -> Frame:  # noqa: ARG002
        """Return the rows as they are: all frames are in memory here."""
        frame: Frame = nw.from_native(rows.lazy())
        return frame

    def _read(self, name: str) -> Any:  # noqa: ANN401
        return as_text(self._cursor.table(name).pl()).lazy()


def opened(workspace: Workspace, address: Address, keeps: int) -> PolarsEngine:
    """Return the engine for one call."""
    address.require_nothing()
    return PolarsEngine(workspace, keeps)
