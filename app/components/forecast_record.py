"""Forecast of record: what was said then, beside what came."""

import polars as pl
import streamlit as st

from app.components import cards, empty, tables
from app.components.text import literal
from core import formats
from core.charts.forecast import record, record_alt
from core.forecasting.outlook_results import Outlook

MOST_SHOWN = 12
"""Past periods drawn, the latest; the table has them all."""
_MONEY = ("forecast_minor", "lo80", "hi80", "actual_minor", "missed_minor")


def show(outlook: Outlook) -> None:
    """Draw past forecasts of the chosen distance beside what came."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.header("What we said then, and what came", anchor=False)
        ahead = _ahead(outlook)
    rows = _over(outlook, ahead)
    if rows.is_empty():
        empty.nothing_found(
            "No past forecast of this distance is over yet.",
            "Import a longer history of closed deals, or choose a later as-of date.",
        )
        return
    chart, table = st.columns([2, 3])
    with chart, cards.card("Forecast of record", _about(outlook, rows)):
        shown = rows.tail(MOST_SHOWN)
        cards.chart(record(shown, outlook.currency), record_alt(shown), key=f"record_{ahead}")
    with table:
        _table(rows, outlook.currency)
        st.caption(_alarm(outlook))


def _alarm(outlook: Outlook) -> str:
    if outlook.drift:
        return f":material/warning: {literal(outlook.drift)}"
    return (
        ":material/check_circle: No drift alarm: the latest periods did not leave their 80 % "
        "interval more often than chance explains."
    )


def _ahead(outlook: Outlook) -> int:
    kind = outlook.question.kind
    names = {0: f"In the {kind}", 1: f"One {kind} before"} | {
        number: f"{number} {kind}s before" for number in range(2, outlook.question.horizon)
    }
    chosen = st.segmented_control(
        "Said",
        list(names),
        default=0,
        required=True,
        format_func=lambda number: names[number],
        key=f"record_ahead_{kind}",
        label_visibility="collapsed",
    )
    return chosen or 0


def _over(outlook: Outlook, ahead: int) -> pl.DataFrame:
    """Return the past forecasts of a distance that are over, the latest of each period."""
    said = outlook.record.filter(
        pl.col("horizon") == ahead, pl.col("actual_minor").is_not_null()
    ).sort("ends_on", "origin")
    latest = said.unique("period", keep="last", maintain_order=True)
    return latest.with_columns(
        period=pl.Series([formats.period(label) for label in latest["period"]], dtype=pl.String),
        missed_minor=pl.col("forecast_minor") - pl.col("actual_minor"),
        held=pl.col("actual_minor").is_between("lo80", "hi80"),
    )


def _about(outlook: Outlook, rows: pl.DataFrame) -> str:
    inside = int(rows["held"].sum())
    return (
        f"{outlook.currency}; dot: said then, line: its 80 % interval, diamond: what came. "
        f"{inside} of {formats.counted(rows.height, 'value')} inside"
    )


def _table(rows: pl.DataFrame, currency: str) -> None:
    tables.show(
        rows.sort("ends_on", descending=True).with_columns(
            *[tables.in_major(name, currency) for name in _MONEY]
        ),
        {
            "period": st.column_config.TextColumn("Period", pinned=True),
            "origin": st.column_config.DateColumn("Said on", format="D MMM YYYY"),
            "forecast_minor": tables.money_column("Forecast then", currency),
            "actual_minor": tables.money_column("Came", currency),
            "missed_minor": tables.change_column("Forecast - came", currency),
            "lo80": tables.money_column("80 % from", currency),
            "hi80": tables.money_column("80 % to", currency),
            "held": st.column_config.CheckboxColumn("Inside"),
        },
        "Past forecasts beside what came, the latest first",
        key="record_table",
    )
