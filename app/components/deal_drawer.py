"""One deal in a drawer: its chances, why, what to do, deals like it, what happened so far."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, Literal

import polars as pl
import streamlit as st

from app import state
from app.caches import deals as cache
from app.components import analyst, cards, tables
from app.components.deal_choice import Choice
from app.components.text import literal
from app.state import View
from core import formats
from core.analyst.sheets.deal import deal_facts
from core.analyst.sheets.scored_deal import deal_answers
from core.charts.scores import contributions, contributions_alt
from core.deals.explanation import DealExplanation
from core.deals.movement import NotCompared
from core.deals.scoring import BANDS, Band, DealScores
from core.deals.similar import SimilarDeal
from core.deals.summary import in_a_few_lines, mover_facts, owner_record, recommended
from core.forecasting.recorded_states import NO_HISTORY
from core.metrics import metric

Colour = Literal["green", "orange", "red", "gray"]

BAND_COLOURS: Final[dict[Band, Colour]] = {
    Band.LOW: "green",
    Band.MEDIUM: "orange",
    Band.HIGH: "red",
    Band.NONE: "gray",
}

MOVERS: Final = 4
"""Factors named that moved a chance."""

Row = Mapping[str, Any]


Story = Callable[[DealExplanation], None]
"""Draws a text about the deal under its chances."""


def show(scores: DealScores, choice: Choice, view: View, story: Story | None = None) -> None:
    """Open the drawer of the chosen deal; of one that is not open any more it says just that."""
    deal_id = state.chosen_deal()
    if deal_id is None:
        return
    if deal_id not in scores.frame["deal_id"]:
        _not_open(deal_id)
        return
    services = view.services
    explained = cache.explained(
        services, services.cache_key, choice.question, choice.settings, deal_id
    )
    row = scores.frame.row(by_predicate=pl.col("deal_id") == deal_id, named=True)
    title = literal(row["name"] or deal_id)
    drawer = st.dialog(title, width="medium", position="right", on_dismiss=state.forget_deal)(
        _drawn
    )
    drawer(row, explained, scores, view, story)


@st.dialog("Not an open deal", position="right", on_dismiss=state.forget_deal)
def _not_open(deal_id: str) -> None:
    st.markdown(
        f"The link names deal **{literal(deal_id)}**, which is not among these open deals. It was "
        "closed since, belongs to other data, or the filter in the sidebar leaves it out. The "
        "Journeys page finds closed deals by name or id."
    )


def _drawn(
    row: Row, explained: DealExplanation, scores: DealScores, view: View, story: Story | None
) -> None:
    _head(row, scores, view)
    if story is not None:
        story(explained)
    _next(explained, scores)
    sheet = deal_facts(deal_answers(scores, explained), analyst.place(view))
    analyst.show(sheet, view, key="deal_analyst", in_drawer=True)
    with _part("Why", "What each factor adds to the log-odds; the bars sum to the score"):
        names = [factor.name for factor in explained.factors]
        values = [factor.contribution for factor in explained.factors]
        facts = ["; ".join(factor.facts) for factor in explained.factors]
        if scores.has_signal:
            cards.chart(
                contributions(names, values, facts),
                contributions_alt(names, values),
                key="deal_factors",
            )
        else:
            st.markdown("Nothing tells deals apart: the score is the base rate.")
        _known(row, explained)
    _moved(row, explained, scores)
    _what_if(explained)
    _similar("Similar deals that were won", explained.similar_won, view, key="similar_won")
    _similar("Similar deals that were lost", explained.similar_lost, view, key="similar_lost")
    _timeline(explained)


def _head(row: Row, scores: DealScores, view: View) -> None:
    band = Band(row["band"])
    amount = formats.money_compact(row["amount_minor"], view.scope.currency)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(BANDS[band], color=BAND_COLOURS[band])
        stage = "" if row["stage"] == NO_HISTORY else row["stage"]
        told = (row["account"], amount, stage, row["owner"])
        st.caption(" · ".join(literal(str(one)) for one in told if one))
    change = row["change"] if scores.has_signal else None
    moved = None if change is None else f"{change * 100:+.0f} pt in 30 days"
    with st.grid(4, min_column_width=110):
        st.metric("Win chance", formats.percent(row["chance"], 0), moved)
        ends = formats.day(scores.model.ends_on).rsplit(" ", 1)[0]
        named = ((f"Won by {ends}", "p_win"), ("Lost by then", "p_lose"), ("Still open", "p_slip"))
        for title, name in named:
            st.metric(title, formats.percent(row[name], 0), help=metric(name).help)


def _next(explained: DealExplanation, scores: DealScores) -> None:
    with _part("Next action"):
        words = recommended(explained.action)
        st.markdown(literal(f"{words[:1].upper()}{words[1:]}"))
        for reading in explained.readings:
            st.markdown(f":material/flag: **{reading.signal.title}**: {literal(reading.words)}")
    with st.expander("Copy as text", icon=":material/content_copy:", on_change="rerun") as copy:
        if copy.open:
            st.code(in_a_few_lines(scores, explained), language=None, wrap_lines=True)


def _known(row: Row, explained: DealExplanation) -> None:
    path = explained.path
    if path.channels:
        names = ", ".join(f"{literal(name)} ({count})" for name, count in path.channels)
        st.markdown(f"**Channel path**: {names}")
    if path.high_intent_share is not None and path.low_intent_share is not None:
        st.markdown(
            f"**Intent**: {formats.percent(path.high_intent_share, 0)} of the touches of 90 days "
            f"by high-intent channels, {formats.percent(path.low_intent_share, 0)} by low-intent "
            "ones"
        )
    owner = owner_record(row)
    if owner:
        st.markdown(f"**Owner**: {literal(owner)}")


def _moved(row: Row, explained: DealExplanation, scores: DealScores) -> None:
    """Say how the chance moved since the import before, and which facts moved it."""
    since = scores.since
    if isinstance(since, NotCompared) or not scores.has_signal:
        return
    told = f"What each factor added to the log-odds from {formats.day(since.reaches)} until now"
    with _part("Since the last import", told):
        if row["then"] is None:
            st.markdown("The deal was not open in the import before.")
            return
        then, now = (formats.percent(row[name], 0) for name in ("then", "chance"))
        st.markdown(f"{then} then, **{now}** now ({row['moved'] * 100:+.0f} pt)")
        for mover in explained.movers[:MOVERS]:
            facts = mover_facts(mover)
            said = f": {literal(facts)}" if facts else ""
            st.markdown(f"**{literal(mover.name)}** {mover.added:+.2f}{said}")


@contextmanager
def _part(title: str, subtitle: str = "") -> Iterator[None]:
    """Draw a bordered part; a drawer shrinks headings, so its title is bold text."""
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"**{title}**")
        if subtitle:
            st.caption(subtitle)
        yield


def _what_if(explained: DealExplanation) -> None:
    if not explained.what_ifs:
        return
    with _part("What would change it", "What the model says of deals with that difference"):
        for case in explained.what_ifs:
            st.markdown(
                f"{literal(case.title)}: **{formats.percent(case.chance, 0)}** "
                f"({case.change * 100:+.0f} pt)"
            )


def _similar(title: str, deals: tuple[SimilarDeal, ...], view: View, *, key: str) -> None:
    if not deals:
        return
    st.markdown(f"**{title}**")
    rows = pl.DataFrame(
        {
            "deal": [one.name or one.deal_id for one in deals],
            "stage": [one.stage for one in deals],
            "chance": [one.chance * 100 for one in deals],
            "days": [one.days_to_close for one in deals],
            "closed_on": [one.closed_on for one in deals],
            "amount_minor": pl.Series([one.amount_minor for one in deals], dtype=pl.Int64),
        }
    )
    currency = view.scope.currency
    staged = {"stage": "Stage then"} if (rows["stage"] != NO_HISTORY).any() else {}
    tables.show(
        rows.with_columns(tables.in_major("amount_minor", currency)),
        {
            "deal": st.column_config.TextColumn("Deal", width="medium"),
            **staged,
            "chance": tables.percent_column("Chance then", 0),
            "days": st.column_config.NumberColumn("Days to close", format="%.0f"),
            "amount_minor": tables.money_column("Amount", currency),
            "closed_on": st.column_config.DateColumn("Closed on", format="D MMM YYYY"),
        },
        f"{title}, each at its most similar moment",
        key=key,
    )


def _timeline(explained: DealExplanation) -> None:
    section = st.expander("Timeline", icon=":material/timeline:", on_change="rerun")
    if section.open:
        with section:
            tables.show(
                explained.timeline,
                {
                    "happened_at": st.column_config.DatetimeColumn("When", format="D MMM YYYY"),
                    "event": "Event",
                    "detail": st.column_config.TextColumn("What", width="large"),
                },
                "What happened to the deal so far, the latest first",
                key="deal_timeline",
            )
