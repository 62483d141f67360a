# ruff: noqa: ARG001 - Streamlit reads the keys of a cache, the cached function need not
"""Cached answers about how far models can be trusted; the rules are those of `app.cache`."""

import polars as pl
import streamlit as st

from app.cache import ANSWERS
from app.services import Services
from app.trust_services import Rehearsal, rehearse
from core.attribution.trust_record import Shape


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def shape(_services: Services, cache_key: str) -> Shape:
    """Return what decides how accurate models can be."""
    return _services.trust.shape()


@st.cache_data(max_entries=60, show_spinner=False)
def rehearsed(rehearsal: Rehearsal, models: tuple[str, ...], engine_url: str) -> pl.DataFrame:
    """Return what each model misallocated on a simulated company; no visitor's data are in it."""
    return rehearse(rehearsal, models, engine_url)
