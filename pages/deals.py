"""Deals: how likely each open deal is to be won, why, what puts it at risk and what to do."""

import streamlit as st

from app import state
from app.caches import deals as cache
from app.components import (
    deal_choice,
    deal_drawer,
    deal_record,
    deal_table,
    empty,
    header,
    saved_views,
)
from core.deals.listing import in_order
from core.deals.summary import totals
from core.deals.views import DealFilters, DealView, viewed

view = state.view()
header.show("Deals", view)
if view is None:
    empty.no_data("Scores need open deals, and closed ones to learn from.")
    st.stop()

services = view.services
sentence = st.container()
saved_views.open_asked(view)
choice = deal_choice.in_a_row(view)
scores = cache.scores(services, services.cache_key, choice.question, choice.settings)
ends_on = scores.model.ends_on
mine = viewed(scores.frame, DealView.ALL, ends_on, DealFilters(view.scope.owner_ids))
with sentence:
    if mine.is_empty():
        empty.nothing_found("There is no open deal.", "Choose other owners in the sidebar.")
        st.stop()
    summed = totals(mine, ends_on)
    deal_table.verdict(scores, summed, view)
    deal_table.figures(scores, summed, view)
rows = viewed(scores.frame, choice.listing.show, ends_on, choice.filters)
deal_table.show(in_order(rows, choice.listing), choice, scores, view)
deal_record.show(scores, view)
deal_drawer.show(scores, choice, view)
