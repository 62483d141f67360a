"""Data quality: how far each table can be trusted, and which fixes would help most."""

import streamlit as st

from app import state
from app.caches import quality as cache
from app.components import empty, header, leaks, quality

view = state.view()
view = view.of_all_deals or view if view else None
header.show("Data quality", view)
if view is None:
    empty.no_data("Checks need deals: most of them ask how other rows belong to these.")
    st.stop()

services = view.services
found = cache.scores(services, services.cache_key, view.coverage.as_of)

quality.scores(found)
st.header("Before any model runs", anchor=False)
quality.counts(found)
st.header("The fixes worth most", anchor=False)
quality.fixes(found)
st.header("Every check", anchor=False)
quality.rows(found, view)
leaks.show(view)
