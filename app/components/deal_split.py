"""One deal: its touches, why it is split as it is, and how it would be split without one."""

from typing import Any

import polars as pl
import streamlit as st

from app.caches import drill as cache
from app.components import deals, tables
from app.components.attribution_settings import Choice
from app.components.text import literal
from app.state import View
from core import formats
from core.attribution.explanation import NOW, THEN, Counterfactual, Removal


def show(deal_id: str, choice: Choice, view: View) -> None:
    """Draw the touches of a deal, the reason for its split, and what it would be without one."""
    services, key = view.services, view.services.cache_key
    touches = cache.deal_credits(services, key, choice.question, deal_id)
    if touches.is_empty():
        st.caption("No touch of this deal is eligible.")
        return
    told = cache.explanation(services, key, choice.question, deal_id)
    st.markdown(f"**{literal(told.deal)}: {_sum(touches, choice, view)}**")
    st.markdown(
        f"**Why {literal(choice.title)} splits it so:** {literal(told.reasons[choice.model])}"
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Choose a touch, or a channel below, to see the split without it.")
        tables.download(touches, f"deal_{deal_id}.csv", key="deal_download")
    row = deals.touches(touches, choice.titles, view, key=f"touches_of_{deal_id}")
    removal = _removal(touches, row, deal_id)
    if removal is not None:
        found = cache.counterfactual(services, key, choice.question, deal_id, removal)
        _without(found, _named(touches, removal), choice, view)
    with st.expander("Why the other models split it as they do", icon=":material/balance:"):
        for model, title in choice.titles.items():
            if model != choice.model:
                st.markdown(f"**{literal(title)}:** {literal(told.reasons[model])}")


def _sum(touches: pl.DataFrame, choice: Choice, view: View) -> str:
    column = touches[f"credit_{choice.model}"]
    noun = formats.counted(touches.height, "touch", "touches")
    if column.null_count():
        return f"{noun} share an amount that is not known"
    worth = literal(formats.money(int(column.sum()), view.scope.currency))
    return f"{noun} share {worth}; each model's column adds up to it"


def _removal(touches: pl.DataFrame, row: int | None, deal_id: str) -> Removal | None:
    """Return what is imagined away: the chosen touch, or the chosen channel."""
    channels = list(touches["channel"].unique(maintain_order=True))
    chosen = st.pills(
        "If this channel had not touched the deal",
        channels,
        format_func=literal,
        key=f"without_{deal_id}",
    )
    if row is not None:
        return Removal(touch_id=str(touches["touch_id"][row]))
    return Removal(channel=str(chosen)) if chosen in channels else None


def _named(touches: pl.DataFrame, removal: Removal) -> str:
    if removal.channel:
        return removal.channel
    touch = touches.filter(pl.col("touch_id") == removal.touch_id).row(0, named=True)
    return f"the {touch['channel']} touch of {formats.day(touch['occurred_at'])}"


def _without(found: Counterfactual, what: str, choice: Choice, view: View) -> None:
    """Draw each channel's credit with and without, by the lit model and by the others."""
    currency, model = view.scope.currency, choice.model
    rows = found.frame.with_columns(change=pl.col(THEN + model) - pl.col(NOW + model))
    st.markdown(_said(found, rows, what, choice, currency))
    amounts = [NOW + model, "change", *(THEN + name for name in choice.titles)]
    tables.show(
        rows.with_columns(tables.in_major(name, currency) for name in amounts),
        _columns(choice, currency),
        f"Credit of each channel of the deal as it is and without {what}, by each model",
        key="without_table",
    )
    st.caption(
        "The models stay as they are; only this deal's journey changes. That is what they would "
        "answer, not whether the deal would have been won."
    )


def _columns(choice: Choice, currency: str) -> dict[str, Any]:
    others = [name for name in choice.titles if name != choice.model]
    return {
        "channel": st.column_config.TextColumn("Channel", pinned=True),
        NOW + choice.model: tables.money_column(f"{choice.title} now", currency),
        THEN + choice.model: tables.money_column("without it", currency),
        "change": tables.money_column("Change", currency),
        **{
            THEN + name: tables.money_column(f"{choice.titles[name]} without", currency)
            for name in others
        },
    }


def _said(
    found: Counterfactual, rows: pl.DataFrame, what: str, choice: Choice, currency: str
) -> str:
    if not found.left:
        return f"Without {literal(what)} no touch is left: the whole deal would be nobody's."
    gains = rows.filter(pl.col("change") > 0).sort("change", descending=True)
    moved = int(gains["change"].sum())
    if not moved:
        return f"Without {literal(what)} the {literal(choice.title)} split would be the same."
    takers = formats.listed(
        [
            f"{literal(channel)} ({literal(formats.money(change, currency))})"
            for channel, change in gains.select("channel", "change").head(3).iter_rows()
        ]
    )
    most = "most of it to " if gains.height > 3 else "to "  # noqa: PLR2004 - as many as are named
    return (
        f"Without {literal(what)}, {literal(formats.money(moved, currency))} would move by "
        f"{literal(choice.title)}: {most}{takers}."
    )
