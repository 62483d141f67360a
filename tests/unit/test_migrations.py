"""A workspace of an earlier version opens with all it held, and derives what it lacks."""

import re

import duckdb
import pytest

from core import migrations, schema
from core.errors import UndoError, WorkspaceDamagedError, WorkspaceVersionError
from core.snapshots import snapshots
from core.undo import redo, undo
from core.workspace import Workspace
from tests.exports import deal, deals, load

_EXCHANGE_RATES = """
CREATE TABLE exchange_rates (
    currency VARCHAR, day DATE, per_euro DOUBLE, published_on DATE, PRIMARY KEY (currency, day)
)
"""

_ADDED_IN_2 = {"accounts": "attributes", "imports": "snapshot"}


def _old_statements():
    """Yield the statements of version 1: those of today without what version 2 added."""
    for table in schema.TABLES.values():
        added = _ADDED_IN_2.get(table.name)
        made = table.ddl().replace(" USING COMPRESSION zstd", "")
        made = re.sub(rf', "{added}" \w+', "", made) if added else made
        made = re.sub(r', "converted_\w+" (\w+\([\d,]+\)|\w+)', "", made)
        yield f"{made[:-1]}, PRIMARY KEY ({', '.join(table.key)}))"
    yield schema.IMPORTS_DDL.replace(", snapshot BIGINT", "")
    yield from (schema.REJECTED_ROWS_DDL, _EXCHANGE_RATES, schema.META_DDL)
    yield schema.DEAL_KEYS_DDL
    yield "CREATE VIEW deal_facts AS SELECT * FROM deals"
    yield "CREATE VIEW touches AS SELECT * FROM touchpoints"
    yield "CREATE VIEW deal_people AS SELECT deal_id, contact_id FROM deal_contacts"


@pytest.fixture
def old_file(tmp_path):
    path = tmp_path / "old.duckdb"
    with duckdb.connect(str(path)) as connection:
        for statement in _old_statements():
            connection.execute(statement)
        connection.execute("INSERT INTO meta VALUES ('schema_version', '1'), ('email_key', 'k')")
        connection.execute(
            "INSERT INTO deals (deal_id, amount_minor, currency, created_at, import_id)"
            " VALUES ('D1', 1000, 'USD', '2025-01-02', 'old')"
        )
        connection.execute(
            "INSERT INTO touchpoints (touch_id, occurred_at, occurred_at_epoch, deal_id)"
            " VALUES ('T1', '2025-01-03', 1735862400, 'D1')"
        )
        connection.execute(
            "INSERT INTO imports (import_id, sequence, file_name, imported_at, rows_in, loaded,"
            " rejected) VALUES ('old', 1, 'deals.csv', '2025-06-01', 1, 1, 0)"
        )
    return path


def test_a_file_of_version_1_opens_with_its_data(old_file):
    with Workspace.open(old_file) as workspace:
        assert workspace.meta("schema_version") == str(migrations.VERSION)
        assert workspace.meta("email_key") == "k"
        assert workspace.query("SELECT deal_id, amount_minor FROM deals").rows() == [("D1", 1000)]
        assert workspace.query("SELECT touch_id FROM deal_touches").item() == "T1"
        assert workspace.query("SELECT count(*) FROM deal_amounts").item() == 1


def test_a_migrated_file_has_the_tables_of_a_new_one(old_file):
    shape = (
        # Names are stored as places in the list of those there are, of which a new file has none.
        "SELECT schema_name, table_name, column_name,"
        " regexp_replace(data_type, '^ENUM.*', 'VARCHAR') FROM duckdb_columns()"
        " WHERE NOT internal ORDER BY ALL"
    )
    with Workspace.open(old_file) as migrated, Workspace.in_memory() as new:
        assert migrated.query(shape).rows() == new.query(shape).rows()


def test_what_was_imported_before_is_one_import_that_is_not_undone(old_file):
    with Workspace.open(old_file) as workspace:
        (found,) = snapshots(workspace)
        assert (found.files, found.is_undoable) == (("deals.csv",), False)
        with pytest.raises(UndoError, match="earlier version"):
            undo(workspace)


def test_later_imports_of_a_migrated_file_can_be_undone(old_file):
    with Workspace.open(old_file) as workspace:
        fingerprint = workspace.fingerprint()
        load(workspace, deals(deal("D1", "99.00"), deal("D2")))
        undo(workspace)

        assert workspace.query("SELECT deal_id, amount_minor FROM deals").rows() == [("D1", 1000)]
        assert workspace.fingerprint() == fingerprint


def test_a_migration_that_fails_leaves_the_old_file(old_file, monkeypatch):
    def failing(_cursor):
        raise duckdb.OperationalError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", (*migrations.STEPS, failing))
        with pytest.raises(duckdb.OperationalError):
            Workspace.open(old_file)

    with Workspace.open(old_file) as workspace:
        assert workspace.count("deals") == 1


def _set_version(path, version):
    with duckdb.connect(str(path)) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", [version])


def test_a_file_of_a_newer_version_is_left_alone_and_says_what_to_do(old_file):
    _set_version(old_file, "99")

    with pytest.raises(WorkspaceVersionError, match="Update the product"):
        Workspace.open(old_file)


def test_a_file_with_another_meta_table_is_no_workspace(old_file):
    _set_version(old_file, "first")

    with pytest.raises(WorkspaceDamagedError, match="not a workspace"):
        Workspace.open(old_file)


def test_rows_of_an_old_file_are_updated_undone_and_done_again(old_file):
    with Workspace.open(old_file) as workspace:
        load(workspace, deals(deal("D1", "99.00"), deal("D2")))
        undo(workspace)
        assert workspace.query("SELECT deal_id, amount_minor FROM deals").rows() == [("D1", 1000)]
        redo(workspace)
        rows = workspace.query("SELECT deal_id, amount_minor FROM deals ORDER BY 1").rows()
        assert rows == [("D1", 9_900), ("D2", 1_000)]


def test_rates_of_the_bank_are_told_from_ones_own(old_file):
    with duckdb.connect(str(old_file)) as connection:
        connection.execute(
            "INSERT INTO exchange_rates VALUES ('USD', '2025-01-02', 1.03, '2025-01-02'),"
            " ('EUR', '2025-01-02', 1, '2025-01-02')"
        )
    with Workspace.open(old_file) as workspace:
        rates = workspace.query("SELECT currency, per_euro, is_own FROM exchange_rates ORDER BY 1")
        assert rates.rows() == [("EUR", 1.0, False), ("USD", 1.03, False)]
