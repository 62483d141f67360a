"""The open deals: what they come to, and the table to choose one from."""

import polars as pl
import streamlit as st

from app import state
from app.components import empty, tables
from app.components.deal_choice import Choice
from app.components.text import literal
from app.state import View
from core import formats
from core.deals.listing import USUAL, Column
from core.deals.model import Verdict
from core.deals.movement import NotCompared
from core.deals.risk import SIGNALS, risk_signal
from core.deals.scoring import BANDS, Band, DealScores
from core.deals.summary import DealTotals
from core.forecasting.outlook_results import BLIND
from core.metrics import metric

CHANCE_WIDTH = 105  # pixels; so that a screen of 1280 shows the first signal of each deal
CHIPS = ("gray", "orange", "red", "violet", "blue", "yellow", "primary", "green", "gray")


def verdict(scores: DealScores, summed: DealTotals, view: View) -> None:
    """Say what the open deals are expected to bring, and whether they can be told apart."""
    currency, model = view.scope.currency, scores.model
    expected = formats.money_compact(round(summed.expected_minor), currency)
    worth = formats.money_compact(summed.amount_minor, currency)
    deals = formats.counted(summed.deals, "open deal")
    if model.win.won:
        said = f"**{literal(expected)} is expected by {formats.day(model.ends_on)}** from {deals} "
        said += f"worth {literal(worth)}. {_worth(scores)}"
    else:
        said = f"**Nothing tells yet what {deals} worth {literal(worth)} will bring:** {BLIND}"
    st.markdown(said)
    for warning in scores.warnings:
        st.caption(f":material/info: {literal(warning)}")


def _worth(scores: DealScores) -> str:
    win = scores.model.win
    if win.verdict is Verdict.NONE:
        return (
            "**No signal:** nothing in the data tells won deals from lost ones, so every deal gets "
            f"the base rate of {formats.percent(win.base_rate, 0)}."
        )
    if win.verdict is Verdict.TOO_FEW or win.record is None:
        return (
            f"**Too few closed deals** to tell them apart: {win.won} won and {win.lost} lost so "
            "far, at least 20 of each are needed."
        )
    return (
        f"On {formats.counted(win.record.deals, 'later deal')} the chances were "
        f"{win.record.error * 100:.1f} points from what came."
    )


def figures(scores: DealScores, summed: DealTotals, view: View) -> None:
    """Draw one card a figure; its question mark opens the definition in the catalogue."""
    currency = view.scope.currency
    with st.grid(4, min_column_width=150):
        expected = formats.money_compact(round(summed.expected_minor), currency)
        _card("expected_value", expected if scores.model.win.won else formats.NOT_KNOWN)
        _card("open_pipeline", formats.money_compact(summed.amount_minor, currency))
        _card(
            "slipping_value",
            formats.money_compact(summed.slipping_minor, currency),
            formats.counted(summed.slipping, "deal"),
        )
        _card("open_at_risk", formats.count(summed.high_risk), _of(summed))


def _of(summed: DealTotals) -> str:
    return f"of {summed.deals:,}" if summed.high_risk is not None else "not told apart"


def _card(name: str, value: str, beside: str = "") -> None:
    defined = metric(name)
    st.metric(
        defined.title,
        value,
        beside or None,
        delta_color="off",
        delta_arrow="off",
        help=defined.help,
        border=True,
        height="stretch",
    )


def show(rows: pl.DataFrame, choice: Choice, scores: DealScores, view: View) -> None:
    """Draw the deals; choosing one opens its drawer."""
    currency = view.scope.currency
    with st.container(horizontal=True, vertical_alignment="center"):
        title = f"{formats.counted(rows.height, 'deal')}: {choice.listing.show.label.lower()}"
        st.header(title, anchor=False, width="content")
        tables.download(_flat(rows), f"deals_{currency}.csv", key="deals_download")
    _compared(scores)
    if rows.is_empty():
        empty.nothing_found("No open deal fits.", "Choose another view or fewer filters.")
        return
    picked = tables.show(
        _readable(rows, currency),
        _chosen(_columns(scores, view), choice.listing.columns or USUAL),
        "Open deals with their chances, how they changed, risk band and signals",
        key=state.deal_table_key(),
        selectable=True,
    )
    if picked is not None:
        state.choose_deal(str(rows["deal_id"][picked]))


