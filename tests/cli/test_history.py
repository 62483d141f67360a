"""Imports can be listed, compared, undone and looked at from the command line."""

import json
import shutil

import pytest

from core.snapshots import snapshots
from core.workspace import Workspace
from tests.cli.conftest import import_by_command

HEADER = "deal_id,name,stage,amount,currency,created_at,expected_close_at,closed_at,is_won\n"
MONDAY = HEADER + (
    "D1,Platform,Proposal,1000.00,EUR,2025-01-10,2025-06-30,,\n"
    "D2,Renewal,Proposal,500.00,EUR,2025-01-12,2025-06-30,,\n"
)
TUESDAY = HEADER + (
    "D1,Platform,Closed won,1250.00,EUR,2025-01-10,2025-06-30,2025-06-20,true\n"
    "D2,Renewal,Proposal,500.00,EUR,2025-01-12,2025-09-30,,\n"
)


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Import on Monday and on Tuesday; nobody writes to this file."""
    folder = tmp_path_factory.mktemp("twice")
    for name, content in (("monday.csv", MONDAY), ("tuesday.csv", TUESDAY)):
        (folder / name).write_text(content)
        import_by_command(folder / "w.duckdb", folder / name)
    return folder / "w.duckdb"


@pytest.fixture
def workspace(twice, tmp_path):
    """Return a workspace of both days, a copy that a test may change."""
    return shutil.copy(twice, tmp_path / "w.duckdb")


def fingerprint(path):
    with Workspace.open(path) as opened:
        return opened.fingerprint()


def test_imports_are_listed_the_latest_first(run, workspace):
    status, out, _ = run("history", "--workspace", workspace)

    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == [
        "import",
        out.splitlines()[1],
        "2",
        "1",
    ]
    listed = json.loads(run("history", "--workspace", workspace, "--json")[1])
    assert [(one["import"], one["files"], one["undone"]) for one in listed] == [
        (2, ["tuesday.csv"], False),
        (1, ["monday.csv"], False),
    ]


def test_what_an_import_changed_is_told_with_sums(run, workspace):
    _, out, _ = run("history", "--workspace", workspace, "--import", "2")

    assert out.splitlines() == [
        "import 2, since import 1",
        "  deals: 0 added, 2 changed",
        "  1 deal won: €1,250.00",
        "  1 deal amount raised: €250.00",
        "  1 deal close date pushed: €500.00",
    ]


def test_what_an_import_changed_is_told_to_machines_deal_by_deal(run, workspace):
    found = json.loads(run("history", "--workspace", workspace, "--import", "2", "--json")[1])

    assert (found["import"]["import"], found["compared_with"]) == (2, 1)
    assert found["moves"][0] == {"move": "won", "deals": 1, "amounts": {"EUR": "1250.00"}}
    raised = next(row for row in found["deals"] if row["move"] == "amount raised")
    assert (raised["deal_id"], raised["amount_before"], raised["amount_after"]) == (
        "D1",
        "1000.00",
        "1250.00",
    )


def test_an_import_is_undone_and_done_again(run, workspace):
    after = fingerprint(workspace)
    status, out, _ = run("undo", "--workspace", workspace)
    before = fingerprint(workspace)

    assert status == 0
    assert out.splitlines() == ["import 2 undone: tuesday.csv", f"state of the data: {before}"]
    assert "undone" in run("history", "--workspace", workspace)[1]
    assert run("redo", "--workspace", workspace)[1].startswith("import 2 done again: tuesday.csv")
    assert fingerprint(workspace) == after


def test_an_import_is_undone_with_those_after_it(run, workspace):
    undone = json.loads(run("undo", "--workspace", workspace, "--import", "1", "--json")[1])

    assert [one["import"] for one in undone] == [2, 1]
    status, _, err = run("undo", "--workspace", workspace)
    assert (status, err.startswith("error: There is no import to undo.")) == (2, True)


def test_the_data_of_an_earlier_import_become_a_workspace_of_their_own(run, workspace, tmp_path):
    status, out, _ = run(
        "as-of", "--workspace", workspace, "--import", "1", "--out", tmp_path / "monday.duckdb"
    )

    assert (status, "as of import 1" in out) == (0, True)
    with Workspace.open(tmp_path / "monday.duckdb") as past:
        assert past.query("SELECT sum(amount_minor)::BIGINT FROM deals").item() == 150_000
        assert [one.number for one in snapshots(past)] == [1]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--date", "2001-01-01"], "Nothing was imported until 2001-01-01"),
        ([], "Give either --import or --date"),
        (["--import", "9"], "no import called '9'"),
    ],
)
def test_data_that_never_were_are_refused_in_words(run, workspace, tmp_path, options, words):
    status, _, err = run(
        "as-of", "--workspace", workspace, "--out", tmp_path / "p.duckdb", *options
    )

    assert (status, words in err) == (2, True)
    assert not (tmp_path / "p.duckdb").exists()


def test_an_empty_history_says_so(run, tmp_path):
    Workspace.create(tmp_path / "w.duckdb").close()

    assert run("history", "--workspace", tmp_path / "w.duckdb")[1] == "nothing imported yet\n"
