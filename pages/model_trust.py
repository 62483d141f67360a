"""Model trust: what each model gets wrong where the truth is known, on simulated companies."""

import streamlit as st

from app import state
from app.caches import trust as cache
from app.components import empty, header, model_trust
from core.attribution.data_driven import Incremental

view = state.view()
header.show("Model trust", view)
if view is None:
    empty.no_data("How far a model can be trusted depends on how many deals there are.")
    st.stop()

services = view.services
titles = {name: model.title for name, model in services.models().items()}
shape = cache.shape(services, services.cache_key)
rows = services.trust.recorded(shape)

model_trust.sentence(rows, titles, shape)
model_trust.record(rows, titles, Incremental.name, key="record")
model_trust.rehearsal(view, titles, shape, Incremental.name)
model_trust.how_it_is_measured()
