# ruff: noqa: ARG001 - Streamlit reads the keys of a cache, the cached function need not
"""Caches of the pipeline page: its histories once, and each answer made of them."""

from datetime import date

import polars as pl
import streamlit as st

from app.cache import ANSWERS
from app.pipeline_services import Behind, PipelineQuestion
from app.services import Services
from core.forecasting.attainment import Attainment
from core.forecasting.flow import Line, PipelineFlow
from core.forecasting.forecast_question import ForecastQuestion
from core.forecasting.histories import Histories
from core.forecasting.pushes import Slippage
from core.forecasting.segments import of_segment
from core.forecasting.velocity import Velocity
from core.forecasting.win_rate import WinRates

HISTORIES = 16
"""Histories kept at a time: they are as large as the deals and their stage changes."""


@st.cache_resource(max_entries=HISTORIES, show_spinner=False)
def histories(
    _services: Services, cache_key: str, currency: str, owner_ids: tuple[str, ...]
) -> Histories:
    """Return every deal's past; a resource, because nothing ever writes to it."""
    return _services.pipeline.histories(currency, owner_ids)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def source(_services: Services, cache_key: str, currency: str, owner_ids: tuple[str, ...]) -> str:
    """Return the query that reads the stage changes."""
    return _services.pipeline.source(currency, owner_ids)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def flow(_services: Services, cache_key: str, question: PipelineQuestion) -> PipelineFlow:
    """Return what became of the pipeline."""
    return _services.pipeline.flow(_of(_services, cache_key, question), question)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def attainment(_services: Services, cache_key: str, question: PipelineQuestion) -> Attainment:
    """Return where the quarter stands."""
    return _services.pipeline.attainment(_of(_services, cache_key, question), question)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def velocity(_services: Services, cache_key: str, question: PipelineQuestion) -> Velocity:
    """Return money a day through the pipeline."""
    return _services.pipeline.velocity(_of(_services, cache_key, question), question)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def velocity_by(
    _services: Services, cache_key: str, question: PipelineQuestion, segment: str
) -> tuple[Velocity, ...]:
    """Return the velocity of each segment."""
    return _services.pipeline.velocity_by(_of(_services, cache_key, question), question, segment)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def win_rates(_services: Services, cache_key: str, question: PipelineQuestion) -> WinRates:
    """Return the win rate three ways."""
    return _services.pipeline.win_rates(_of(_services, cache_key, question), question)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def push_counts(_services: Services, cache_key: str, question: PipelineQuestion) -> pl.DataFrame:
    """Return how often each open deal was pushed."""
    return _services.pipeline.push_counts(_of(_services, cache_key, question), question)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def slippage(_services: Services, cache_key: str, question: PipelineQuestion) -> Slippage:
    """Return what became of the deals due in the last finished quarter."""
    return _services.pipeline.slippage(_of(_services, cache_key, question), question)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def deal_course(
    _services: Services, cache_key: str, question: ForecastQuestion, deal_id: str
) -> pl.DataFrame:
    """Return what a deal went through."""
    found = _in_segment(_services, cache_key, question)
    return _services.pipeline.deal_course(found, deal_id, question.as_of)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def came(
    _services: Services, cache_key: str, question: ForecastQuestion, known_until: date
) -> pl.DataFrame:
    """Return what the periods of a forecast brought that are over by a day."""
    found = _in_segment(_services, cache_key, question)
    return _services.pipeline.came(found, question.periods, known_until)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def deals_of_line(
    _services: Services, cache_key: str, question: PipelineQuestion, line: Line
) -> pl.DataFrame:
    """Return the deals of a line of the bridge."""
    return _services.pipeline.deals_of_line(_of(_services, cache_key, question), question, line)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def deals_behind(
    _services: Services,
    cache_key: str,
    question: PipelineQuestion,
    figure: Behind,
    segment: tuple[str, str] | None = None,
) -> pl.DataFrame:
    """Return the deals a figure counts."""
    found = _of(_services, cache_key, question)
    return _services.pipeline.deals_behind(found, question, figure, segment)


def _in_segment(services: Services, cache_key: str, question: ForecastQuestion) -> Histories:
    owners = question.segment.owner_ids
    found = histories(services, cache_key, question.currency, owners)
    return of_segment(found, question.segment)


def _of(services: Services, cache_key: str, question: PipelineQuestion) -> Histories:
    return histories(services, cache_key, question.currency, question.owner_ids)
