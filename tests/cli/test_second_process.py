"""A second process on the same workspace gets a clear message and a way on, by every command."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app import cache
from app.api.keys import KeyFile
from app.cli import cli
from app.server import app
from core.workspace import Workspace
from tests.processes import holding
from tests.ui.conftest import app_of

ROOT = Path(__file__).resolve().parents[2]

OPENS = {
    "import": ("import", "{exports}/deals.csv", "--workspace", "{held}"),
    "attribute": ("attribute", "--workspace", "{held}"),
    "forecast": ("forecast", "--workspace", "{held}"),
    "figures": ("figures", "--workspace", "{held}"),
    "report": ("report", "--workspace", "{held}", "--out", "{exports}/report.pdf"),
    "history": ("history", "--workspace", "{held}"),
    "undo": ("undo", "--workspace", "{held}"),
    "redo": ("redo", "--workspace", "{held}"),
    "as-of": ("as-of", "--workspace", "{held}", "--import", "1", "--out", "{exports}/old.duckdb"),
    "explain": ("explain", "--workspace", "{held}"),
    "export": ("export", "--workspace", "{held}", "--out", "{exports}/tables"),
    "deals": ("deals", "--workspace", "{held}"),
    "serve": ("serve", "--workspace", "{held}", "--port", "1"),
}
"""How each command that opens a workspace is told of one that somebody else holds."""

LEAVES_ALONE = {
    "demo": (("demo", "--out", "{held}", "--deals", "10"), 2, "cannot be made anew"),
    "key add": (("key", "add", "--workspace", "{held}"), 0, "may read"),
    "key list": (("key", "list", "--workspace", "{held}"), 0, "no keys yet"),
    "key revoke": (("key", "revoke", "nobody", "--workspace", "{held}"), 2, "no key"),
}
"""Commands that do not open it, what they end with, and what they say: they work meanwhile."""

ASKED_LATER = {"mcp"}
"""Opens the file for each question only; tests/contract/test_agents.py says what it tells then."""


@pytest.fixture
def places(workspace, tmp_path):
    """Return where the workspace and the exports are, as the commands name them."""
    return {"held": workspace, "exports": tmp_path}


def filled(arguments, places):
    return [str(word).format(**places) for word in arguments]


def test_every_command_is_here():
    groups = [group.typer_instance for group in cli.registered_groups]
    single = {one.name or one.callback.__name__ for one in cli.registered_commands}
    grouped = {
        f"{group.info.name} {one.name or one.callback.__name__}"
        for group in groups
        for one in group.registered_commands
    }

    assert single | grouped == OPENS.keys() | LEAVES_ALONE.keys() | ASKED_LATER


@pytest.mark.parametrize("command", OPENS)
def test_a_held_workspace_is_refused_with_who_holds_it_and_nothing_changes(run, places, command):
    before = contents(places["exports"])
    with holding(places["held"]) as holder:
        status, out, err = run(*filled(OPENS[command], places))

    assert (status, out) == (2, "")
    assert err == (
        f"error: {places['held'].name} is open in another process. Wait until it is done, or close "
        f"it (its number is {holder.pid}). If it is a server, use its pages and API.\n"
    )
    assert contents(places["exports"]) == before
    with Workspace.open(places["held"]) as again:
        assert again.count("deals") == 3


@pytest.mark.parametrize("command", LEAVES_ALONE)
def test_what_does_not_open_a_workspace_works_while_it_is_held(run, places, command):
    arguments, expected, words = LEAVES_ALONE[command]
    with holding(places["held"]):
        status, out, err = run(*filled(arguments, places))

    assert status == expected
    assert words in out + err


def test_a_server_keeps_serving_while_others_are_refused(run, places, tmp_path):
    """The other way round: the first process is not disturbed by a second that tries."""
    with holding(places["held"]) as holder:
        for _ in range(2):
            assert run("history", "--workspace", places["held"])[0] == 2
        assert holder.poll() is None

    status, out, _ = run("history", "--workspace", places["held"], "--json")
    assert status == 0
    assert len(json.loads(out)) == 1


def test_a_server_that_cannot_have_the_file_says_so_on_its_pages_and_in_its_api(
    places, monkeypatch
):
    """As soon as the other is done, the same server shows the data."""
    held = places["held"]
    monkeypatch.setenv("PLUMBLINE_WORKSPACE", str(held))
    _, secret = KeyFile.beside(held).add("Test", datetime(2026, 11, 23, tzinfo=UTC))
    (mounted,) = (route for route in app._user_routes if route.path == "/api")
    client = TestClient(mounted.app, headers={"Authorization": f"Bearer {secret}"})

    with holding(held):
        page = app_of().run()
        titles = [one.proto.title.replace("\\", "") for one in page.error]
        answer = client.get("/workspaces")
    later, released = client.get("/workspaces"), page.run()
    cache.shared_services.clear()

    assert not page.exception
    assert titles == [f"{held.name} is open in another process."]
    assert str(held.parent) not in answer.text
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:plumbline:workspace-locked")
    assert "Wait until it is done" in answer.json()["hint"]
    assert later.status_code == 200
    assert not released.error


def test_two_imports_at_once_leave_one_whole_import_behind(places, tmp_path):
    """Whoever is first wins; the other is refused or comes after, and no file is damaged."""
    target = tmp_path / "new.duckdb"
    command = [sys.executable, "-m", "app", "import", str(tmp_path / "deals.csv")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    racing = [
        subprocess.Popen(
            [*command, "--workspace", str(target)], env=environment, cwd=tmp_path,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    told = [one.communicate(timeout=60) for one in racing]

    assert 0 in {one.returncode for one in racing}
    assert {one.returncode for one in racing} <= {0, 2}
    assert "Traceback" not in str(told)
    with Workspace.open(target) as kept:
        assert kept.count("deals") == 3


@pytest.mark.parametrize("name", ["clock.duckdb", "unlocked (PID 7).duckdb"])
def test_a_damaged_file_is_not_called_held_for_its_name(run, tmp_path, name):
    (tmp_path / name).write_bytes(b"no workspace at all" * 500)
    status, _, err = run("history", "--workspace", tmp_path / name)

    assert status == 2
    assert "cannot be opened as a workspace" in err


def contents(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".wal"
    }
