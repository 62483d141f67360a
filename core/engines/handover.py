"""Tables of a workspace on their way to another engine: as files, with what they are a copy of.

A copy does not follow the workspace. It carries the fingerprint of the data it was made of, and an
engine that reads a copy of other data refuses: half an answer from last month's deals would look
like a whole one.
"""

import shutil
import tempfile
import threading
import weakref
from pathlib import Path
from typing import Final

import duckdb
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from core.engines.address import Address
from core.errors import EngineUnavailableError
from core.workspace import Workspace

MARK: Final = "exported"
"""The table of one row that says of which data the others are a copy."""

BATCH_ROWS: Final = 100_000
"""Rows that are in memory at a time."""


def mark(workspace: Workspace) -> pl.DataFrame:
    """Return the one row that names the data as they are."""
    return pl.DataFrame({"fingerprint": [workspace.fingerprint()]})


def batches(cursor: duckdb.DuckDBPyConnection, table: str) -> pa.RecordBatchReader:
    """Return the rows of a table or view, a part at a time; names stored in a list are text."""
    rows = cursor.table(table)
    columns = [
        f'"{name}"::VARCHAR AS "{name}"' if kind.id == "enum" else f'"{name}"'
        for name, kind in zip(rows.columns, rows.types, strict=True)
    ]
    return rows.project(", ".join(columns)).to_arrow_reader(BATCH_ROWS)


def write_parquet(cursor: duckdb.DuckDBPyConnection, table: str, path: Path) -> int:
    """Write a table or view as a Parquet file and return its number of rows."""
    rows = batches(cursor, table)
    with pq.ParquetWriter(path, rows.schema) as writer:
        return sum(_written(writer, batch) for batch in rows)


def _written(writer: pq.ParquetWriter, batch: pa.RecordBatch) -> int:
    writer.write_batch(batch)
    return int(batch.num_rows)


class Handover:
    """Parquet files in a folder of their own, gone when nobody needs them any more."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="plumbline-"))
        self._writing = threading.Lock()
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    @classmethod
    def of(cls, workspace: Workspace) -> "Handover":
        """Return the files of the data as they are, which calls share."""
        return workspace.remembered("handover", cls, kind="files")

    def file(self, cursor: duckdb.DuckDBPyConnection, table: str) -> Path:
        """Return the file of a table, written when it is first asked for."""
        path = self.folder / f"{table}.parquet"
        with self._writing:
            if not path.exists():
                write_parquet(cursor, table, path)
        return path


def require_same_data(workspace: Workspace, found: str, address: Address) -> None:
    """Refuse to answer for a workspace from a copy of other data.

    Raises
    ------
    EngineUnavailableError
        If the copy was made of other data, or of an earlier state of these.
    """
    if found != workspace.fingerprint():
        raise EngineUnavailableError(
            f"The tables at {address} are a copy of other data than this workspace holds.",
            "Export it with 'python -m app export' and load the files again.",
        )
