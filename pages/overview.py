"""Overview: how the period went, against the one before, and what explains it."""

import streamlit as st

from app import cache, state
from app.components import (
    analyst,
    attribution_settings,
    cards,
    deals,
    empty,
    figures,
    header,
    model_trust,
    provenance,
    quality,
    verdict,
)
from core.analyst.sheets.overview import PeriodAnswers, overview_facts
from core.attribution.comparison import compare, credit_of
from core.charts.credit import ranked, ranked_alt
from core.charts.revenue import monthly_won, monthly_won_alt
from core.overview import OverviewQuestion

SHOWN = ("closed_won", "won_deals", "win_rate", "average_deal", "sales_cycle")

view = state.view()
header.show("Overview", view)
if view is None:
    empty.no_data("The overview needs deals with an amount and a close date.")
    st.stop()

services, currency = view.services, view.scope.currency
question = OverviewQuestion(view.scope, view.compared_with, view.coverage.as_of)
result = cache.overview(services, services.cache_key, question)

sentence = st.container()
figures.show(result.figures, SHOWN, view)
meaning = st.container()
by_month, by_channel = st.columns([3, 2])
with by_month, cards.card("Closed won by month", f"{currency}, hollow point: month not over yet"):
    cards.chart(
        monthly_won(result.monthly, currency),
        monthly_won_alt(result.monthly, currency),
        key="overview_by_month",
        fill=True,
    )
with by_channel, cards.card(f"Attributed revenue, {view.period.label}"):
    choice = attribution_settings.behind_a_button(view)
    credit = cache.attribution(services, services.cache_key, choice.question)
    rows = credit_of(credit, choice.model)
    if rows.is_empty():
        empty.nothing_found("No revenue to explain.", "Choose a longer period in the sidebar.")
    elif not compare(credit).led:
        empty.nothing_found(
            "No revenue is credited to a touch.", "The Attribution page says what is missing."
        )
    else:
        cards.chart(
            ranked(rows, currency, clickable=False),
            ranked_alt(rows, currency, choice.title),
            key="overview_by_channel",
        )
        model_trust.beside(choice.model, choice.title, view)
with sentence:
    verdict.period(result, credit, view)
    quality.note(("deals.amount", "deals.closed_at"), view)

st.header("Last deals won", anchor=False)
deals.recent(result.recent, view)
provenance.show(
    (*SHOWN, "attributed_revenue", "unattributed_share"), result.query, view, key="overview_source"
)
answers = PeriodAnswers(result, credit, choice.model, choice.title, view.period, view.before)
with meaning:
    analyst.show(overview_facts(answers, analyst.place(view)), view, key="overview_analyst")
