"""Tables of rows: amounts right-aligned to the cent, and a download that is safe to open."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from core import formats
from core.money import exponent
from core.spreadsheet import csv_bytes

ROW_HEIGHT = 36
SHOWN_WHOLE = 16
"""A table of no more rows than this shows them all; a longer one scrolls."""


def money_column(title: str, currency: str, help_text: str | None = None) -> Any:  # noqa: ANN401
    """Describe a column of amounts made by `in_major`."""
    symbol = formats.symbol(currency)
    return st.column_config.NumberColumn(
        title, format=f"{symbol}%,.{exponent(currency)}f", help=help_text, alignment="right"
    )


def change_column(title: str, currency: str, help_text: str | None = None) -> Any:  # noqa: ANN401
    """Describe a column of differences made by `in_major`: the sign before the number."""
    return st.column_config.NumberColumn(
        f"{title}, {currency}",
        format=f"%+,.{exponent(currency)}f",
        help=help_text,
        alignment="right",
    )


def in_major(column: str, currency: str) -> pl.Expr:
    """Return minor units as an exact decimal amount for `money_column`."""
    places = exponent(currency)
    amount = pl.Decimal(38, places)
    return (pl.col(column).cast(amount) * pl.lit(f"1e-{places}").cast(amount)).alias(column)


def percent_column(title: str, places: int = 1, help_text: str | None = None) -> Any:  # noqa: ANN401
    """Describe a column of percentages made by `in_percent`."""
    return st.column_config.NumberColumn(
        title, format=f"%,.{places}f%%", help=help_text, alignment="right"
    )


def in_percent(column: str) -> pl.Expr:
    """Return shares of one as percentages for `percent_column`."""
    return (pl.col(column) * 100).alias(column)


def show(
    rows: pl.DataFrame,
    columns: Mapping[str, Any],
    alt: str,
    *,
    key: str,
    selectable: bool = False,
    rows_shown: int = SHOWN_WHOLE,
) -> int | None:
    """Draw a table and return the position of the chosen row, when rows can be chosen.

    A table of more rows than ``rows_shown`` scrolls.
    """
    event: Any = st.dataframe(
        rows,
        column_config=dict(columns),
        column_order=list(columns),
        hide_index=True,
        height="content" if rows.height <= rows_shown else ROW_HEIGHT * (rows_shown + 1),
        row_height=ROW_HEIGHT,
        placeholder=formats.NOT_KNOWN,
        key=key,
        on_select="rerun" if selectable else "ignore",
        selection_mode="single-row",
        alt=alt,
    )
    chosen = event.selection.rows if selectable else []
    return chosen[0] if chosen and chosen[0] < rows.height else None


def download(rows: pl.DataFrame, file_name: str, *, key: str) -> None:
    """Offer rows as a file; a cell that a spreadsheet would run is made harmless."""
    st.download_button(
        "Download CSV",
        lambda: csv_bytes(rows),
        file_name,
        "text/csv",
        key=key,
        icon=":material/download:",
        type="tertiary",
        on_click="ignore",
    )
