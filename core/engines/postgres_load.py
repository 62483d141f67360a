"""Tables on their way into Postgres: CSV files, and the statements that load them."""

from collections.abc import Mapping
from typing import IO, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.csv as pa_csv  # type: ignore[import-untyped]

from core.errors import InvalidParameterError

_SQL_TYPES: Final[Mapping[pa.DataType, str]] = {
    pa.string(): "TEXT",
    pa.large_string(): "TEXT",
    pa.string_view(): "TEXT",
    pa.bool_(): "BOOLEAN",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE PRECISION",
    pa.date32(): "DATE",
    pa.timestamp("us"): "TIMESTAMP",
}


def sql_type(kind: pa.DataType) -> str:
    """Return what Postgres calls a type.

    >>> sql_type(pa.decimal128(18, 2))
    'NUMERIC(18, 2)'
    """
    if pa.types.is_decimal(kind):
        return f"NUMERIC({kind.precision}, {kind.scale})"
    if kind not in _SQL_TYPES:
        raise InvalidParameterError(f"Postgres has no type for {kind}.")
    return _SQL_TYPES[kind]


def write_csv(rows: pa.RecordBatchReader, to: IO[bytes]) -> int:
    """Write rows as Postgres reads them: text in quotes, nothing where nothing is known."""
    written = 0
    with pa_csv.CSVWriter(to, rows.schema) as writer:
        for batch in rows:
            writer.write_batch(batch)
            written += batch.num_rows
    return written


def load_statements(schemas: Mapping[str, pa.Schema]) -> str:
    """Return a script for psql that makes each table anew and loads the file named like it."""
    loads = [statement for name, schema in schemas.items() for statement in _load(name, schema)]
    return "\n".join([*_BEFORE, *loads, "COMMIT;", "ANALYZE;", ""])


_BEFORE: Final = (
    "-- Run in the folder of the files: psql --dbname=postgres://user@host/database -f load.sql",
    "-- Tables of the same names in the schema are replaced; -v schema=name loads into another.",
    "\\set ON_ERROR_STOP on",
    "\\if :{?schema} \\else",
    "\\set schema plumbline",
    "\\endif",
    "BEGIN;",
    'CREATE SCHEMA IF NOT EXISTS :"schema";',
    'SET LOCAL search_path TO :"schema";',
)


def _load(name: str, schema: pa.Schema) -> tuple[str, ...]:
    columns = ", ".join(f'"{field.name}" {sql_type(field.type)}' for field in schema)
    return (
        f'DROP TABLE IF EXISTS "{name}";',
        f'CREATE TABLE "{name}" ({columns});',
        f"\\copy \"{name}\" FROM '{name}.csv' WITH (FORMAT csv, HEADER)",
    )
