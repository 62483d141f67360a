"""What every test gets: an environment without settings of the person who runs it."""

import gc
import os
from collections import Counter

import pytest
from hypothesis import settings

# A loaded machine is slow, not wrong; and where nobody looks at a failure twice it must repeat.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_collection_modifyitems(items):
    """Begin with the visits of a browser, which wait more than they work.

    Tests that schemathesis makes of one function share an identity, and of tests that share one
    pytest-xdist runs the first alone: each gets its own.
    """
    for item in items:
        if not item.nodeid.endswith(item.name):
            item._id = item.parent.id.child(item.name)
    named = Counter(item.nodeid for item in items)
    if shared := [name for name, times in named.items() if times > 1]:
        raise pytest.UsageError(f"of tests with one identity only one would run: {shared}")
    items.sort(key=lambda item: "e2e" not in item.path.parts)


def pytest_collection_finish():
    """Keep what was imported for the tests out of every collection of garbage to come."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for name in list(os.environ):
        if name.startswith("PLUMBLINE_"):
            monkeypatch.delenv(name)
    # Most tests ask for one small forecast or another: what fits them is imported once.
    monkeypatch.setenv("PLUMBLINE_SECOND_PROCESS", "no")
