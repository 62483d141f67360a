"""Workspaces made by earlier versions of the product, brought to the present one when opened.

All steps run in one transaction, so a file is of the old version or of the new one. A step once
released is never changed, and so names what it makes itself: a change of the schema is a new step
and a new version.
"""

from collections.abc import Callable
from typing import Final

import duckdb

from core import schema

Step = Callable[[duckdb.DuckDBPyConnection], None]


def migrate(cursor: duckdb.DuckDBPyConnection, version: int) -> None:
    """Take the tables from a version to the present one; what is derived follows by itself."""
    for step in STEPS[version - 1 :]:
        step(cursor)
    for statement in schema.view_statements():
        cursor.execute(statement)


_TABLES_OF_2: Final = (
    "accounts", "contacts", "deals", "deal_contacts", "stage_changes", "touchpoints",
    "campaigns", "spend", "owners", "quotas", "stages", "imports", "rejected_rows",
    "missing_rows",
)  # fmt: skip


def _keep_history(cursor: duckdb.DuckDBPyConnection) -> None:
    """Version 2: every import is a snapshot, and companies keep their extra columns.

    What earlier imports replaced was not kept, so all of them together are the first snapshot,
    and it cannot be undone.
    """
    cursor.execute("ALTER TABLE imports ADD COLUMN snapshot BIGINT")
    cursor.execute("ALTER TABLE accounts ADD COLUMN attributes JSON")
    cursor.execute("CREATE TABLE missing_rows (import_id VARCHAR, table_name VARCHAR, key VARCHAR)")
    cursor.execute("""
        CREATE TABLE snapshots (
            snapshot BIGINT PRIMARY KEY, made_at TIMESTAMP, is_undone BOOLEAN,
            is_undoable BOOLEAN, settled_before JSON, settled_after JSON
        )
    """)
    cursor.execute("CREATE SCHEMA past")
    for name in _TABLES_OF_2:
        cursor.execute(f"""
            CREATE TABLE past.{name} AS
            SELECT *, 0::BIGINT AS past_snapshot, '' AS past_side FROM {name} WHERE false
        """)  # noqa: S608 - names written below
    cursor.execute("UPDATE imports SET snapshot = 1")
    cursor.execute("""
        INSERT INTO snapshots
        SELECT 1, max(imported_at), false, false, '{}', NULL FROM imports HAVING count(*) > 0
    """)


def _keep_own_rates(cursor: duckdb.DuckDBPyConnection) -> None:
    """Version 3: exchange rates of one's own."""
    cursor.execute("""
        CREATE TABLE rates (
            currency VARCHAR, day DATE, per_euro DOUBLE, import_id VARCHAR, source_line BIGINT,
            PRIMARY KEY (currency, day)
        )
    """)


_TABLES_OF_4: Final = (
    "accounts", "contacts", "deals", "deal_contacts", "stage_changes", "touchpoints",
    "campaigns", "spend", "owners", "quotas", "stages", "rates",
)  # fmt: skip


def _drop_indexes(cursor: duckdb.DuckDBPyConnection) -> None:
    """Version 4: tables without the index of their key, which cannot be dropped on its own."""
    for name in _TABLES_OF_4:
        cursor.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM {name}")  # noqa: S608
        cursor.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM kept")  # noqa: S608
        cursor.execute("DROP TABLE kept")


def _keep_rates_apart(cursor: duckdb.DuckDBPyConnection) -> None:
    """Version 5: rates of the bank by themselves, and a history of one's own."""
    cursor.execute("""
        CREATE TABLE published_rates AS
        SELECT currency, day, per_euro, published_on
        FROM exchange_rates x
        WHERE NOT EXISTS (
            FROM rates r WHERE r.currency = x.currency AND r.day = x.published_on
                AND r.per_euro = x.per_euro
        )
    """)
    cursor.execute("DROP TABLE exchange_rates")
    cursor.execute("""
        CREATE TABLE past.rates AS
        SELECT *, 0::BIGINT AS past_snapshot, '' AS past_side FROM rates WHERE false
    """)


def _keep_links(cursor: duckdb.DuckDBPyConnection) -> None:
    """Version 6: links of deals with companies and of touches with deals, names of pipelines."""
    lineage = "import_id VARCHAR, source_line BIGINT"
    for table, columns in (
        ("deal_accounts", "deal_id VARCHAR, account_id VARCHAR, kind VARCHAR"),
        ("touch_deals", "touch_id VARCHAR, deal_id VARCHAR, kind VARCHAR"),
        ("touch_kinds", "touch_id VARCHAR, kind VARCHAR"),
        ("pipelines", "pipeline VARCHAR, name VARCHAR, position BIGINT"),
    ):
        cursor.execute(f"CREATE TABLE {table} ({columns}, {lineage})")
        cursor.execute(f"""
            CREATE TABLE past.{table} AS
            SELECT *, 0::BIGINT AS past_snapshot, '' AS past_side FROM {table} WHERE false
        """)  # noqa: S608 - names written above


def _keep_converted_amounts(cursor: duckdb.DuckDBPyConnection) -> None:
    """Version 7: the amount of a deal as the CRM itself converted it."""
    for table in ("deals", "past.deals"):
        cursor.execute(f"ALTER TABLE {table} ADD COLUMN converted_amount DECIMAL(18,2)")
        cursor.execute(f"ALTER TABLE {table} ADD COLUMN converted_amount_minor BIGINT")
        cursor.execute(f"ALTER TABLE {table} ADD COLUMN converted_currency VARCHAR")


def _keep_links_of_touches(cursor: duckdb.DuckDBPyConnection) -> None:
    """Version 8: links of touches with people and with companies."""
    for table, named in (("touch_contacts", "contact_id"), ("touch_accounts", "account_id")):
        cursor.execute(f"""
            CREATE TABLE {table} (
                touch_id VARCHAR, {named} VARCHAR, kind VARCHAR,
                import_id VARCHAR, source_line BIGINT
            )
        """)
        cursor.execute(f"""
            CREATE TABLE past.{table} AS
            SELECT *, 0::BIGINT AS past_snapshot, '' AS past_side FROM {table} WHERE false
        """)  # noqa: S608 - names written above


def _number_journeys(cursor: duckdb.DuckDBPyConnection) -> None:
    """Version 9: touches of deals are derived with their numbers; nothing imported changes."""


def _number_where_stored(cursor: duckdb.DuckDBPyConnection) -> None:
    """Version 10: touches are derived with their places and neighbours; no import changes."""


STEPS: Final[tuple[Step, ...]] = (
    _keep_history,
    _keep_own_rates,
    _drop_indexes,
    _keep_rates_apart,
    _keep_links,
    _keep_converted_amounts,
    _keep_links_of_touches,
    _number_journeys,
    _number_where_stored,
)
"""What leads from version 1 to 2, from 2 to 3 and so on."""

VERSION: Final = len(STEPS) + 1
"""The version of the tables as `core.schema` describes them."""
