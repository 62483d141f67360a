# ruff: noqa: ARG001 - Streamlit reads the keys of a cache, the cached function need not
"""Cached parts of the deals, each a workspace in memory."""

import streamlit as st

from app.services import Services
from core.selection import Condition, Field

PARTS = 6
"""Parts kept at a time; one that is forgotten lives on while a visitor looks at it."""

COLUMNS = 20
"""Lists of fields kept at a time."""


@st.cache_data(max_entries=COLUMNS, show_spinner=False)
def fields(_services: Services, cache_key: str) -> tuple[Field, ...]:
    """Return what deals can be chosen by."""
    return _services.selection.fields()


@st.cache_resource(max_entries=PARTS, show_spinner="Choosing deals")
def part(_services: Services, cache_key: str, conditions: tuple[Condition, ...]) -> Services:
    """Return the services of the deals that fulfil every condition."""
    return _services.where(conditions)
