"""The win rate three ways, which feeds what, and how it grows with the age of a deal."""

import polars as pl
import streamlit as st

from app.caches import pipeline as caches
from app.components import cards, doubts, empty, opened, tables
from app.components.text import literal
from app.pipeline_services import Behind, PipelineQuestion
from app.state import View
from core import formats
from core.charts.incidence import incidence, incidence_alt
from core.forecasting.win_rate import WinRates
from core.forecasting.win_rate_rows import curve_rows, mark_rows, rate_rows
from core.metrics import metric

_SHARES = ("rate", "low", "high")
_LISTS = {
    Behind.CLOSED: "Closed in the period",
    Behind.CREATED: "Created in the period",
    Behind.KNOWN: "All deals of the curve",
}


def show(found: WinRates, question: PipelineQuestion, view: View) -> None:
    """Draw the curve beside the three rates, and open the deals they count."""
    st.header("Win rate, three ways", anchor=False)
    curve, rates = st.columns([3, 2])
    with curve:
        _curve(found)
    with rates:
        _rates(found)
    doubts.show(found.warnings)
    _deals(question, view)


def _curve(found: WinRates) -> None:
    subtitle = (
        f"Aalen-Johansen from {formats.counted(found.curve.deals, 'deal')} known on "
        f"{formats.day(found.as_of)}: {found.curve.wins:,} won, {found.curve.losses:,} lost, the "
        "others open; 95 % band"
    )
    with cards.card("Share of deals won by their age", subtitle):
        rows = curve_rows(found.curve)
        if rows.is_empty():
            empty.nothing_found("No deal is decided yet.", "Import closed deals.")
            return
        cards.chart(
            incidence(rows, mark_rows(found.curve)), incidence_alt(rows), key="win_rate_curve"
        )


def _rates(found: WinRates) -> None:
    since = f" since {formats.day(found.starts_on)}" if found.starts_on else ""
    with cards.card("Which rate feeds what", f"Deals{since}, bands of 95 %"):
        rows = rate_rows(found)
        tables.show(
            rows.with_columns(*[tables.in_percent(name) for name in _SHARES]),
            {
                "basis": "Basis",
                "rate": tables.percent_column("Won"),
                "n": st.column_config.NumberColumn("Deals", format="%,d"),
                "low": tables.percent_column("from"),
                "high": tables.percent_column("to"),
            },
            "Win rate three ways with its band and the deals it rests on",
            key="win_rates",
        )
        for basis, feeds in rows.select("basis", "feeds").iter_rows():
            st.caption(f"**{literal(basis)}**: {literal(feeds)}")


def _deals(question: PipelineQuestion, view: View) -> None:
    figure = st.pills(
        "Open the deals behind a rate",
        list(_LISTS),
        format_func=lambda figure: _LISTS[Behind(figure)],
        key="win_rate_list",
        help=metric("win_rate_by_age").help,
    )
    if figure is None:
        return
    services = view.services
    rows = caches.deals_behind(services, services.cache_key, question, Behind(figure))
    opened.show(
        f"{_LISTS[Behind(figure)]}: {_outcomes(rows)}",
        rows,
        view,
        key="win_rate_deals",
        proof_minor=None,
    )


def _outcomes(rows: pl.DataFrame) -> str:
    counts = rows["outcome"].value_counts(sort=True).iter_rows()
    return ", ".join(f"{count:,} {outcome}" for outcome, count in counts) or "none"