def _compared(scores: DealScores) -> None:
    """Say what changes are counted from, or why there are none."""
    since = scores.since
    if isinstance(since, NotCompared):
        st.caption(literal(since.why))
        return
    st.caption(
        f"Changes since import {since.number} of {formats.day(since.imported_on)}, whose data "
        f"reach {formats.day(since.reaches)}: today's model on the data of then."
    )


def _readable(rows: pl.DataFrame, currency: str) -> pl.DataFrame:
    shares = ("chance", "p_win", "p_lose", "p_slip")
    rows = rows.with_columns(pl.col("expected_minor").round(0))
    titles = {signal.code: signal.title for signal in SIGNALS}
    bands = {str(band): BANDS[band].removesuffix(" risk") for band in Band}
    return rows.select(
        "account",
        "owner",
        "stage",
        "due_on",
        *[tables.in_percent(name) for name in shares],
        "stage_days",
        "age_days",
        tables.in_major("amount_minor", currency),
        tables.in_major("expected_minor", currency),
        deal=pl.coalesce(pl.col("name").replace("", None), "deal_id"),
        change=pl.col("change") * 100,
        moved=pl.col("moved") * 100,
        mover=pl.col("mover"),
        band=pl.col("band").replace_strict(bands),
        signals=pl.col("signals").list.eval(pl.element().replace_strict(titles)),
    )


def _chosen(columns: dict[str, object], wanted: tuple[Column, ...]) -> dict[str, object]:
    """Return the columns of a listing; the deal itself is always there."""
    return {name: one for name, one in columns.items() if name == "deal" or name in wanted}


def _columns(scores: DealScores, view: View) -> dict[str, object]:
    ends = formats.day(scores.model.ends_on).rsplit(" ", 1)[0]
    since = {
        "moved": st.column_config.NumberColumn(
            "Change", format="%+.0f pt", alignment="right", help=metric("chance_moved").help
        ),
        "mover": st.column_config.TextColumn(
            "Moved by", help="The factor that moved the chance most since the last import."
        ),
    }  # fmt: skip
    return {
        "deal": st.column_config.TextColumn("Deal", width="medium", pinned=True),
        "amount_minor": tables.money_column("Amount", view.scope.currency),
        "chance": st.column_config.ProgressColumn(
            "Win chance", format="%.0f%%", min_value=0, max_value=100, width=CHANCE_WIDTH,
            help=metric("win_chance").help,
        ),
        **({} if isinstance(scores.since, NotCompared) else since),
        "change": st.column_config.NumberColumn(
            "30 days", format="%+.0f pt", alignment="right",
            help="Change of the win chance: the same model on what was known 30 days ago.",
        ),
        "p_win": tables.percent_column(f"Won by {ends}", 0, metric("p_win").help),
        "p_slip": tables.percent_column("Still open", 0, metric("p_slip").help),
        "p_lose": tables.percent_column("Lost", 0, metric("p_lose").help),
        "expected_minor": tables.money_column(
            "Expected", view.scope.currency, metric("expected_value").help
        ),
        "band": st.column_config.TextColumn("Risk", width="small"),
        "signals": st.column_config.MultiselectColumn(
            "Signals",
            options=[signal.title for signal in SIGNALS],
            color=list(CHIPS),
            width="large",
        ),
        "account": "Company",
        "stage": "Stage",
        "stage_days": st.column_config.NumberColumn("Days in stage", format="%.0f"),
        "age_days": st.column_config.NumberColumn("Age in days", format="%.0f"),
        "due_on": st.column_config.DateColumn("Expected close", format="D MMM YYYY"),
        "owner": "Owner",
    }  # fmt: skip


def _flat(rows: pl.DataFrame) -> pl.DataFrame:
    titles = {signal.code: risk_signal(signal.code).title for signal in SIGNALS}
    told = pl.col("signals").list.eval(pl.element().replace_strict(titles)).list.join(", ")
    names = (
        "deal_id", "name", "account", "owner", "stage", "due_on", "amount_minor", "chance",
        "change", "moved", "mover", "p_win", "p_lose", "p_slip", "band",
    )  # fmt: skip
    return rows.select(*names, signals=told)
