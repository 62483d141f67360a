"""Which columns of deals give the outcome away."""

import polars as pl
import streamlit as st

from app.caches import quality as cache
from app.components import tables
from app.state import View
from core.leakage import LeakageReport

_SHARES = ("filled_won", "filled_lost", "filled_open", "separation")


def show(view: View) -> None:
    """Draw a section that compares columns with outcomes when it is opened."""
    section = st.expander(
        "Columns that give the outcome away",
        icon=":material/visibility_off:",
        key="quality_leaks",
        on_change="rerun",
    )
    if not section.open:
        return
    with section:
        found = cache.leakage(view.services, view.services.cache_key)
        st.caption(
            f"From {found.won:,} won, {found.lost:,} lost and {found.open:,} open deals. A score "
            "never learns from a column that leaks: it would look excellent on past deals and "
            "know nothing about open ones."
        )
        _table(found)


def _table(found: LeakageReport) -> None:
    frame = pl.DataFrame(
        [
            {
                "column": one.column,
                "from": "extra column" if one.is_attribute else "field",
                "verdict": one.verdict.value,
                "reason": one.reason,
                **{name: getattr(one, name) for name in _SHARES},
            }
            for one in found.columns
        ],
        schema_overrides=dict.fromkeys(_SHARES, pl.Float64),
    )
    tables.show(
        frame.with_columns(*[tables.in_percent(name) for name in _SHARES]),
        {
            "column": st.column_config.TextColumn("Column", pinned=True),
            "from": "Is a",
            "verdict": st.column_config.TextColumn("Verdict", width="medium"),
            "reason": st.column_config.TextColumn("Why", width="large"),
            "filled_won": tables.percent_column("Filled, won", 0),
            "filled_lost": tables.percent_column("Filled, lost", 0),
            "filled_open": tables.percent_column("Filled, open", 0),
            "separation": tables.percent_column(
                "Tells right",
                0,
                "Mean of the shares of won and of lost deals that the column alone tells right, "
                "each deal judged by the others; 50% tells nothing.",
            ),
        },
        "Columns of deals and whether they give the outcome away",
        key="leaks",
    )
