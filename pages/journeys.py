"""Journeys: how deals came about, step by step, and what won ones have that lost ones lack."""

import streamlit as st

from app import state
from app.caches import journeys as cache
from app.components import (
    account_timeline,
    empty,
    header,
    journey_drill,
    journey_flow,
    journey_outcomes,
    journey_paths,
    journey_settings,
    provenance,
)

view = state.view()
header.show("Journeys", view)
if view is None:
    empty.no_data("Journeys need closed deals and the touches that led to them.")
    st.stop()

sentence = st.container()
question = journey_settings.in_a_row(view)
patterns = cache.patterns(view.services, view.services.cache_key, question)
if not patterns.deals:
    empty.nothing_found("No deal closed in this period.", "Choose a longer one in the sidebar.")
    account_timeline.show(view)
    st.stop()

with sentence:
    journey_outcomes.verdict(patterns)
if patterns.met.is_empty():
    journey_outcomes.untouched(view)
    account_timeline.show(view)
    st.stop()
journey_drill.show(journey_flow.show(patterns), patterns, view, key="flow")
journey_drill.show(journey_outcomes.show(patterns, view), patterns, view, key="outcome")
journey_drill.show(journey_paths.show(patterns, view), patterns, view, key="path")
account_timeline.show(view)
provenance.show(
    ("journey_touches", "journey_steps", "journey_days", "path_win_rate", "met_share"),
    patterns.query,
    view,
    key="journeys_source",
)
