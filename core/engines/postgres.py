"""``postgres://user@host/database?schema=plumbline``: tables in a Postgres database.

SQLFrame writes the SQL. Nothing in the database is changed: rows that are lent to a question lie in
a temporary table of the connection. A question sees one state of the tables throughout.
"""

import io
import re
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

import narwhals as nw
import polars as pl
import psycopg2
import pyarrow as pa  # type: ignore[import-untyped]
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ, connection, quote_ident
from sqlframe.base.catalog import Column
from sqlframe.base.session import _BaseSession
from sqlframe.postgres import PostgresSession
from sqlframe.postgres.dataframe import PostgresDataFrame
from sqlframe.postgres.table import PostgresTable
from sqlglot import exp
from sqlglot.dialects import Postgres

from core.engine import Frame, collect
from core.engines.address import Address
from core.engines.call import Call
from core.engines.handover import MARK, require_same_data
from core.engines.postgres_load import sql_type, write_csv
from core.errors import EngineUnavailableError
from core.workspace import Workspace

DEFAULT_SCHEMA: Final = "plumbline"

_SCHEMA: Final = re.compile(r"[a-z_][a-z0-9_]*")
"""Names that mean the same to SQLFrame, which forgets capitals, and to Postgres."""

_TYPES: Final[dict[int, tuple[str, pa.DataType | None]]] = {
    16: ("boolean", pa.bool_()),
    20: ("bigint", pa.int64()),
    21: ("smallint", pa.int16()),
    23: ("int", pa.int32()),
    25: ("string", pa.string()),
    700: ("float", pa.float32()),
    701: ("double", pa.float64()),
    1043: ("string", pa.string()),
    1082: ("date", pa.date32()),
    1114: ("timestamp_ntz", pa.timestamp("us")),
    1700: ("decimal(38, 6)", None),  # as precise as its values are
}
"""Number of a type in Postgres, its name in SQLFrame, and the type of a column of it here."""


def _is_condition(said: exp.Expression | None) -> bool:
    """Tell whether something is true or false; a choice is if one of its outcomes is."""
    said = said.unnest() if said else said
    if isinstance(said, exp.Case):
        outcomes = [branch.args.get("true") for branch in said.args["ifs"]]
        return any(_is_condition(outcome) for outcome in [*outcomes, said.args.get("default")])
    return isinstance(said, exp.Predicate | exp.Connector | exp.Not | exp.Boolean)


class _Spelling(Postgres):
    """Postgres as these queries need it written."""

    class Generator(Postgres.Generator):
        """Writes fractions as doubles, and conditions as numbers."""

        def literal_sql(self, expression: exp.Literal) -> str:
            """Write a number with a point as a double; Postgres would compute with decimals."""
            text = str(super().literal_sql(expression))
            is_fraction = expression.is_number and not expression.is_int
            return f"CAST({text} AS DOUBLE PRECISION)" if is_fraction else text

        def cast_sql(self, expression: exp.Cast, safe_prefix: str | None = None) -> str:
            """Write a condition that becomes a number by way of the one number Postgres allows."""
            if _is_condition(expression.this):
                number = f"CAST({self.sql(expression, 'this')} AS INT)"
                return f"CAST({number} AS {self.sql(expression, 'to')})"
            return str(super().cast_sql(expression, safe_prefix))


class _Frame(PostgresDataFrame):
    """A frame whose columns are asked for without making a view, and whose rows come typed."""

    @property
    def _typed_columns(self) -> list[Column]:
        with self.session.cursor() as cursor:
            cursor.execute(f"SELECT * FROM ({self._text()}) AS rows LIMIT 0")  # noqa: S608
            return [
                Column(
                    name=column.name,
                    description=None,
                    dataType=_TYPES[column.type_code][0],
                    nullable=True,
                    isPartition=False,
                    isBucket=False,
                )
                for column in cursor.description
            ]

    def toArrow(self, batch_size: int | None = None) -> pa.Table:  # noqa: N802, ARG002
        """Run the query and return its rows."""
        with self.session.cursor() as cursor:
            try:
                cursor.execute(self._text())
            except psycopg2.OperationalError as error:
                raise EngineUnavailableError(
                    f"The database broke a query off: {_first_line(error)}.", "Try again."
                ) from error
            columns = list(zip(*cursor.fetchall(), strict=True)) or [()] * len(cursor.description)
            return pa.table(
                {
                    column.name: pa.array(values, type=_TYPES[column.type_code][1])
                    for column, values in zip(cursor.description, columns, strict=True)
                }
            )

    def _text(self) -> str:
        return str(self.sql(dialect=_Session.writes, optimize=False))


