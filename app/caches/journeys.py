# ruff: noqa: ARG001 - Streamlit reads the keys of a cache, the cached function need not
"""Cached answers about journeys; the rules are those of `app.cache`."""

import polars as pl
import streamlit as st

from app.cache import ANSWERS
from app.services import Services
from core.attribution.journey_deals import Chosen
from core.attribution.patterns import JourneyOutcomes, JourneyPatterns
from core.attribution.steps import JourneyQuestion
from core.attribution.timeline import AccountTimeline
from core.scope import Scope


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def outcomes(_services: Services, cache_key: str, question: JourneyQuestion) -> JourneyOutcomes:
    """Return what won and lost journeys come to."""
    return _services.journeys.outcomes(question)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def patterns(_services: Services, cache_key: str, question: JourneyQuestion) -> JourneyPatterns:
    """Return how the deals closed in scope came about."""
    known = outcomes(_services, cache_key, question.whole)
    return _services.journeys.patterns(question, known)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def deals(
    _services: Services, cache_key: str, question: JourneyQuestion, chosen: Chosen
) -> pl.DataFrame:
    """Return the deals a number about journeys counts."""
    return _services.journeys.deals(question, chosen)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def accounts(_services: Services, cache_key: str, scope: Scope, text: str) -> pl.DataFrame:
    """Return accounts to choose from."""
    return _services.journeys.accounts(scope, text)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def timeline(
    _services: Services, cache_key: str, account_id: str, currency: str
) -> AccountTimeline:
    """Return what happened with one account."""
    return _services.journeys.timeline(account_id, currency)
