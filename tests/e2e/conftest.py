"""The real server and a real browser; without one the tests are skipped in one loud line."""

import os
from pathlib import Path

import pytest

from tests.live import CHROMIUM, browsing, serving


def pytest_collection_modifyitems(items):
    """Skip what needs a browser where there is none, except in CI, where that is a failure."""
    if CHROMIUM or os.environ.get("CI"):
        return
    here = Path(__file__).parent
    reason = "NO CHROMIUM FOUND: install it or set CHROMIUM; the browser tests did not run"
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def server():
    """Start the real server on a small demo company and return its address.

    Each visitor of it has data of their own, so that visits of several modules can share it.
    """
    with serving(PLUMBLINE_DEMO_DEALS="200") as running:
        yield running.url


@pytest.fixture(scope="module")
def browser():
    """Open the browser for one module: while it is open, nothing else can run an event loop."""
    with browsing() as opened:
        yield opened


@pytest.fixture
def page(browser, server):
    """Open a fresh visit, on which no request may leave the host."""
    visit = browser.new_context(viewport={"width": 1440, "height": 1000}, base_url=server)
    requested = []
    opened = visit.new_page()
    opened.on("request", lambda request: requested.append(request.url))
    yield opened
    visit.close()
    assert [url for url in requested if not url.startswith((server, "data:", "blob:"))] == []
