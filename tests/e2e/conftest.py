"""The real server and a real browser; without one the tests are skipped in one loud line."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[2]
BROWSER = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
STARTS_WITHIN_SECONDS = 40


def pytest_collection_modifyitems(items):
    """Skip what needs a browser where there is none, except in CI, where that is a failure."""
    if BROWSER or os.environ.get("CI"):
        return
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(
                pytest.mark.skip(reason="NO CHROMIUM FOUND: install it or set CHROMIUM; not tested")
            )


@pytest.fixture(scope="session")
def server():
    """Start the real server on demo data and return its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    environment = {**os.environ, "PLUMBLINE_DEMO_DEALS": "200"}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def browser():
    """Open Debian's Chromium; nothing is ever downloaded."""
    from playwright.sync_api import sync_playwright

    assert BROWSER, "CI has no Chromium: install it, or set CHROMIUM to its path"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=BROWSER, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture
def page(browser, server):
    """Open a fresh visit, on which no request may leave the host."""
    visit = browser.new_context(viewport={"width": 1440, "height": 1000}, base_url=server)
    outside = []
    opened = visit.new_page()
    opened.on("request", lambda request: outside.append(request.url))
    yield opened
    visit.close()
    allowed = (server, "data:", "blob:")
    assert [url for url in outside if not url.startswith(allowed)] == []


def _wait_for(url, process):
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the server stopped while starting"
        try:
            with urlopen(url, timeout=1) as answer:  # noqa: S310 - our own server
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail(f"{url} did not answer within {STARTS_WITHIN_SECONDS} seconds")
