"""Deals that keep moving: how often each was pushed, and how much of the last quarter slipped."""

import polars as pl
import streamlit as st

from app.caches import pipeline as caches
from app.components import empty, opened
from app.components.text import literal
from app.pipeline_services import Behind, PipelineQuestion
from app.state import View
from core import formats
from core.forecasting.histories import Histories
from core.forecasting.pushes import Slippage
from core.periods import quarter_name


def show(slipped: Slippage, question: PipelineQuestion, view: View) -> None:
    """Draw what slipped in the last finished quarter, and the open deals most often pushed."""
    st.header("Slippage and pushes", anchor=False)
    quarter = quarter_name(question.finished_quarter[1])
    st.markdown(_said(slipped, quarter, view))
    services = view.services
    if slipped.deals and st.toggle(f"Show the deals due in {quarter}", key="slippage_deals"):
        rows = caches.deals_behind(services, services.cache_key, question, Behind.DUE_LAST_QUARTER)
        opened.show(
            f"Due in {quarter} at its start",
            rows,
            view,
            key="slipped_deals",
            proof_minor=slipped.due_minor,
        )
    _pushed(question, view)


def _said(slipped: Slippage, quarter: str, view: View) -> str:
    if not slipped.deals:
        return (
            f"No deal is recorded as due in {quarter} when it began. Exports of deals alone name "
            "the expected close of today only; your CRM's field history, or expected closes in "
            "stage_changes.csv, show what slips."
        )
    currency = view.scope.currency
    due, won, lost, left = (
        literal(formats.money(minor, currency))
        for minor in (
            slipped.due_minor, slipped.won_minor, slipped.lost_minor, slipped.slipped_minor
        )
    )  # fmt: skip
    return (
        f"**{formats.percent(slipped.rate, 0)} of what was due in {quarter} slipped**: "
        f"{due} due in {formats.counted(slipped.deals, 'deal')} = {won} won + {lost} lost + {left} "
        f"slipped ({formats.counted(slipped.slipped_deals, 'deal')})."
    )


def _pushed(question: PipelineQuestion, view: View) -> None:
    services, key = view.services, view.services.cache_key
    past: Histories = caches.histories(services, key, question.currency, question.owner_ids)
    if not past.has_stage_history:
        empty.nothing_found(
            "Nobody recorded when expected closes moved.",
            "Import stage_changes.csv, or your CRM's stage or field history, to count pushes.",
        )
        return
    pushed = caches.push_counts(services, key, question).filter(pl.col("pushes") > 0)
    if pushed.is_empty():
        st.markdown("No open deal was pushed to a later month.")
        return
    deals = caches.deals_behind(services, key, question, Behind.OPEN).drop("due_on")
    st.markdown(
        f"{formats.counted(pushed.height, 'open deal')} pushed to a later month at least once:"
    )
    rows = pushed.join(deals, on="deal_id", maintain_order="left")
    opened.table(rows.drop("outcome", "closed_on"), view, "Open deals by pushes", key="pushes")
