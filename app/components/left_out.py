"""The won deals without credit, each with the reason, to read and to take along."""

import polars as pl
import streamlit as st

from app import cache
from app.components import tables
from app.components.attribution_settings import Choice
from app.state import View
from core import formats


def show(choice: Choice, view: View) -> None:
    """Draw a section that computes when it is opened; a closed one costs nothing."""
    section = st.expander(
        "Deals left out, and why",
        icon=":material/rule:",
        key="attribution_left_out",
        on_change="rerun",
    )
    if not section.open:
        return
    with section:
        services, currency = view.services, view.scope.currency
        rows = cache.gaps(services, services.cache_key, choice.question.of_touches).every
        if rows.is_empty():
            st.markdown("Every won deal of the period has an eligible touch and an amount.")
            return
        shown = rows.with_columns(tables.in_major("amount_minor", currency))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"{formats.counted(rows.height, 'won deal')} without credit to any channel."
            )
            tables.download(shown, f"left_out_{currency}.csv", key="left_out_download")
        tables.show(
            shown.with_columns(
                pl.col("closed_at").cast(pl.Date),
                pl.col("reason").str.slice(0, 1).str.to_uppercase() + pl.col("reason").str.slice(1),
            ),
            {
                "name": st.column_config.TextColumn("Deal", width="medium"),
                "account": "Account",
                "owner": "Owner",
                "closed_at": st.column_config.DateColumn("Won on", format="D MMM YYYY"),
                "amount_minor": tables.money_column("Amount", currency),
                "reason": st.column_config.TextColumn("Why", width="large"),
            },
            "Won deals without credit with the reason",
            key="left_out_table",
        )
