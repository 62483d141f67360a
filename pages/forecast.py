"""Forecast: what the quarter will bring, how sure that is, and how past forecasts did."""

import streamlit as st

from app import state
from app.caches import forecast as caches
from app.caches import pipeline as past
from app.components import (
    analyst,
    doubts,
    empty,
    forecast_deals,
    forecast_methods,
    forecast_question,
    forecast_record,
    forecast_rollup,
    forecast_scenarios,
    forecast_verdict,
    header,
    provenance,
)
from core.analyst.sheets.forecast import forecast_facts
from core.analyst.sheets.outlook import outlook_answers

view = state.view()
header.show("Forecast", view)
if view is None:
    empty.no_data("A forecast needs closed deals to learn from, open ones and their stage changes.")
    st.stop()

services, key = view.services, view.services.cache_key
sentence, figures = st.container(), st.container()
question = forecast_question.in_a_row(view)
outlook = forecast_question.answer(question, view)
if outlook is None:
    st.stop()

standing = caches.attainment(services, key, question)
with sentence:
    forecast_verdict.show(outlook, standing, view)
with figures:
    forecast_verdict.figures(outlook, standing, view)
if outlook.is_blind:
    doubts.show((*outlook.warnings, *standing.warnings))
    forecast_deals.behind(outlook, view)
    st.stop()
forecast_scenarios.show(outlook, standing, view)
meaning = st.container()
doubts.show((*outlook.warnings, *standing.warnings))
forecast_deals.behind(outlook, view)
forecast_deals.deciding(outlook, view)
forecast_rollup.show(outlook, view)
forecast_methods.show(outlook)
forecast_record.show(outlook)
provenance.show(
    forecast_verdict.SHOWN,
    past.source(services, key, question.currency, question.segment.owner_ids),
    view,
    key="forecast_source",
)
answers = outlook_answers(outlook, standing)
with meaning:
    analyst.show(forecast_facts(answers, analyst.place(view)), view, key="forecast_analyst")
