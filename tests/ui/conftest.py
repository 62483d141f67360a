"""Pages run as a visitor runs them, with services handed in."""

from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.testing.v1 import AppTest

from tests.fakes import small_services

MAIN = Path(__file__).resolve().parents[2] / "app" / "main.py"
HANGS_AFTER_SECONDS = 120  # a loaded machine is slow, not wrong


@cache
def components():
    """Return the components of the installed packages, looked for once as a server does.

    Left alone, every run of a page reads the descriptions of all packages for them, which takes
    as long as the page itself.
    """
    found = BidiComponentManager()
    found.discover_and_register_components(start_file_watching=False)
    return found


def app_of():
    """Return the app as a visitor finds it, before its first run."""
    app = AppTest.from_file(str(MAIN), default_timeout=HANGS_AFTER_SECONDS)
    app._bidi_component_manager = components()
    return app


def visit(script, services, **query):
    """Open a page by its script, for a visitor with the given services; caches stay as they are."""
    app = app_of()
    app.session_state["app_services"] = services
    if script != "overview.py":
        app.switch_page(f"../pages/{script}")
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


@pytest.fixture
def open_page():
    """Open a page by its script, for a visitor with the given services.

    Answers are kept by the services that gave them: a visit never meets those of other services.
    """
    return visit


@pytest.fixture(autouse=True, scope="module")
def _without_answers_of_before():
    """Begin and end with empty caches, for services that two modules call by one name."""
    st.cache_data.clear()
    yield
    st.cache_data.clear()


@pytest.fixture(scope="module")
def small():
    """Return services of the small company, which no test changes: their answers stay."""
    return small_services()


def words(app):
    """Return everything a reader can read on a page, as one text."""
    kinds = ("title", "header", "markdown", "caption", "text", "error", "warning", "info")
    return "\n".join(element.value for kind in kinds for element in app.get(kind) if element.value)
