# ruff: noqa: ARG001 - Streamlit reads the keys of a cache, the cached function need not
"""Every cache of the application, and what its keys are made of.

Answers are keyed by the workspace, the state of its data and the frozen question; the services
are passed with a leading underscore, which keeps them out of the key. Nothing here reads a widget.
"""

from datetime import UTC, datetime
from pathlib import Path

import streamlit as st

from app.services import Services
from core.attribution.credit import ToExplain
from core.attribution.gaps import Gaps
from core.attribution.names import TouchNames
from core.attribution.order_of_journeys import JourneyOrder
from core.attribution.performance import ChannelFacts
from core.attribution.results import AttributionResult, Question
from core.attribution.signal import Signal
from core.attribution.uncertainty import CreditIntervals
from core.coverage import Coverage
from core.crm.demo.options import DemoOptions
from core.overview import OverviewQuestion, OverviewResult
from core.settings import Settings
from core.workspace import Workspace

ANSWERS = 200
"""Answers of one kind kept at a time; the least used is forgotten first."""


def _answers(services: Services) -> bool:
    return services.workspace.is_alive()


@st.cache_resource(max_entries=1, validate=_answers, on_release=Services.close, show_spinner=False)
def shared_services(path: Path, settings: Settings) -> Services:
    """Return the services of the one workspace file that pages and API share."""
    return Services(Workspace.open_or_create(path, settings), identity=str(path))


@st.cache_resource(max_entries=1, validate=_answers, on_release=Services.close, show_spinner=False)
def demo_services(settings: Settings) -> Services:
    """Return the services of the demo company: simulated, read by everybody, written by nobody."""
    services = Services(Workspace.in_memory(settings), identity="demo")
    services.load_demo(demo_options(settings))
    return services


def demo_options(settings: Settings) -> DemoOptions:
    """Return the demo company this installation shows: its history ends on the day it is made."""
    today = datetime.now(UTC).date()
    return DemoOptions(seed=settings.demo_seed, deals=settings.demo_deals, ends_on=today)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def coverage(_services: Services, cache_key: str) -> Coverage:
    """Return what the data cover."""
    return _services.coverage()


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def overview(_services: Services, cache_key: str, question: OverviewQuestion) -> OverviewResult:
    """Return the figures of a period."""
    return _services.overview(question)


@st.cache_data(max_entries=ANSWERS, show_spinner="Asking the models")
def attribution(_services: Services, cache_key: str, question: Question) -> AttributionResult:
    """Return the credit of each model."""
    explained = to_explain(_services, cache_key, question.of_touches)
    return _services.attribution(question, explained)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def to_explain(_services: Services, cache_key: str, question: Question) -> ToExplain:
    """Return what models have to explain; no model changes it."""
    return _services.to_explain(question)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def touch_names(_services: Services, cache_key: str) -> TouchNames:
    """Return what touches can be told apart by."""
    return _services.touch_names()


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def gaps(_services: Services, cache_key: str, question: Question) -> Gaps:
    """Return why no touch explains some won deals."""
    return _services.gaps(question)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def channel_facts(_services: Services, cache_key: str, question: Question) -> ChannelFacts:
    """Return what each channel cost and which deals it touched; no model changes it."""
    return _services.channel_facts(question)


@st.cache_data(max_entries=ANSWERS, show_spinner="Drawing accounts again")
def intervals(
    _services: Services, cache_key: str, question: Question, model: str
) -> CreditIntervals:
    """Return how sure the credit of each channel is."""
    return _services.intervals(question, model)


@st.cache_data(max_entries=ANSWERS, show_spinner="Shuffling outcomes")
def signal(_services: Services, cache_key: str, question: Question, model: str) -> Signal | None:
    """Return whether a data-driven model sees a signal."""
    return _services.signal(question, model)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def suggested_order(_services: Services, cache_key: str, question: Question) -> JourneyOrder | None:
    """Return the Markov order the journeys support."""
    return _services.suggested_order(question)
