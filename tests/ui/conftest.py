"""Pages run as a visitor runs them, with services handed in."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

MAIN = Path(__file__).resolve().parents[2] / "app" / "main.py"


def visit(script, services, **query):
    """Open a page by its script, for a visitor with the given services; caches stay as they are."""
    app = AppTest.from_file(str(MAIN), default_timeout=20)
    app.session_state["app_services"] = services
    if script != "overview.py":
        app.switch_page(f"../pages/{script}")
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


@pytest.fixture
def open_page():
    """Open a page by its script, for a visitor with the given services and empty caches."""
    st.cache_data.clear()
    yield visit
    st.cache_data.clear()


def words(app):
    """Return everything a reader can read on a page, as one text."""
    kinds = ("title", "header", "markdown", "caption", "text", "error", "warning", "info")
    return "\n".join(element.value for kind in kinds for element in app.get(kind) if element.value)
