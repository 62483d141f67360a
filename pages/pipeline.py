"""Pipeline: what became of it, how fast it flows, how likely it is won."""

from dataclasses import replace

import streamlit as st

from app import state
from app.caches import pipeline as caches
from app.components import (
    empty,
    header,
    kpis,
    pipeline_flow,
    pipeline_slips,
    pipeline_standing,
    pipeline_velocity,
    pipeline_verdict,
    pipeline_win_rates,
    provenance,
)
from app.pipeline_services import question_of

view = state.view()
header.show("Pipeline", view)
if view is None:
    empty.no_data(
        "The pipeline needs deals, open and closed, and better still their stage changes."
    )
    st.stop()

services, key = view.services, view.services.cache_key
asked = question_of(view.scope, view.coverage.first_day, view.coverage.as_of)
sentence = st.container()
figures = st.container()
question = replace(asked, due_only=pipeline_flow.due_only())

flow = caches.flow(services, key, question)
with sentence:
    pipeline_verdict.show(flow, view)
standing = pipeline_standing.ask(asked, view)
speed = caches.velocity(services, key, asked)
rates = caches.win_rates(services, key, asked)
slipped = caches.slippage(services, key, asked)
with figures:
    covered = pipeline_standing.coverage_kpi(standing.attainment)
    kpis.show(pipeline_verdict.kpis(flow, covered, speed, rates, slipped), view)

bridge, chances = st.columns([3, 2])
with bridge:
    line = pipeline_flow.chart(flow)
with chances:
    category = pipeline_standing.category_card(standing, view)
if line:
    pipeline_flow.deals_of(line, flow, question, view)
if category:
    pipeline_standing.deals_of(category, standing, view)
table, cover = st.columns([3, 2])
with table:
    pipeline_flow.lines(flow, view)
with cover:
    due_shown = pipeline_standing.coverage(standing.attainment, flow.warnings, view)
if due_shown:
    pipeline_standing.due_deals(standing.attainment, asked, view)
pipeline_velocity.show(speed, asked, view)
pipeline_win_rates.show(rates, asked, view)
pipeline_slips.show(slipped, asked, view)
provenance.show(
    pipeline_verdict.SHOWN,
    caches.source(services, key, asked.currency, asked.owner_ids),
    view,
    key="pipeline_source",
)
