"""The deals behind a figure: each list adds up to the figure it was opened from."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import polars as pl

from core.errors import UnknownNameError
from core.forecasting.flow import Line, PipelineFlow, Window
from core.forecasting.histories import DAY, Histories, end_of
from core.forecasting.landmarks import replay
from core.forecasting.recorded_states import FOREVER
from core.forecasting.segments import NOT_STATED

COLUMNS: Final = (
    "deal_id", "name", "account", "owner", "stage", "amount_minor", "created_on", "due_on",
    "closed_on", "outcome",
)  # fmt: skip
"""Columns of every list; a list may carry more behind them."""


def open_deals(histories: Histories, as_of: date, window: Window | None = None) -> pl.DataFrame:
    """List the pipeline as it stood at the end of a day, the largest amount first.

    Parameters
    ----------
    histories
        The company's deals.
    as_of
        Known is everything up to the end of this day.
    window
        Expected close days to limit it to, or None for every open deal.
    """
    now = replay(histories, end_of(as_of))
    if window is not None:
        now = now.filter(pl.col("due_on").is_between(window.starts_on, window.ends_on))
    return _listed(histories, now, as_of)


def due_deals(histories: Histories, as_of: date, ends_on: date) -> pl.DataFrame:
    """List the open deals expected to close by a day; what is overdue is among them."""
    now = replay(histories, end_of(as_of)).filter(pl.col("due_on") <= ends_on)
    return _listed(histories, now, as_of)


def flow_deals(histories: Histories, flow: PipelineFlow, line: Line) -> pl.DataFrame:
    """List the deals of a line of the bridge, each with its amount in that line."""
    rows = flow.deals.filter(pl.col("line") == str(line)).select("deal_id", "amount_minor")
    day = flow.since if line is Line.START else flow.until
    moved = rows.join(histories.deals.select("deal", "deal_id"), on="deal_id").drop("deal_id")
    # A deal that went out within the span shows the stage it went out from.
    latest = _latest(histories, end_of(day)).drop("amount_minor")
    return _listed(histories, moved.join(latest, on="deal", how="left"), day)


def closed_deals(
    histories: Histories, starts_on: date, ends_on: date, outcome: str | None = None
) -> pl.DataFrame:
    """List the deals won and lost from the start of one day to the end of another."""
    closed = histories.deals.filter(
        pl.col("closed_epoch").is_between(end_of(starts_on) - DAY, end_of(ends_on), closed="left"),
        pl.col("closed_epoch") >= pl.col("created_epoch"),
    )
    if outcome is not None:
        closed = closed.filter(pl.col("outcome") == outcome)
    latest = _latest(histories, end_of(ends_on)).drop("amount_minor")
    rows = closed.select("deal", "amount_minor").join(latest, on="deal", how="left")
    return _listed(histories, rows, ends_on)


def created_deals(histories: Histories, starts_on: date, ends_on: date) -> pl.DataFrame:
    """List the deals created from the start of one day to the end of another."""
    created = histories.deals.filter(
        pl.col("created_epoch").is_between(end_of(starts_on) - DAY, end_of(ends_on), closed="left"),
        pl.col("closed_epoch").fill_null(FOREVER) >= pl.col("created_epoch"),
    )
    latest = _latest(histories, end_of(ends_on)).drop("amount_minor")
    rows = created.select("deal", "amount_minor").join(latest, on="deal", how="left")
    return _listed(histories, rows, ends_on)


def deals_due_in(histories: Histories, starts_on: date, ends_on: date) -> pl.DataFrame:
    """List what was due in a period at its start, with what had become of it by its end.

    Returns
    -------
    polars.DataFrame
        The columns of every list and ``became``: won, lost or slipped; amounts are those at the
        start.
    """
    before = starts_on - timedelta(days=1)
    due = replay(histories, end_of(before)).filter(pl.col("due_on").is_between(starts_on, ends_on))
    rows = _listed(histories, due, ends_on)
    became = pl.when(pl.col("closed_on").is_null()).then(pl.lit("slipped")).otherwise("outcome")
    return rows.with_columns(became=became)


def deal_course(histories: Histories, deal_id: str, as_of: date) -> pl.DataFrame:
    """Return what a deal went through up to the end of a day, the oldest first.

    Returns
    -------
    polars.DataFrame
        ``from_on, stage, amount_minor, due_on``: one row a change of stage, amount or expected
        close.
    """
    deal = histories.deals.filter(pl.col("deal_id") == deal_id).select("deal")
    return (
        histories.states.join(deal, on="deal", how="semi")
        .filter(pl.col("from_epoch") < end_of(as_of))
        .sort("from_epoch")
        .select(_day_of(pl.col("from_epoch")).alias("from_on"), "stage", "amount_minor", "due_on")
    )


def in_segment(histories: Histories, segment: str, value: str) -> Histories:
    """Return the histories of the deals of one segment, such as one region.

    Raises
    ------
    UnknownNameError
        If the deals have no such column.
    """
    if segment not in histories.deals.columns:
        raise UnknownNameError.among("segment", segment, histories.deals.columns)
    deals = histories.deals.filter(segment_of(segment) == value)
    return replace(
        histories,
        deals=deals,
        states=histories.states.join(deals.select("deal"), on="deal", how="semi"),
        warnings=(),
    )


def segment_of(segment: str) -> pl.Expr:
    """Return the segment of each deal; those that name none are a segment of their own."""
    value = pl.col(segment).cast(pl.String)
    return pl.when(value.fill_null("") == "").then(pl.lit(NOT_STATED)).otherwise(value)


def _latest(histories: Histories, at: int) -> pl.DataFrame:
    """Return the last state each deal was in before an instant."""
    rows = (
        histories.states.filter(pl.col("from_epoch") < at)
        .sort("from_epoch")
        .unique("deal", keep="last", maintain_order=True)
        .select("deal", "stage", "amount_minor", "due_on")
    )
    return rows if at <= histories.recorded_until else histories.with_due_today(rows)


def _listed(histories: Histories, rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Name the deals of rows of ``deal, stage, amount_minor, due_on``, as known on a day."""
    at = end_of(as_of)
    closed = pl.when(pl.col("closed_epoch") < at).then("closed_epoch")
    named = histories.deals.select(
        "deal",
        "deal_id",
        "name",
        "account",
        "owner",
        created_on=_day_of(pl.col("created_epoch")),
        closed_on=_day_of(closed),
        outcome=pl.when(pl.col("closed_epoch") < at).then("outcome").otherwise(pl.lit("open")),
    )
    listed = rows.select("deal", "stage", "amount_minor", "due_on").join(named, on="deal")
    return listed.select(*COLUMNS).sort(
        "amount_minor", "deal_id", descending=[True, False], nulls_last=True
    )


def _day_of(epoch: pl.Expr) -> pl.Expr:
    return pl.from_epoch(epoch, time_unit="s").dt.date()
