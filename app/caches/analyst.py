# ruff: noqa: ARG001 - Streamlit reads the keys of a cache, the cached function need not
"""Answers to questions in plain language, kept by the state of the data."""

from typing import Final

import streamlit as st

from app.ask_ahead import Ahead
from app.ask_services import Answer
from app.caches import deals, forecast
from app.services import Services
from core.analyst.ask.inquiry import Inquiry, Refusal
from core.analyst.writers.registry import WriterSettings
from core.deals.settings import ScoreSettings

ANSWERS: Final = 200
"""Answers of one kind kept at a time; the least used is forgotten first."""


@st.cache_data(max_entries=ANSWERS, show_spinner="Reading the question")
def understood(
    _services: Services, cache_key: str, question: str, settings: WriterSettings
) -> Inquiry | Refusal:
    """Return what a question comes down to."""
    return _services.ask.understand(question, settings)


@st.cache_data(max_entries=ANSWERS, show_spinner="Looking it up")
def answer(_services: Services, cache_key: str, inquiry: Inquiry, currency: str) -> Answer:
    """Return the figures of an inquiry with a sentence about them."""
    ahead = Ahead(
        lambda question: forecast.outlook(_services, cache_key, question),
        lambda question: forecast.attainment(_services, cache_key, question),
        lambda question: deals.scores(_services, cache_key, question, ScoreSettings()),
    )
    return _services.ask.answer(inquiry, currency, ahead)
