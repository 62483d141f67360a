"""The tables that analyses read, written as files for another engine."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from core.engine import READABLE
from core.engines.handover import MARK, batches, mark, write_parquet
from core.engines.postgres_load import load_statements, write_csv
from core.workspace import Workspace


class FileFormat(StrEnum):
    """What is written: Parquet for Spark and most warehouses, CSV with a script for Postgres."""

    PARQUET = "parquet"
    CSV = "csv"


Written = tuple[Path, int | None]
"""A file, and its rows where it has any."""

LOAD_SCRIPT = "load.sql"


def export_tables(workspace: Workspace, folder: Path, kind: FileFormat) -> Iterator[Written]:
    """Write each table to a file named like it, and give the files and their rows as they are done.

    What the files are a copy of is written last, so that an export that was broken off is not
    taken for a whole one.
    """
    (folder / f"{MARK}.{kind}").unlink(missing_ok=True)
    cursor = workspace.cursor()
    for table in READABLE:
        path = folder / f"{table}.{kind}"
        if kind is FileFormat.PARQUET:
            yield path, write_parquet(cursor, table, path)
        else:
            with path.open("wb") as file:
                yield path, write_csv(batches(cursor, table), file)
    yield from _marked(workspace, folder, kind)


def _marked(workspace: Workspace, folder: Path, kind: FileFormat) -> Iterator[Written]:
    known = mark(workspace).to_arrow().cast(pa.schema([("fingerprint", pa.string())]))
    path = folder / f"{MARK}.{kind}"
    if kind is FileFormat.PARQUET:
        pq.write_table(known, path)
        yield path, 1
        return
    cursor = workspace.cursor()
    schemas = {table: batches(cursor, table).schema for table in READABLE}
    script = folder / LOAD_SCRIPT
    script.write_text(load_statements({**schemas, MARK: known.schema}), encoding="utf-8")
    with path.open("wb") as file:
        write_csv(known.to_reader(), file)
    yield path, 1
    yield script, None
