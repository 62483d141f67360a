"""From a bar to its deals, from a deal to its touches: each sum equals what it was opened from."""

import polars as pl
import streamlit as st

from app import cache
from app.components import deals, tables
from app.components.attribution_settings import Choice
from app.components.text import literal
from app.state import View
from core import formats
from core.attribution.comparison import credit_of
from core.attribution.results import AttributionResult
from core.schema import UNATTRIBUTED


def show(name: str, choice: Choice, credit: AttributionResult, view: View) -> None:
    """Draw the deals behind a bar, and below them the touches of the chosen deal."""
    services = view.services
    bar = credit_of(credit, choice.model).filter(pl.col("name") == name)
    if bar.is_empty():  # the click was on an earlier answer
        return
    rows = cache.credited_deals(services, services.cache_key, choice.question, choice.model, name)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.subheader(f"Deals behind {literal(name)}", anchor=False, width="content")
            tables.download(rows, f"deals_{view.scope.currency}.csv", key="drill_download")
        st.markdown(_proof(rows, int(bar["revenue_minor"].item()), choice, view))
        deal_id = deals.behind_credit(rows, view, key=f"deals_of_{choice.model}_{name}")
        if name == UNATTRIBUTED:
            st.caption("No eligible touch is recorded for these deals.")
        elif deal_id is None:
            st.caption("Choose a row to see the touches of the deal.")
        else:
            _touches(deal_id, rows, choice, view)


def _proof(rows: pl.DataFrame, bar_minor: int, choice: Choice, view: View) -> str:
    currency = view.scope.currency
    total = int(rows["credit_minor"].sum())
    amount = literal(formats.money(total, currency))
    equal = (
        "equals the bar"
        if total == bar_minor
        else (f"differs from the bar, {literal(formats.money(bar_minor, currency))}")
    )
    return (
        f"{formats.counted(rows.height, 'deal')}; by the {choice.title.lower()} model their credit "
        f"adds up to **{amount}**, which {equal}."
    )


def _touches(deal_id: str, rows: pl.DataFrame, choice: Choice, view: View) -> None:
    services = view.services
    touches = cache.deal_credits(services, services.cache_key, choice.question, deal_id)
    deal = rows.filter(pl.col("deal_id") == deal_id).row(0, named=True)
    st.markdown(f"**{literal(deal['name'] or deal_id)}**: {_journey(touches, deal, view)}")
    deals.touches(touches, choice.titles, view, key=f"touches_of_{deal_id}")


def _journey(touches: pl.DataFrame, deal: dict[str, object], view: View) -> str:
    amount = deal["amount_minor"]
    worth = formats.money(amount if isinstance(amount, int) else None, view.scope.currency)
    return (
        f"{formats.counted(touches.height, 'touch', 'touches')} share {literal(worth)}; "
        "each model's column adds up to it."
    )
