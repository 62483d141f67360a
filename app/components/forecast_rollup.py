"""The forecast by owner, team or segment; the rows add up to it, and a chosen row opens."""

import polars as pl
import streamlit as st

from app.components import opened, tables
from app.components.text import literal
from app.state import Key, View
from core import formats
from core.forecasting.outlook_deals import ROLL_UPS
from core.forecasting.outlook_results import Outlook
from core.forecasting.segments import NOT_STATED

_MONEY = ("booked_minor", "pipeline_minor", "new_business_minor", "forecast_minor", "open_minor")


def show(outlook: Outlook, view: View) -> None:
    """Draw the roll-up with the line that proves its sum, and the deals of a chosen row."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        period = formats.period(outlook.frame["period"][0])
        st.header(f"{period}, rolled up", anchor=False)
        by = _by()
    rows, currency = view.services.forecasting.roll_up(outlook, by), outlook.currency
    chosen = tables.show(
        rows.with_columns(*[tables.in_major(name, currency) for name in _MONEY]),
        {
            by: st.column_config.TextColumn(by.capitalize(), pinned=True),
            "forecast_minor": tables.money_column("Forecast", currency),
            "booked_minor": tables.money_column("Booked", currency),
            "won_deals": st.column_config.NumberColumn("Won deals", format="%,d"),
            "pipeline_minor": tables.money_column("From open deals", currency),
            "open_deals": st.column_config.NumberColumn("Open deals", format="%,d"),
            "open_minor": tables.money_column("Open amount", currency),
            "new_business_minor": tables.money_column("New business", currency),
        },
        f"Forecast of {period} by {by}",
        key=f"roll_up_{by}",
        selectable=True,
    )
    st.markdown(_proof(rows, outlook))
    if chosen is not None:
        _deals(by, str(rows[by][chosen]), outlook, view)


def _by() -> str:
    chosen = st.segmented_control(
        "Roll up by",
        ROLL_UPS,
        default=ROLL_UPS[0],
        required=True,
        format_func=str.capitalize,
        key=Key.ROLL_UP,
        bind="query-params",
        label_visibility="collapsed",
    )
    return chosen if chosen in ROLL_UPS else ROLL_UPS[0]


def _proof(rows: pl.DataFrame, outlook: Outlook) -> str:
    total, whole = int(rows["forecast_minor"].sum()), int(outlook.frame["forecast_minor"][0])
    said = literal(formats.money(total, outlook.currency))
    if total == whole:
        return f":material/check_circle: the rows add up to **{said}**, the forecast, to the cent."
    expected = literal(formats.money(whole, outlook.currency))
    return f":material/error: the rows add up to {said}, the forecast is {expected}. Report this."


def _deals(by: str, name: str, outlook: Outlook, view: View) -> None:
    """Draw the open deals of a row, and what it has booked."""
    value = "" if name == NOT_STATED else name
    still_open = view.services.forecasting.open_deals(outlook)
    ours = still_open.filter(pl.col(by).fill_null("") == value)
    opened.show(f"Open deals of {name}", ours, view, key="roll_up_open", proof_minor=None)
    if by in outlook.booked.columns:
        won = outlook.booked.filter(pl.col(by).fill_null("") == value)
        opened.show(f"Booked by {name}", won, view, key="roll_up_won", proof_minor=None)
