"""Every HTTP answer carries the security headers; the API serves what the pages show."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from app import cache
from app.api.keys import KeyFile, KeyScope
from app.server import SECURITY_HEADERS, SecurityHeaders, app
from core.settings import Settings
from core.workspace import Workspace
from tests.asking import assert_problem

DEALS = b"""deal_id,name,stage,amount,currency,created_at,closed_at,is_won
D1,Platform,Closed won,1000.00,EUR,2025-01-10,2025-03-05,true
"""
HOLD = (
    "import sys; from pathlib import Path; from core.workspace import Workspace\n"
    "with Workspace.open(Path(sys.argv[1])): print('open', flush=True); sys.stdin.read()"
)


async def _not_found(scope, receive, send):
    await send({"type": "http.response.start", "status": 404, "headers": [(b"server", b"x")]})
    await send({"type": "http.response.body", "body": b"nothing here"})


def answer(kind):
    sent = []

    async def keep(message):
        sent.append(message)

    asyncio.run(SecurityHeaders(_not_found)({"type": kind}, None, keep))
    return sent


def test_even_an_error_carries_every_header():
    start, body = answer("http")
    headers = {name.decode(): value.decode() for name, value in start["headers"]}

    assert {name.lower(): value for name, value in SECURITY_HEADERS.items()}.items() <= (
        headers.items()
    )
    assert headers["server"] == "x"
    assert body["body"] == b"nothing here"


def test_a_websocket_is_left_alone():
    assert answer("websocket")[0]["headers"] == [(b"server", b"x")]


def test_pictures_may_come_from_nowhere_but_here():
    assert "img-src 'self' data: blob:" in SECURITY_HEADERS["Content-Security-Policy"]
    assert "http:" not in SECURITY_HEADERS["Content-Security-Policy"]


@pytest.fixture
def client():
    """Return a client of what the server serves under /api."""
    (mounted,) = (route for route in app._user_routes if route.path == "/api")
    yield TestClient(mounted.app)
    cache.shared_services.clear()


def test_without_a_workspace_file_the_api_tells_nobody_anything(client):
    assert client.get("/health").status_code == 200
    assert client.get("/overview", headers={"Authorization": "Bearer x"}).status_code == 401


@pytest.fixture
def file(client, tmp_path, monkeypatch):
    """Return the workspace file that is served; the client has a key that may write."""
    file = tmp_path / "acme.duckdb"
    Workspace.create(file).close()
    now = datetime(2026, 11, 23, tzinfo=UTC)
    _, secret = KeyFile.beside(file).add("Test", now, KeyScope.WRITE)
    client.headers["Authorization"] = f"Bearer {secret}"
    monkeypatch.setenv("PLUMBLINE_WORKSPACE", str(file))
    return file


def test_the_api_serves_the_workspace_that_the_pages_show(client, file):
    answer = client.get("/workspaces")

    shared = cache.shared_services(file, Settings())
    assert answer.json()["workspaces"][0]["fingerprint"] == shared.workspace.fingerprint()


def test_a_file_another_process_holds_is_told_and_served_once_it_is_free(client, file):
    holding = [sys.executable, "-c", HOLD, str(file)]
    with subprocess.Popen(holding, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        answers = [
            client.get("/overview"), client.post("/imports", files={"files": ("d.csv", DEALS)})
        ]  # fmt: skip
        other.communicate()

    for answer in answers:
        told = assert_problem(answer, 503, "workspace-locked")
        assert told["detail"] == "acme.duckdb is open in another process."
        assert answer.headers["retry-after"] == "10"
    stored = client.post("/imports", files={"files": ("d.csv", DEALS)}).json()
    assert stored["files"][0]["loaded"] == 1


def test_a_command_is_told_that_the_server_holds_the_file(client, file, tmp_path):
    (tmp_path / "d.csv").write_bytes(DEALS)
    client.post("/imports", files={"files": ("d.csv", DEALS)})
    before = client.get("/imports").json()
    command = [sys.executable, "-m", "app", "import", tmp_path / "d.csv", "--workspace", file]
    said = subprocess.run(command, capture_output=True, text=True, check=False)

    assert said.returncode == 2
    assert "is open in another process" in said.stderr
    assert "use its pages and API" in said.stderr
    assert "Traceback" not in said.stderr
    assert client.get("/imports").json() == before
