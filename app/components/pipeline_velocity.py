"""Pipeline velocity with its four factors, by segment, down to the deals of each factor."""

from typing import Any

import polars as pl
import streamlit as st

from app.caches import pipeline as caches
from app.components import doubts, opened, tables
from app.components.text import literal
from app.pipeline_services import SEGMENTS, Behind, PipelineQuestion
from app.state import Key, View
from core import formats
from core.forecasting.velocity import Velocity
from core.forecasting.velocity_rows import velocity_rows
from core.metrics import metric

_WHOLE = "All deals"
_MONEY = ("per_day_minor", "mean_minor", "median_minor")
_FACTORS = {
    Behind.OPEN: "Open deals",
    Behind.CLOSED: "Closed deals",
    Behind.WON: "Won deals",
}


def show(whole: Velocity, question: PipelineQuestion, view: View) -> None:
    """Draw the velocity of all deals and of each segment; a chosen row opens into its deals."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.header("Pipeline velocity", anchor=False)
        segment = _segment()
    st.markdown(_identity(whole, view))
    services = view.services
    parts = caches.velocity_by(services, services.cache_key, question, segment)
    rows = pl.concat(
        [velocity_rows((whole,)).with_columns(segment=pl.lit(_WHOLE)), velocity_rows(parts)]
    )
    chosen = tables.show(
        _readable(rows, view),
        _columns(segment, view.scope.currency, explained=(rows["reason"] != "").any()),
        f"Velocity and its four factors by {segment}",
        key=f"velocity_{segment}",
        selectable=True,
    )
    name = rows["segment"][chosen or 0]
    doubts.show(whole.warnings)
    _deals_of((segment, name) if chosen else None, question, view)


def _segment() -> str:
    chosen = st.segmented_control(
        "Split by",
        SEGMENTS,
        default=SEGMENTS[0],
        required=True,
        format_func=str.capitalize,
        key=Key.SEGMENT,
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen if chosen in SEGMENTS else SEGMENTS[0]


def _identity(whole: Velocity, view: View) -> str:
    if whole.per_day is None:
        return f"**Velocity is not defined.** {literal(whole.reason)}"
    currency = view.scope.currency
    won = literal(
        formats.figure(whole.won_amount.value, metric("pipeline_velocity").unit, currency)
    )
    day = literal(formats.money_compact(round(whole.per_day), currency))
    return (
        f"{formats.counted(whole.open_deals.n, 'open deal')} x "
        f"{formats.percent(whole.win_rate.value)} won x {won} a won deal / "
        f"{formats.days(whole.cycle_days.value)} to win = **{day} a day**. A rate, not a forecast."
    )


def _readable(rows: pl.DataFrame, view: View) -> pl.DataFrame:
    return rows.with_columns(
        *[tables.in_major(name, view.scope.currency) for name in _MONEY],
        tables.in_percent("win_rate"),
    )


def _columns(segment: str, currency: str, *, explained: bool) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "segment": st.column_config.TextColumn(segment.capitalize(), pinned=True),
        "per_day_minor": tables.money_column(
            "Velocity a day", currency, metric("pipeline_velocity").help
        ),
        "open_deals": number("Open deals", format="%,d"),
        "win_rate": tables.percent_column("Win rate", 1, metric("win_rate").help),
        "closed_deals": number("of closed", format="%,d", help="Deals the win rate rests on."),
        "mean_minor": tables.money_column("Won amount, mean", currency),
        "median_minor": tables.money_column("median", currency),
        "mean_days": number("Days to win, mean", format="%.0f"),
        "median_days": number("median ", format="%.0f"),
        "won_deals": number("Won deals", format="%,d", help="Deals amount and days rest on."),
        **({"reason": "Not defined because"} if explained else {}),
    }


def _deals_of(segment: tuple[str, str] | None, question: PipelineQuestion, view: View) -> None:
    name = segment[1] if segment else _WHOLE.lower()
    factor = st.pills(
        f"Open the deals behind a factor: {literal(name)}",
        list(_FACTORS),
        format_func=lambda figure: _FACTORS[Behind(figure)],
        key="velocity_factor",
        help="Choose a row above to open the deals of that segment.",
    )
    if factor is None:
        return
    services = view.services
    rows = caches.deals_behind(services, services.cache_key, question, Behind(factor), segment)
    opened.show(
        f"{_FACTORS[Behind(factor)]}, {name}", rows, view, key="velocity_deals", proof_minor=None
    )
