"""The table of paths: how often each was taken, how often it won, how long it took."""

from typing import Final

import polars as pl
import streamlit as st

from app.components import tables
from app.journey_words import MOST_PATHS, path_in_words
from app.state import View
from core.attribution.journey_deals import OnPath
from core.attribution.patterns import WIN_RATE_LEVEL, JourneyPatterns
from core.metrics import metric

_BAND: Final = f"{WIN_RATE_LEVEL:.0%} interval"


def show(patterns: JourneyPatterns, view: View) -> OnPath | None:
    """Draw the table and return the chosen path."""
    currency = view.scope.currency
    rows = patterns.paths.with_columns(
        tables.in_major("won_minor", currency), in_words=path_in_words(patterns.question)
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Paths", anchor=False, width="content")
        tables.download(
            rows.drop("names", "path", "longer").select(pl.col("in_words").alias("path"), pl.all()),
            f"paths_{currency}.csv",
            key="paths_download",
        )
    shown = rows.head(MOST_PATHS)
    chosen = tables.show(
        shown.with_columns(
            *[tables.in_percent(name) for name in ("win_rate", "win_low", "win_high")]
        ),
        {
            "in_words": st.column_config.TextColumn("Path", width="large"),
            "deals": _count("Closed deals", "Deals won or lost whose journey takes this path."),
            "won": _count("Won"),
            "lost": _count("Lost"),
            "win_rate": tables.percent_column("Win rate", 0, metric("path_win_rate").help),
            "win_low": tables.percent_column("from", 0, f"Lower end of the win rate's {_BAND}."),
            "win_high": tables.percent_column("to", 0, f"Upper end of the win rate's {_BAND}."),
            "days": st.column_config.NumberColumn(
                "Days to win", format="%.0f", help=metric("journey_days").help
            ),
            "won_minor": tables.money_column("Won revenue", currency),
        },
        "Paths of closed deals with their win rate, days and revenue, the most frequent first",
        key="journey_paths",
        selectable=True,
    )
    hidden = rows.height - shown.height
    rarer = f" {hidden:,} rarer paths are in the download." if hidden else ""
    st.caption(f"Choose a row for its deals.{rarer}")
    if chosen is None:
        return None
    return OnPath(int(shown["path"][chosen]), bool(shown["longer"][chosen]))


def _count(title: str, about: str | None = None) -> object:
    return st.column_config.NumberColumn(title, format="%,d", help=about)
