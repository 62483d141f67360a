"""One account's timeline: everything that happened with it, as a picture and as a list."""

import polars as pl
import streamlit as st

from app.caches import journeys as cache
from app.components import cards, empty, tables
from app.components.text import literal
from app.state import Key, View
from core import formats
from core.attribution.timeline import MOST_ACCOUNTS, AccountTimeline
from core.charts.timeline import MOST_DEALS, timeline, timeline_alt


def show(view: View) -> None:
    """Draw a search for an account and the timeline of the chosen one."""
    st.header("One account", anchor=False)
    text = st.text_input(
        "Search",
        key=Key.ACCOUNT_SEARCH,
        bind="query-params",
        placeholder="Name of an account or a deal, or an id of either",
        icon=":material/search:",
        width=420,
    )
    services, currency = view.services, view.scope.currency
    found = cache.accounts(services, services.cache_key, view.scope, text or "")
    if found.is_empty():
        empty.nothing_found("No account with a deal matches.", "Search for a part of its name.")
        return
    row = _accounts(found, currency)
    if found.height == MOST_ACCOUNTS:
        st.caption(f"The {MOST_ACCOUNTS} that won most; search for others.")
    draw(str(found["account_id"][row or 0]), view, key="account")


def draw(account_id: str, view: View, *, key: str) -> None:
    """Draw the timeline of an account."""
    services, currency = view.services, view.scope.currency
    found = cache.timeline(services, services.cache_key, account_id, currency)
    with cards.card(literal(found.name), _how_to_read(found)):
        cards.chart(
            timeline(found.deals, found.touches, found.stages, view.coverage.as_of),
            timeline_alt(found.name, found.deals, found.touches),
            key=f"{key}_timeline",
        )
        _events(found, key)


def _how_to_read(found: AccountTimeline) -> str:
    said = "Bars: deals from creation to close. Ticks: stage changes. Dots: touches by channel"
    left = found.deals.height - MOST_DEALS
    return f"{said}. {formats.counted(left, 'older deal')} in the list only" if left > 0 else said


def _accounts(found: pl.DataFrame, currency: str) -> int | None:
    return tables.show(
        found.with_columns(tables.in_major("won_minor", currency)).head(MOST_ACCOUNTS),
        {
            "account": st.column_config.TextColumn("Account", width="large"),
            "deals": st.column_config.NumberColumn("Deals"),
            "won": st.column_config.NumberColumn("Won"),
            "won_minor": tables.money_column("Won revenue", currency),
        },
        "Accounts with deals, those that won most first; choose one for its timeline",
        key="account_table",
        selectable=True,
        rows_shown=5,
    )


def _events(found: AccountTimeline, key: str) -> None:
    events = found.events
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{formats.counted(events.height, 'event')}, the oldest first.", width="content")
        tables.download(events, "account_timeline.csv", key=f"{key}_events_download")
    tables.show(
        events,
        {
            "happened_at": st.column_config.DatetimeColumn("When", format="D MMM YYYY"),
            "what": "What",
            "detail": st.column_config.TextColumn("Which", width="large"),
            "deal": "Deal",
        },
        f"Everything that happened with {found.name}, the oldest first",
        key=f"{key}_events",
        rows_shown=8,
    )
