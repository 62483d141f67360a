"""The leaderboard: every method replayed on this company's past, and how sure its place is."""

from typing import Any

import polars as pl
import streamlit as st

from app.components import cards, empty, tables
from app.components.text import literal
from core import formats
from core.charts.leaderboard import leaderboard, leaderboard_alt
from core.forecasting.leaderboard_rows import outlook_rows
from core.forecasting.outlook_results import Outlook
from core.metrics import metric

_OUTLOOK, _SERIES = "Outlook and its parts", "Time series methods"
_SHARES = ("skill", "low", "high", "inside80", "inside95")


def show(outlook: Outlook) -> None:
    """Draw the leaderboard as dots and as a table."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.header("Who forecasts best here", anchor=False)
        board = _board()
    rows = _rows(board, outlook)
    if rows.is_empty():
        empty.nothing_found(
            "No past forecast is over yet, so no method can be compared.",
            "Import a longer history of closed deals, or choose a later as-of date.",
        )
        return
    dots, table = st.columns([2, 3])
    with dots, cards.card("Skill", _about()):
        cards.chart(
            leaderboard(rows.filter(pl.col("skill").is_not_null())),
            leaderboard_alt(rows),
            key=f"leaderboard_{board}",
        )
    with table:
        _table(rows, outlook.currency)
        st.caption(_explained(board, outlook))


def _board() -> str:
    chosen = st.segmented_control(
        "Leaderboard",
        (_OUTLOOK, _SERIES),
        default=_OUTLOOK,
        required=True,
        key="leaderboard_of",
        label_visibility="collapsed",
    )
    return chosen or _OUTLOOK


def _rows(board: str, outlook: Outlook) -> pl.DataFrame:
    return outlook_rows(outlook.standings if board == _OUTLOOK else outlook.members)


def _about() -> str:
    return "Error smaller than that of the same month of last year; lines: 95 % interval"


def _explained(board: str, outlook: Outlook) -> str:
    if board == _OUTLOOK:
        weights = [formats.percent(weight.pipeline, 0) for weight in outlook.weights[:4]]
        return (
            "Weight of the open pipeline this month and in the months after: "
            f"{formats.listed(weights)}; the series has the rest. Both by their past errors here."
        )
    if outlook.series is None:
        return ""
    return (
        f"{literal(outlook.series.title)}: {literal(outlook.series.reason)} Each is replayed from "
        "the dates at which it had enough history: compare lines of as many values."
    )


def _table(rows: pl.DataFrame, currency: str) -> None:
    shown = rows.with_columns(
        tables.in_major("bias_minor", currency), *[tables.in_percent(name) for name in _SHARES]
    )
    said = [name for name in rows.columns if rows[name].null_count() < rows.height]
    columns = {name: column for name, column in _columns(currency).items() if name in said}
    tables.show(shown, columns, "Methods with error and skill", key="methods")


def _columns(currency: str) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "title": st.column_config.TextColumn("Method", pinned=True),
        "error": st.column_config.TextColumn("Error", help=metric("forecast_error").help),
        "mase": number("Scaled error", format="%.2fx", help=metric("mase").help),
        "n": number("Values", format="%,d", help="Past values the figures rest on."),
        "origins": number("Dates", format="%,d", help="Past dates it was replayed from."),
        "skill": tables.percent_column("Skill", 0, metric("forecast_skill").help),
        "low": tables.percent_column("from", 0),
        "high": tables.percent_column("to", 0),
        "inside80": tables.percent_column("80 % held", 0, metric("interval_coverage").help),
        "band80": st.column_config.TextColumn("Values, band", help="95 % band of that share."),
        "inside95": tables.percent_column("95 % held", 0),
        "band95": st.column_config.TextColumn("Values, band ", help="95 % band of that share."),
        "bias_minor": tables.change_column(
            "Bias", currency, "Mean of forecast - actual: above nought it promises too much."
        ),
    }
