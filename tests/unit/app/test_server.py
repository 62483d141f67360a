"""Every HTTP answer carries the security headers; the API serves what the pages show."""

import asyncio
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from app import cache
from app.api.keys import KeyFile
from app.server import SECURITY_HEADERS, SecurityHeaders, app
from core.settings import Settings
from core.workspace import Workspace


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


def test_the_api_serves_the_workspace_that_the_pages_show(client, tmp_path, monkeypatch):
    file = tmp_path / "acme.duckdb"
    Workspace.create(file).close()
    _, secret = KeyFile.beside(file).add("Test", datetime(2026, 11, 23, tzinfo=UTC))
    monkeypatch.setenv("PLUMBLINE_WORKSPACE", str(file))
    answer = client.get("/workspaces", headers={"Authorization": f"Bearer {secret}"})

    shared = cache.shared_services(file, Settings())
    assert answer.json()["workspaces"][0]["fingerprint"] == shared.workspace.fingerprint()
