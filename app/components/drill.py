"""From a bar to its campaigns, touches and deals, and on to one deal; each sums to the last."""

from collections.abc import Callable
from typing import Final

import polars as pl
import streamlit as st

from app.caches import drill as cache
from app.components import deal_split, deals, tables
from app.components.attribution_settings import Choice
from app.components.text import literal
from app.drill_services import Credit
from app.state import Key, View
from core import formats
from core.attribution.comparison import credit_of
from core.attribution.results import AttributionResult, Level
from core.schema import UNATTRIBUTED

DEALS, TOUCHES = "Deals", "Touches"
MOST_TOUCHES: Final = 2_000
"""Touches in the table; the download has them all."""


def show(name: str, choice: Choice, credit: AttributionResult, view: View) -> None:
    """Draw what is behind a bar, and below it the chosen deal."""
    bar = credit_of(credit, choice.model).filter(pl.col("name") == name)
    if bar.is_empty():  # the click was on an earlier answer
        return
    opened = Credit(choice.question, choice.model, name)
    whole = int(bar["revenue_minor"].item())
    with st.container(border=True):
        st.header(f"Behind {literal(name)}", anchor=False)
        campaigned = choice.question.level is Level.CHANNEL and name != UNATTRIBUTED
        part = _campaigns(opened, whole, view) if campaigned else opened
        deal_id = _parts(part, whole, choice, view)
        if name == UNATTRIBUTED:
            st.caption("No eligible touch is recorded for these deals.")
        elif deal_id is None:
            st.caption("Choose a row to see the touches of its deal, and why it is split so.")
        else:
            deal_split.show(deal_id, choice, view)


def _campaigns(opened: Credit, whole: int, view: View) -> Credit:
    """Draw the campaigns of a channel and return the credit of the chosen one, or of all."""
    services, currency = view.services, view.scope.currency
    rows = cache.campaigns(services, services.cache_key, opened)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{formats.counted(rows.height, 'campaign')}** {_proof(rows, whole, currency)}"
        )
        tables.download(rows, f"campaigns_{currency}.csv", key="campaigns_download")
    chosen = tables.show(
        rows.with_columns(tables.in_major("credit_minor", currency)),
        {
            "campaign": st.column_config.TextColumn("Campaign", width="large"),
            "touches": st.column_config.NumberColumn("Touches of won deals", format="%,d"),
            "deals": st.column_config.NumberColumn("Deals", format="%,.2f"),
            "credit_minor": tables.money_column("Credit", currency),
        },
        "Campaigns behind the chosen bar with their credit",
        key=f"campaigns_of_{opened.model}_{opened.name}",
        selectable=True,
        rows_shown=6,
    )
    if chosen is None:
        return opened
    return Credit(opened.question, opened.model, opened.name, str(rows["campaign"][chosen]))


def _parts(part: Credit, whole: int, choice: Choice, view: View) -> str | None:
    """Draw the deals or the touches of a credit and return the deal of the chosen row."""
    about = part.name if part.campaign is None else f"{part.name}, {part.campaign}"
    with st.container(horizontal=True, vertical_alignment="center"):
        kind = DEALS if part.name == UNATTRIBUTED else _kind()
        draw: Callable[[Credit, View], tuple[pl.DataFrame, str | None]]
        draw = _touches if kind == TOUCHES else _deals
        line, download = st.container(), st.container()
    rows, deal_id = draw(part, view)
    currency = view.scope.currency
    noun = formats.counted(rows.height, *_NOUNS[kind])
    with line:
        st.markdown(
            f"**{noun}** of {literal(about)}, {literal(choice.title)}: "
            f"{_proof(rows, whole if part.campaign is None else None, currency)}"
        )
    with download:
        tables.download(rows, f"{kind.lower()}_{currency}.csv", key="drill_download")
    return deal_id


_NOUNS: Final = {DEALS: ("deal", "deals"), TOUCHES: ("touch", "touches")}


def _kind() -> str:
    chosen = st.segmented_control(
        "What is behind it",
        [DEALS, TOUCHES],
        default=DEALS,
        required=True,
        key=Key.BEHIND,
        label_visibility="collapsed",
    )
    return chosen or DEALS


def _proof(rows: pl.DataFrame, whole: int | None, currency: str) -> str:
    """Say what rows add up to, and whether that is what they were opened from."""
    total = int(rows["credit_minor"].sum())
    amount = f"add up to **{literal(formats.money(total, currency))}**"
    if whole is None:
        return f"{amount}."
    if total == whole:
        return f"{amount}, which equals the bar."
    return f"{amount}, which differs from the bar, {literal(formats.money(whole, currency))}."


def _deals(part: Credit, view: View) -> tuple[pl.DataFrame, str | None]:
    rows = cache.deals(view.services, view.services.cache_key, part)
    return rows, deals.behind_credit(rows, view, key=f"deals_{_key(part)}")


def _touches(part: Credit, view: View) -> tuple[pl.DataFrame, str | None]:
    rows = cache.touches(view.services, view.services.cache_key, part)
    return rows, deals.touches_behind(rows.head(MOST_TOUCHES), view, key=f"touches_{_key(part)}")


def _key(part: Credit) -> str:
    return f"{part.model}_{part.name}_{part.campaign}"
