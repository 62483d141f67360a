"""Tables of deals: the latest won, those behind a bar, and the touches of one."""

from collections.abc import Mapping

import polars as pl
import streamlit as st

from app.components import empty, tables
from app.state import View


def recent(rows: pl.DataFrame, view: View) -> None:
    """Draw the latest won deals of the period."""
    if rows.is_empty():
        empty.nothing_found(
            "No deal was won in this period.", "Choose a longer one in the sidebar."
        )
        return
    currency = view.scope.currency
    tables.show(
        rows.with_columns(tables.in_major("revenue_minor", currency)),
        {
            # Deal and amount first: a phone shows no more.
            "deal": st.column_config.TextColumn("Deal", width="medium"),
            "revenue_minor": tables.money_column("Amount", currency),
            "closed_on": st.column_config.DateColumn("Won on", format="D MMM YYYY"),
            "account": "Account",
            "owner": "Owner",
        },
        "The latest won deals of the period",
        key="recent_deals",
    )


def behind_credit(rows: pl.DataFrame, view: View, *, key: str) -> str | None:
    """Draw the deals behind one credit and return the id of the chosen one."""
    currency = view.scope.currency
    shown = rows.select(
        "deal_id",
        "account",
        "owner",
        "share",
        "touches",
        tables.in_major("amount_minor", currency),
        tables.in_major("credit_minor", currency),
        deal=pl.col("name"),
        closed_on=pl.col("closed_at").cast(pl.Date),
    )
    chosen = tables.show(
        shown,
        {
            "deal": st.column_config.TextColumn("Deal", width="medium"),
            "account": "Account",
            "owner": "Owner",
            "closed_on": st.column_config.DateColumn("Won on", format="D MMM YYYY"),
            "amount_minor": tables.money_column("Amount", currency),
            "share": st.column_config.NumberColumn("Share", format="percent"),
            "credit_minor": tables.money_column("Credit", currency),
            "touches": st.column_config.NumberColumn("Touches", help="Touches that earned it."),
        },
        "Deals behind the chosen bar with the credit each gives it",
        key=key,
        selectable=True,
        rows_shown=8,
    )
    return None if chosen is None else str(rows["deal_id"][chosen])


def touches_behind(rows: pl.DataFrame, view: View, *, key: str) -> str | None:
    """Draw the touches behind one credit and return the id of the deal of the chosen one."""
    currency = view.scope.currency
    shown = rows.with_columns(
        tables.in_major("credit_minor", currency),
        pl.col("occurred_at").cast(pl.Date),
        place=pl.format("{} of {}", "position", "touches"),
    )
    chosen = tables.show(
        shown,
        {
            "occurred_at": st.column_config.DateColumn("Date", format="D MMM YYYY"),
            "campaign": st.column_config.TextColumn("Campaign", width="medium"),
            "kind": "Kind",
            "deal": st.column_config.TextColumn("Deal", width="medium"),
            "place": st.column_config.TextColumn("Touch", help="Its place in the deal's journey."),
            "share": st.column_config.NumberColumn("Share", format="percent"),
            "credit_minor": tables.money_column("Credit", currency),
        },
        "Touches behind the chosen bar with the credit of each",
        key=key,
        selectable=True,
        rows_shown=8,
    )
    return None if chosen is None else str(rows["deal_id"][chosen])


def touches(rows: pl.DataFrame, titles: Mapping[str, str], view: View, *, key: str) -> int | None:
    """Draw the touches of one deal with what each model gives them; return the chosen one."""
    currency = view.scope.currency
    credits_of = {f"credit_{model}": title for model, title in titles.items()}
    shown = rows.select(
        "channel",
        "campaign",
        "kind",
        "days_before_anchor",
        *[tables.in_major(column, currency) for column in credits_of],
        happened_on=pl.col("occurred_at").cast(pl.Date),
    )
    return tables.show(
        shown,
        {
            "happened_on": st.column_config.DateColumn("Date", format="D MMM YYYY"),
            # With many models the table scrolls sideways; the name has to stay.
            "channel": st.column_config.TextColumn("Channel", pinned=True),
            "campaign": "Campaign",
            "kind": "Kind",
            "days_before_anchor": st.column_config.NumberColumn(
                "Days before", format="%.0f", help="Days before the closing or creation of the deal"
            ),
            **{
                column: tables.money_column(title, currency) for column, title in credits_of.items()
            },
        },
        "Touches of the chosen deal, the oldest first, with their credit by each model",
        key=key,
        selectable=True,
    )