class _Table(_Frame, PostgresTable):
    _df = _Frame


class _Session(PostgresSession):
    """A session of one connection; SQLFrame's own would install an extension in the database.

    SQLFrame asks for "the session" by calling the class, which begins the one there is again.
    """

    _df = _Frame
    _table = _Table
    writes: ClassVar = _Spelling()

    def __init__(self, conn: connection | None = None) -> None:
        if conn is not None:
            _BaseSession.__init__(self, conn)

    def cursor(self) -> Any:  # noqa: ANN401 - psycopg2 ships no types
        """Return a cursor of the connection."""
        return self._conn.cursor()


class PostgresEngine(Call):
    """Frames of SQLFrame over one connection.

    Parameters
    ----------
    workspace
        Whose data.
    conn
        The connection.
    schema
        Schema that holds the tables.
    address
        What to call the place.
    """

    def __init__(
        self, workspace: Workspace, conn: connection, schema: str, address: Address
    ) -> None:
        super().__init__(workspace, "postgres")
        self._conn, self._schema, self._address = conn, schema, address
        _BaseSession._instance = None  # or it would hand out the session of an earlier call
        self._session = _Session(conn)
        found = collect(nw.from_native(self._read(MARK)))["fingerprint"].item()
        require_same_data(workspace, found, address)

    def lend(self, rows: pl.DataFrame, name: str) -> Frame:
        """Send rows into a temporary table of this connection."""
        table, arrow = f"lent_{name}", rows.to_arrow()
        columns = ", ".join(
            f"{quote_ident(field.name, self._conn)} {sql_type(field.type)}"
            for field in arrow.schema
        )
        with self._conn.cursor() as cursor, io.BytesIO() as text:
            cursor.execute(f"CREATE TEMPORARY TABLE {quote_ident(table, self._conn)} ({columns})")
            write_csv(arrow.to_reader(), text)
            text.seek(0)
            cursor.copy_expert(
                f"COPY {quote_ident(table, self._conn)} FROM STDIN WITH (FORMAT csv, HEADER)", text
            )
        frame: Frame = nw.from_native(self._named("pg_temp", table))
        return frame

    def _read(self, name: str) -> Any:  # noqa: ANN401
        try:
            return self._named(self._schema, name)
        except psycopg2.ProgrammingError as error:
            raise EngineUnavailableError(
                f"{self._address} has no table {name} to read in the schema {self._schema}.",
                "Load it from the files of 'python -m app export --csv', name another schema with "
                "?schema=, or let the user read it.",
            ) from error

    def _named(self, schema: str, table: str) -> Any:  # noqa: ANN401
        """Return a table after asking for its columns, whatever else is called the same."""
        name = f"{quote_ident(schema, self._conn)}.{quote_ident(table, self._conn)}"
        with self._conn.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {name} LIMIT 0")  # noqa: S608 - quoted above
            columns = {c.name: _TYPES[c.type_code][0] for c in cursor.description}
        known = exp.to_table(table, db=schema)
        self._session.catalog.add_table(known, columns)
        return self._session.table(f"`{schema}`.`{table}`")


def opened(workspace: Workspace, address: Address, keeps: int) -> PostgresEngine:  # noqa: ARG001
    """Return the engine for one call; rows stay where they are.

    Raises
    ------
    EngineUnavailableError
        If the database cannot be reached, or holds other data than the workspace.
    """
    options = {"connect_timeout": "10", **address.options}
    schema = options.pop("schema", DEFAULT_SCHEMA)
    if not _SCHEMA.fullmatch(schema):
        raise EngineUnavailableError(
            f"The schema {schema} cannot be read.",
            "Load the tables into one of small letters, digits and underscores.",
        )
    conn = _connected(address, f"postgresql:{address.place}?{urlencode(options)}")
    conn.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ)
    return PostgresEngine(workspace, conn, schema, address)


def _connected(address: Address, dsn: str) -> connection:
    if address.place.count("@") > 1:  # Postgres would quote a part of the password as a host
        raise EngineUnavailableError(
            "The address of the database has more than one @.", "Write @ in a password as %40."
        )
    try:
        return psycopg2.connect(dsn)
    except psycopg2.OperationalError as error:
        raise EngineUnavailableError(
            f"The database at {address} cannot be reached: {_first_line(error)}.",
            "Check the address; a password may stand in PGPASSWORD or in the file ~/.pgpass.",
        ) from error
    except psycopg2.Error as error:
        raise EngineUnavailableError(
            "The address of the database is not one that Postgres understands.",
            "Write it as postgres://user@host:5432/database?schema=plumbline.",
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
