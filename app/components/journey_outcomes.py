"""Won against lost: what the journeys of one differ in from those of the other."""

from typing import Any, Final

import polars as pl
import streamlit as st

from app.components import cards, tables
from app.components.text import literal
from app.state import View
from core.attribution.journey_deals import Chosen, Ended, Met
from core.attribution.journey_differences import difference, widest_gap
from core.attribution.patterns import JourneyPatterns
from core.charts.credit import MOST_BARS, PICK
from core.charts.journeys import met, met_alt
from core.charts.theme import OUTCOMES, legible
from core.metrics import metric

_OF_TITLE: Final = {title: outcome for outcome, title in OUTCOMES.items()}


def verdict(patterns: JourneyPatterns) -> None:
    """Say how won and lost journeys differ, before any picture."""
    said, why = difference(patterns)
    st.markdown(f"**{said}**: {why}.")


def show(patterns: JourneyPatterns, view: View) -> Chosen | None:
    """Draw which part of won and of lost deals met each name, beside what they come to."""
    level = patterns.question.level.value
    chart, sums = st.columns([1, 1])
    shown = patterns.met.head(MOST_BARS)
    with chart, cards.card("Won against lost", f"Part of the deals that met the {level}; click"):
        event: Any = st.altair_chart(
            legible(met(shown), cards.mode()),
            alt=met_alt(shown),
            key="journey_met",
            on_select="rerun",
        )
    with sums, cards.card("Journeys by outcome", "Medians; choose a row for its deals"):
        row = _outcomes(patterns, view)
    picked = event.selection.get(PICK, [])
    if picked:
        return Met(str(picked[0]["name"]), _OF_TITLE[picked[0]["outcome"]])
    return None if row is None else Ended(row)


def _outcomes(patterns: JourneyPatterns, view: View) -> str | None:
    currency = view.scope.currency
    rows = patterns.outcomes.with_columns(
        tables.in_major("amount_minor", currency),
        title=pl.col("outcome").replace_strict(OUTCOMES, return_dtype=pl.String),
    )
    chosen = tables.show(
        rows,
        {
            "title": "Outcome",
            "deals": st.column_config.NumberColumn("Deals", format="%,d"),
            "touches": _median("journey_touches"),
            "steps": _median("journey_steps"),
            "days": _median("journey_days"),
            "amount_minor": tables.money_column("Amount", currency, "Sum of their amounts."),
        },
        "Deals, touches, steps, days and amount of won and of lost deals",
        key="journey_outcomes",
        selectable=True,
    )
    widest = widest_gap(patterns)
    if widest:
        st.caption(literal(widest))
    return None if chosen is None else str(rows["outcome"][chosen])


def _median(name: str) -> object:
    defined = metric(name)
    return st.column_config.NumberColumn(defined.title, format="%.0f", help=defined.help)
