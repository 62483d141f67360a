"""Commands run in this process, and a small workspace for them."""

import shutil
import sys

import pytest

from app.cli import main

DEALS = """deal_id,name,account,owner,stage,amount,currency,created_at,closed_at,is_won
D1,Platform,Acme,Ada,Closed won,1000.00,EUR,2025-01-10,2025-03-05,true
D2,Renewal,Beta,Bob,Closed won,0.05,EUR,2025-01-12,2025-03-06,true
D3,Pilot,Gamma,Bob,Closed lost,700.00,EUR,2025-01-15,2025-03-07,false
"""
TOUCHES = """touch_id,deal_id,contact,channel,campaign,occurred_at,cost
T1,D1,c1,Email,Spring,2025-01-05,1.00
T2,D1,c1,Webinar,Launch,2025-02-05,5.00
T3,D1,c2,Email,Spring,2025-03-05,1.00
"""


@pytest.fixture
def run(capsys, monkeypatch):
    """Run the command line in this process; returns exit status, output and errors."""

    def run_with(*arguments):
        monkeypatch.setattr(sys, "argv", ["plumbline", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        captured = capsys.readouterr()
        return stopped.value.code or 0, captured.out, captured.err

    return run_with


@pytest.fixture(scope="module")
def answered():
    """Keep what the commands of a module answered."""
    return {}


@pytest.fixture
def read(run, answered):
    """Run a command that only reads, once for all tests of a module that ask the same."""

    def read_with(*arguments):
        if arguments not in answered:
            answered[arguments] = run(*arguments)
        return answered[arguments]

    return read_with


@pytest.fixture
def exports(tmp_path):
    return exports_in(tmp_path)


def exports_in(folder):
    (folder / "deals.csv").write_text(DEALS)
    (folder / "touchpoints.csv").write_text(TOUCHES)
    return [folder / "touchpoints.csv", folder / "deals.csv"]


@pytest.fixture(scope="session")
def imported(tmp_path_factory):
    """Import the exports once; nobody writes to this file."""
    folder = tmp_path_factory.mktemp("imported")
    import_by_command(folder / "w.duckdb", *exports_in(folder))
    return folder / "w.duckdb"


def import_by_command(workspace, *files):
    """Import files with the command, where no test's own output is being read."""
    command = ["plumbline", "import", *map(str, files), "--workspace", str(workspace)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", command)
        with pytest.raises(SystemExit) as stopped:
            main()
    assert not stopped.value.code


@pytest.fixture
def workspace(imported, exports, tmp_path):
    """Return a workspace of the exports, a copy that a test may change."""
    return shutil.copy(imported, tmp_path / "w.duckdb")
