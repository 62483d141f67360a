# ruff: noqa: ARG001 - Streamlit reads the keys of a cache, the cached function need not
"""Cached answers about revenue to come, keyed as in `app.cache`.

The outlook is the one heavy answer; a scenario is played on the cached outlook, so that moving a
slider fits nothing.
"""

import streamlit as st

from app.beside import beside
from app.cache import ANSWERS
from app.services import Services
from core.forecasting.attainment import Attainment
from core.forecasting.forecast_question import ForecastQuestion
from core.forecasting.outlook_parts import Parts
from core.forecasting.outlook_results import Outlook
from core.forecasting.outlook_scenarios import PlayedOutlook
from core.forecasting.scenarios import Scenario

OUTLOOKS = 40
"""Outlooks kept at a time; each is about half a megabyte."""


@st.cache_data(max_entries=OUTLOOKS, show_spinner="Replaying past forecasts")
def replay(_services: Services, cache_key: str, question: ForecastQuestion) -> Parts:
    """Return what was said at past dates; asked by ``question.prepared``."""
    with beside():
        return _services.forecasting.replay(question)


@st.cache_data(max_entries=OUTLOOKS, show_spinner=False)
def outlook(_services: Services, cache_key: str, question: ForecastQuestion) -> Outlook:
    """Return revenue by period with its record; months and quarters share one replay."""
    said = replay(_services, cache_key, question.prepared)
    return _services.forecasting.outlook(question, said)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def scenario(
    _services: Services, cache_key: str, question: ForecastQuestion, scenario: Scenario
) -> PlayedOutlook:
    """Return the outlook under a scenario; nothing is fitted."""
    return _services.forecasting.scenario(outlook(_services, cache_key, question), scenario)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def attainment(_services: Services, cache_key: str, question: ForecastQuestion) -> Attainment:
    """Return where the first period stands against its quota."""
    return _services.forecasting.attainment(outlook(_services, cache_key, question))


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def segment_choices(
    _services: Services, cache_key: str, question: ForecastQuestion
) -> dict[str, tuple[str, ...]]:
    """Return what each dimension can be filtered by."""
    return _services.forecasting.segment_choices(question)
