"""The deals behind a number about journeys, and from a deal to its account's timeline."""

import polars as pl
import streamlit as st

from app.caches import journeys as cache
from app.components import account_timeline, tables
from app.components.text import literal
from app.state import View
from core import formats
from core.attribution.journey_deals import Chosen, Ended, Met, OnPath, Passing
from core.attribution.patterns import JourneyPatterns
from core.charts.journeys import label
from core.charts.theme import OUTCOMES


def show(chosen: Chosen | None, patterns: JourneyPatterns, view: View, *, key: str) -> None:
    """Draw the deals a click stands for; nothing where nothing was clicked."""
    if chosen is None:
        return
    services, currency = view.services, view.scope.currency
    rows = cache.deals(services, services.cache_key, patterns.question, chosen)
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(f"Deals: {literal(_about(chosen))}", anchor=False, width="content")
            shown = rows.with_columns(tables.in_major("amount_minor", currency))
            tables.download(shown, f"journey_deals_{currency}.csv", key=f"{key}_download")
        st.markdown(_sum(rows, currency))
        row = _table(shown, currency, key)
        if row is None:
            st.caption("Choose a row to see everything that happened with its account.")
        elif rows["account_id"][row] is None:
            st.caption("This deal names no account.")
        else:
            account_timeline.draw(str(rows["account_id"][row]), view, key=key)


def _about(chosen: Chosen) -> str:
    if isinstance(chosen, Ended):
        return OUTCOMES[chosen.outcome].lower()
    if isinstance(chosen, Met):
        return f"{OUTCOMES[chosen.outcome].lower()}, met {chosen.name}"
    if isinstance(chosen, OnPath):
        return "this path"
    return _passing(chosen)


def _passing(chosen: Passing) -> str:
    stops = [label((stop.column, stop.name)) for stop in chosen.stops] or [label(None)]
    ends = [OUTCOMES[chosen.outcome].lower()] if chosen.outcome else []
    return " → ".join([*stops, *ends])


def _sum(rows: pl.DataFrame, currency: str) -> str:
    won = rows.filter(pl.col("outcome") == "won")
    worth = literal(formats.money(int(won["amount_minor"].sum()), currency))
    return f"{formats.counted(rows.height, 'deal')}, {won.height:,} of them won with {worth}."


def _table(rows: pl.DataFrame, currency: str, key: str) -> int | None:
    return tables.show(
        rows.with_columns(
            pl.col("closed_at").cast(pl.Date),
            pl.col("outcome").replace_strict(OUTCOMES, return_dtype=pl.String),
        ),
        {
            "name": st.column_config.TextColumn("Deal", width="medium"),
            "account": "Account",
            "owner": "Owner",
            "outcome": "Outcome",
            "closed_at": st.column_config.DateColumn("Closed on", format="D MMM YYYY"),
            "amount_minor": tables.money_column("Amount", currency),
            "touches": st.column_config.NumberColumn("Touches"),
            "steps": st.column_config.NumberColumn("Steps"),
            "days": st.column_config.NumberColumn("Days", format="%.0f"),
        },
        "Deals behind the chosen number, the largest first",
        key=f"{key}_deals",
        selectable=True,
    )
