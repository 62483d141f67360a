"""A workspace keeps its data whole, to itself and recognisable."""

import subprocess
import sys
import threading

import duckdb
import polars as pl
import pytest

from core.errors import (
    UnknownNameError,
    WorkspaceDamagedError,
    WorkspaceMissingError,
)
from core.workspace import Workspace, set_meta


@pytest.fixture
def path(tmp_path):
    return tmp_path / "acme.duckdb"


def record_import(workspace, import_id):
    with workspace.transaction() as cursor:
        frame = pl.DataFrame({"import_id": [import_id], "sequence": [workspace.count("deals")]})
        workspace.insert(cursor, "imports", frame)


def fail_half_way(workspace):
    with workspace.transaction() as cursor:
        set_meta(cursor, "kind", "own")
        raise RuntimeError("half way")


def test_a_workspace_opens_again_with_what_was_stored(path):
    with Workspace.create(path) as workspace, workspace.transaction() as cursor:
        set_meta(cursor, "kind", "own")

    with Workspace.open(path) as again:
        assert again.meta("kind") == "own"


def test_derived_tables_are_made_empty_as_they_are_computed_later():
    columns = """
        SELECT
            table_name, column_index, column_name,
            -- a list of names is there once there is a name to list
            regexp_replace(data_type, '^ENUM.*', 'VARCHAR') AS data_type
        FROM duckdb_columns() ORDER BY ALL
    """
    with Workspace.in_memory() as workspace:
        made = workspace.query(columns)
        with workspace.transaction() as cursor:
            set_meta(cursor, "kind", "own")

        assert workspace.query(columns).equals(made)


def test_a_missing_file_is_never_made_by_opening_it(path):
    with pytest.raises(WorkspaceMissingError, match="There is no workspace at"):
        Workspace.open(path)

    assert not path.exists()


def test_a_lost_file_with_a_journal_is_not_silently_replaced(path):
    journal = path.with_name("acme.duckdb.wal")
    journal.write_bytes(b"what is left of the last import")

    with pytest.raises(WorkspaceMissingError):
        Workspace.open_or_create(path)
    with pytest.raises(WorkspaceDamagedError, match="cannot be made anew"):
        Workspace.create(path)

    assert journal.read_bytes() == b"what is left of the last import"


def test_a_file_that_is_no_database_is_refused_and_left_alone(path):
    path.write_text("deal_id,amount\n1,2\n")

    with pytest.raises(WorkspaceDamagedError, match="cannot be opened as a workspace"):
        Workspace.open(path)

    assert path.read_text() == "deal_id,amount\n1,2\n"


def test_a_database_of_something_else_is_refused(path):
    duckdb.connect(str(path)).close()

    with pytest.raises(WorkspaceDamagedError, match="not a workspace of this product"):
        Workspace.open(path)


def test_a_second_process_is_told_that_the_file_is_taken(path):
    with Workspace.create(path):
        script = (
            "import sys; from pathlib import Path; from core.workspace import Workspace\n"
            "from core.errors import WorkspaceLockedError\n"
            "try: Workspace.open(Path(sys.argv[1]))\n"
            "except WorkspaceLockedError as error: print(error)"
        )
        answer = subprocess.run(
            [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True
        )

    assert "is open in another process" in answer.stdout


def test_a_transaction_that_fails_leaves_the_old_state(path):
    with Workspace.create(path) as workspace:
        with pytest.raises(RuntimeError, match="half way"):
            fail_half_way(workspace)

        assert workspace.meta("kind") is None


def test_the_fingerprint_names_the_history_of_imports():
    with Workspace.in_memory() as one, Workspace.in_memory() as two:
        empty = one.fingerprint()
        record_import(one, "first")
        assert one.fingerprint() != empty
        assert two.fingerprint() == empty

        record_import(two, "first")
        assert one.fingerprint() == two.fingerprint()


def test_two_workspaces_in_memory_share_nothing():
    with Workspace.in_memory() as one, Workspace.in_memory() as two:
        record_import(one, "mine")

        assert two.query("SELECT count(*) AS n FROM imports").item() == 0


def test_threads_with_a_cursor_each_always_get_their_own_answer():
    answers: dict[int, set[int]] = {}
    with Workspace.in_memory() as workspace:

        def ask(number):
            answers[number] = {
                workspace.query("SELECT $n::INT AS n FROM range(50)", n=number)["n"].sum()
                for _ in range(60)
            }

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert answers == {number: {number * 50} for number in range(16)}


@pytest.mark.parametrize(
    "escape",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.duckdb'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
    ],
)
def test_the_database_reaches_nothing_outside_itself(escape):
    with Workspace.in_memory() as workspace, pytest.raises(duckdb.Error):
        workspace.cursor().execute(escape)


def test_rows_go_only_into_tables_that_exist():
    with Workspace.in_memory() as workspace, pytest.raises(UnknownNameError):
        workspace.insert(workspace.cursor(), "deals; DROP TABLE deals", pl.DataFrame())


def test_counting_a_table_that_does_not_exist_names_the_ones_that_do():
    with Workspace.in_memory() as workspace:
        assert workspace.is_empty()
        with pytest.raises(UnknownNameError, match="Did you mean 'deals'"):
            workspace.count("deal")
