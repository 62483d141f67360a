"""Slips of the hand: each is one line on standard error, exit status 2, and nothing is made."""

import errno
import socket

import pytest

from app.cli import OUR_MISTAKE
from app.history_services import HistoryServices
from tests.cli.conftest import DEALS


@pytest.fixture
def here(workspace, tmp_path, monkeypatch):
    """Work in a folder with a workspace w.duckdb, exports, a text and nothing else."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.duckdb").write_text("not a workspace\n" * 50)
    return tmp_path


PLACES = {
    "a workspace in a file": ("import", "deals.csv", "--workspace", "deals.csv/w.duckdb"),
    "a demo in a file": ("demo", "--deals", "5", "--out", "deals.csv/w.duckdb"),
    "exports in a file": ("demo", "--deals", "5", "--export", "hubspot", "--out", "deals.csv"),
    "a copy in a file": ("as-of", "--workspace", "w.duckdb", "--import", "1", "--out",
                         "deals.csv/w.duckdb"),
    "a report in a file": ("report", "--workspace", "w.duckdb", "--parts", "data", "--out",
                           "deals.csv/r.pdf"),
}  # fmt: skip


@pytest.mark.parametrize("asked", PLACES.values(), ids=PLACES.keys())
def test_a_place_that_cannot_be_written_is_told(run, here, asked):
    status, out, errors = run(*asked)

    assert (status, out) == (2, "")
    assert errors.startswith("error: deals.csv")
    assert "Choose another place." in errors
    assert (here / "deals.csv").read_text() == DEALS


SLIPS = {
    ("history", "--workspace", "w.duckdb", "--import", "0"): "called '0'. Known: 1.",
    ("figures", "--workspace", "w.duckdb", "--period", "custom"): "A custom period is two days.",
    ("report", "--workspace", "w.duckdb", "--out", "r.pdf", "--period", "custom"):
        "Give --from and --to, or one of qtd, last_quarter, 12m, all.",
    ("explain", "--workspace", "w.duckdb", "--period", "custom"): "A custom period is two days.",
    ("explain", "--workspace", "w.duckdb", "--topic", "overview:Email"):
        "The topic overview has no name, such as 'Email'.",
    ("demo", "--out", "d.duckdb", "--dirt"): "Give --export with --dirt.",
    ("key", "add", "--workspace", "deals.csv"): "deals.csv is not a workspace. Check the path.",
    ("key", "list", "--workspace", "text.duckdb"): "text.duckdb is not a workspace.",
    ("serve", "--workspace", "text.duckdb"): "cannot be opened as a workspace",
    ("serve", "--port", "70000"): "There is no port 70000. Choose 1 to 65535.",
    ("serve", "--host", "nowhere.invalid"): "Nothing can listen on nowhere.invalid, port 8501",
}  # fmt: skip


@pytest.mark.parametrize(("asked", "words"), SLIPS.items(), ids=" ".join)
def test_a_slip_is_told_and_nothing_is_made(run, here, asked, words):
    before = sorted(here.iterdir())
    status, out, errors = run(*asked)

    assert (status, out) == (2, "")
    assert words in errors
    assert errors.startswith("error: ")
    assert errors.count("\n") == 1
    assert sorted(here.iterdir()) == before


def test_a_port_that_is_taken_is_told_before_the_server_starts(run, here):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, _, errors = run("serve", "--workspace", "w.duckdb", "--port", str(port))

    assert status == 2
    assert f"Nothing can listen on 127.0.0.1, port {port}" in errors


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_a_file_that_is_refused_is_told_as_an_error_and_the_others_as_the_answer(
    run, here, as_json
):
    (here / "notes.txt").write_text("nothing to import\n")
    status, out, errors = run("import", "notes.txt", "deals.csv", "--workspace", "w2", *as_json)

    assert status == 2
    assert errors.startswith("error: notes.txt: refused. ")
    assert "deals.csv" in out
    assert ("notes.txt" in out) == bool(as_json)


BREAKS = {
    "a slip in the code": (ZeroDivisionError("inner detail"), 3, "went wrong on our side"),
    "the keyboard": (KeyboardInterrupt(), 130, ""),
    "the keyboard, in a statement": (RuntimeError("Query interrupted"), 130, ""),
    "a full disk": (OSError(errno.ENOSPC, "No space left on device"), 2, "cannot be written"),
}


@pytest.mark.parametrize(("error", "code", "words"), BREAKS.values(), ids=BREAKS.keys())
def test_what_ends_a_command_has_a_status_of_its_own(run, here, monkeypatch, error, code, words):
    def failing(_self):
        raise error

    monkeypatch.setattr(HistoryServices, "snapshots", failing)
    status, out, errors = run("history", "--workspace", "w.duckdb")

    assert (status, out) == (code, "")
    assert words in errors
    assert bool(words) == bool(errors)
    assert ("inner detail" in errors) == (code == OUR_MISTAKE)
