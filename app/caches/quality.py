# ruff: noqa: ARG001 - Streamlit reads the keys of a cache, the cached function need not
"""Cached answers about the data themselves."""

from datetime import date

import polars as pl
import streamlit as st

from app.services import Services
from core.leakage import LeakageReport
from core.quality import Finding, Quality

ANSWERS = 50
"""Answers of one kind kept at a time."""

TABLES_OF_ROWS = 10
"""Tables of rows behind a count kept at a time."""


@st.cache_data(max_entries=ANSWERS, show_spinner="Checking the data")
def scores(_services: Services, cache_key: str, as_of: date) -> Quality:
    """Return the score of each table."""
    return _services.data_quality.scores(as_of)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def about(
    _services: Services, cache_key: str, fields: tuple[str, ...], as_of: date
) -> tuple[Finding, ...]:
    """Return what weakens figures that use some fields."""
    return _services.data_quality.about(fields, as_of)


@st.cache_data(max_entries=TABLES_OF_ROWS, show_spinner=False)
def rows(_services: Services, cache_key: str, check: str, as_of: date) -> pl.DataFrame:
    """Return the rows behind a count."""
    return _services.data_quality.rows(check, as_of)


@st.cache_data(max_entries=ANSWERS, show_spinner="Comparing columns with outcomes")
def leakage(_services: Services, cache_key: str) -> LeakageReport:
    """Return which columns give the outcome away."""
    return _services.data_quality.leakage()
