# ruff: noqa: ARG001 - Streamlit reads the keys of a cache, the cached function need not
"""Cached answers about imports."""

import streamlit as st

from app.services import Services
from core.changes import Changes

IMPORTS = 20
"""Imports whose changes are kept at a time; they hold rows of deals."""


@st.cache_data(max_entries=IMPORTS, show_spinner=False)
def changes(_services: Services, cache_key: str, number: int) -> Changes:
    """Return what an import changed."""
    return _services.timeline.changes(number)
