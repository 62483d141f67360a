"""What every test gets: an environment without settings of the person who runs it."""

import os

import pytest
from hypothesis import settings

# A loaded machine is slow, not wrong; and where nobody looks at a failure twice it must repeat.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")


def pytest_collection_modifyitems(items):
    """Begin with the visits of a browser, which wait more than they work."""
    items.sort(key=lambda item: "e2e" not in item.path.parts)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for name in list(os.environ):
        if name.startswith("PLUMBLINE_"):
            monkeypatch.delenv(name)
