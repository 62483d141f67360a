"""Attribution: who earned the revenue, by several models side by side, down to each touch."""

from functools import partial

import streamlit as st

from app import cache, state
from app.components import (
    analyst,
    attribution_settings,
    cards,
    drill,
    empty,
    header,
    left_out,
    model_trust,
    models,
    performance,
    provenance,
    quality,
    trust,
    verdict,
)
from core.analyst.sheets.attribution import CreditAnswers, attribution_facts
from core.attribution.comparison import compare, credit_of
from core.charts.credit import ranked, ranked_alt
from core.charts.models import spread, spread_alt

view = state.view()
header.show("Attribution", view)
if view is None:
    empty.no_data("Attribution needs won deals and the touches that led to them.")
    st.stop()

services, currency = view.services, view.scope.currency
sentence = st.container()
choice = attribution_settings.in_a_row(view)
credit = cache.attribution(services, services.cache_key, choice.question)
comparison, rows = compare(credit), credit_of(credit, choice.model)
query = partial(services.attribution_query, choice.question)
with sentence:
    verdict.credited(comparison, credit, choice.titles, view)
    if comparison.led:
        model_trust.offer(choice, view)
    quality.note(("touchpoints.channel", "touchpoints.deal_id", "deals.amount"), view)
if not credit.won_deals:
    models.nothing_won(credit)
    st.stop()
if not comparison.led:
    models.reconciliation(credit, choice, view)
    left_out.show(choice, view)
    performance.show(choice, credit, view)
    provenance.show(models.METRICS, query, view, key="attribution_source")
    st.stop()

ranking, agreement = st.columns([3, 2])
with ranking, cards.card(f"{choice.title}: attributed revenue", models.how_to_read(rows, choice)):
    picked = cards.clickable(
        ranked(rows, currency), ranked_alt(rows, currency, choice.title), key="credit_bars"
    )
with agreement, cards.card("How far the models agree", models.legend(choice)):
    cards.chart(
        spread(comparison.frame, choice.titles, choice.model, currency),
        spread_alt(comparison.leaders, choice.titles),
        key="credit_spread",
    )

if picked:
    drill.show(picked, choice, credit, view)
meaning = st.container()
models.agreement(comparison)
models.side_by_side(comparison, choice, view)
models.reconciliation(credit, choice, view)
left_out.show(choice, view)
costs = performance.show(choice, credit, view)
trust.show(choice, view)
provenance.show(models.METRICS, query, view, key="attribution_source")
answers = CreditAnswers(credit, choice.model, choice.titles, view.period, costs)
with meaning:
    analyst.show(attribution_facts(answers, analyst.place(view)), view, key="attribution_analyst")
