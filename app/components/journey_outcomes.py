"""Won against lost: what the journeys of one differ in from those of the other."""

from typing import Any, Final

import polars as pl
import streamlit as st

from app.components import cards, tables
from app.components.text import literal
from app.state import View
from core import formats
from core.attribution.journey_deals import Chosen, Ended, Met
from core.attribution.patterns import LOST, WON, JourneyPatterns
from core.charts.credit import MOST_BARS, PICK
from core.charts.journeys import CLOSED, met, met_alt
from core.charts.theme import OUTCOMES, legible
from core.metrics import metric

_OF_TITLE: Final = {title: outcome for outcome, title in OUTCOMES.items()}


def verdict(patterns: JourneyPatterns) -> None:
    """Say how won and lost journeys differ, before any picture."""
    found = {row["outcome"]: row for row in patterns.outcomes.iter_rows(named=True)}
    if not found.keys() >= {WON, LOST}:
        st.markdown(
            f"**All {formats.counted(patterns.deals, 'deal')} closed in this period ended alike**, "
            "so there are no others to compare their journeys with."
        )
        return
    won, lost = found[WON], found[LOST]
    st.markdown(
        f"**Won deals took {_journey(won)}, lost ones {_journey(lost)}**: medians of "
        f"{won['deals']:,} won and {lost['deals']:,} lost deals."
    )


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
    widest = _widest(patterns)
    if widest:
        st.caption(widest)
    return None if chosen is None else str(rows["outcome"][chosen])


def _median(name: str) -> object:
    defined = metric(name)
    return st.column_config.NumberColumn(defined.title, format="%.0f", help=defined.help)


def _widest(patterns: JourneyPatterns) -> str:
    """Say which name won deals met more often than lost ones by the most."""
    gaps = patterns.met.drop_nulls([f"{one}_share" for one in CLOSED]).with_columns(
        gap=pl.col("won_share") - pl.col("lost_share")
    )
    if gaps.is_empty():
        return ""
    row = gaps.sort("gap", descending=True).row(0, named=True)
    return (
        f"{literal(row['name'])}: met by {formats.percent(row['won_share'], 0)} of won and "
        f"{formats.percent(row['lost_share'], 0)} of lost deals, the widest gap. Longer journeys "
        "meet more of everything, so a gap is no effect."
    )


def _journey(row: dict[str, Any]) -> str:
    touches = formats.counted(round(row["touches"]), "touch", "touches")
    return f"{touches} over {formats.days(row['days'])}"
