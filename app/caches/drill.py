# ruff: noqa: ARG001 - Streamlit reads the keys of a cache, the cached function need not
"""Cached answers about one credit or one deal; the rules are those of `app.cache`."""

import polars as pl
import streamlit as st

from app.cache import ANSWERS
from app.drill_services import Credit
from app.services import Services
from core.attribution.explanation import Counterfactual, Explanation, Removal
from core.attribution.results import Question


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def campaigns(_services: Services, cache_key: str, credit: Credit) -> pl.DataFrame:
    """Return the campaigns behind a credit."""
    return _services.drill.campaigns(credit)


@st.cache_data(max_entries=ANSWERS, max_size="200 MB", show_spinner=False)
def touches(_services: Services, cache_key: str, credit: Credit) -> pl.DataFrame:
    """Return the touches behind a credit."""
    return _services.drill.touches(credit)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def deals(_services: Services, cache_key: str, credit: Credit) -> pl.DataFrame:
    """Return the deals behind a credit."""
    return _services.drill.deals(credit)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def deal_credits(
    _services: Services, cache_key: str, question: Question, deal_id: str
) -> pl.DataFrame:
    """Return the touches of one deal with their credit."""
    return _services.drill.deal_credits(question, deal_id)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def explanation(
    _services: Services, cache_key: str, question: Question, deal_id: str
) -> Explanation:
    """Return why each model splits one deal as it does."""
    return _services.drill.explanation(question, deal_id)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def counterfactual(
    _services: Services, cache_key: str, question: Question, deal_id: str, removal: Removal
) -> Counterfactual:
    """Return how one deal would be split if something had not happened."""
    return _services.drill.counterfactual(question, deal_id, removal)
