"""The deals a figure opens into: listed, summed, to download."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from app.components import tables
from app.components.text import literal
from app.state import View
from core import formats
from core.metrics import metric

_DAY = "D MMM YYYY"


def show(
    title: str,
    rows: pl.DataFrame,
    view: View,
    *,
    key: str,
    proof_minor: int | None,
    proof: str = "amount_minor",
) -> None:
    """Draw the deals behind a figure, with their sum and whether it equals the figure.

    Parameters
    ----------
    title
        What was opened.
    rows
        The deals, with the columns of `core.forecasting.deal_lists`.
    view
        Currency.
    key
        Key of the table.
    proof_minor
        What the amounts have to add up to; None where the figure is not their sum.
    proof
        The column that has to.
    """
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(literal(title), anchor=False, width="content")
            tables.download(rows, f"deals_{view.scope.currency}.csv", key=f"{key}_download")
        st.markdown(_sum(rows, proof, proof_minor, view))
        table(rows, view, title, key=key)


def table(
    rows: pl.DataFrame, view: View, alt: str, *, key: str, choose: bool = False
) -> int | None:
    """Draw a list of deals with the columns it has; return the chosen row where one can be."""
    money = [name for name in rows.columns if name.endswith("_minor")]
    shares = [name for name in rows.columns if name.startswith("p_") or name == "variance_share"]
    shown = rows.with_columns(
        *[tables.in_major(name, view.scope.currency) for name in money],
        *[tables.in_percent(name) for name in shares],
    )
    known = _columns(view)
    columns = {name: known[name] for name in known if name in rows.columns}
    return tables.show(shown, columns, alt, key=key, selectable=choose)


def _sum(rows: pl.DataFrame, proof: str, proof_minor: int | None, view: View) -> str:
    currency = view.scope.currency
    total = round(rows[proof].sum())
    said = f"{formats.counted(rows.height, 'deal')}, **{literal(formats.money(total, currency))}**"
    unknown = rows["amount_minor"].null_count()
    blank = f"; {formats.counted(unknown, 'deal')} without an amount" if unknown else ""
    if proof_minor is None:
        return f"{said}{blank}."
    if total == proof_minor:
        return f"{said}, which equals what was opened{blank}."
    opened = literal(formats.money(proof_minor, currency))
    return f"{said}, which differs from what was opened, {opened}{blank}."


def _columns(view: View) -> Mapping[str, Any]:
    currency = view.scope.currency
    return {
        # Deal and amount first: a phone shows no more.
        "name": st.column_config.TextColumn("Deal", width="medium"),
        "amount_minor": tables.money_column("Amount", currency),
        "became": "Became",
        "p_win": tables.percent_column(
            metric("forecast_chance").title, 0, metric("forecast_chance").help
        ),
        "p_slip": tables.percent_column("Slips", 0, "Chance to be neither won nor lost in it."),
        "expected_minor": tables.money_column("Expected", currency, "Amount x chance."),
        "variance_share": tables.percent_column(
            "Of the doubt", 0, "Part of what is uncertain about all open deals together."
        ),
        "pushes": st.column_config.NumberColumn(
            "Pushes", help="Times the expected close moved to a later month."
        ),
        "days_pushed": st.column_config.NumberColumn(
            "Days pushed", help="From the first expected close to the present one."
        ),
        "account": "Account",
        "owner": "Owner",
        "stage": st.column_config.TextColumn("Stage", help="The last one it was open in."),
        "created_on": st.column_config.DateColumn("Created", format=_DAY),
        "due_on": st.column_config.DateColumn("Expected close", format=_DAY),
        "closed_on": st.column_config.DateColumn("Closed", format=_DAY),
        "outcome": "Outcome",
    }
