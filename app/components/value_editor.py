"""What single values of a file mean: stages, channels, salespeople, currencies."""

from collections.abc import Sequence
from typing import Any, Final

import polars as pl
import streamlit as st

from app import import_state
from app.components import choices, tables
from app.components.text import literal
from core.crm.currencies import ISO_4217
from core.crm.reading import Reading
from core.crm.receipts import SourceFile
from core.crm.value_review import ValueUse
from core.crm.values import KINDS, OUTCOMES, Pairs, Values, values_text
from core.formats import counted

_TITLES: Final = {
    "stage": "Stages: open, won or lost, in the order of the pipeline",
    "channel": "Sources and the channels they are",
    "owner": "Spellings of salespeople",
    "currency": "Words for currencies",
}
_BECOMES: Final[dict[str, Any]] = {
    "stage": st.column_config.SelectboxColumn("Means", options=list(OUTCOMES), width="small"),
    "channel": st.column_config.TextColumn("Channel", max_chars=80),
    "owner": st.column_config.TextColumn("Salesperson", max_chars=80),
    "currency": st.column_config.SelectboxColumn("Currency", options=sorted(ISO_4217)),
}
_FIXED: Final = {
    "value": st.column_config.TextColumn("In the file", disabled=True),
    "count": st.column_config.NumberColumn("Rows", disabled=True, width="small", format="%,d"),
    "why": st.column_config.TextColumn("Because", disabled=True),
}
_ORDER: Final = st.column_config.NumberColumn("Order", min_value=1, max_value=999, step=1)


def asked(reading: Reading | None) -> int:
    """Return how many values of a file a person should look at."""
    return sum(use.is_open for use in reading.values) if reading else 0


def show(file: SourceFile, reading: Reading) -> None:
    """Draw the values of a file; the files are checked again once they are applied."""
    with st.container(border=True, gap="small"):
        st.markdown(f"**{literal(file.name)}**: {_state(reading)}")
        chosen = {
            kind: _edited(file, kind, [use for use in reading.values if use.kind == kind])
            for kind in KINDS
        }
        text = values_text(Values(**chosen))
        with st.container(horizontal=True):
            st.button(
                "Use these values",
                icon=":material/rule:",
                disabled=not text or text == import_state.values(file.digest),
                on_click=import_state.keep_values,
                args=(file.digest, text),
                key=f"apply_values_{file.digest}",
            )
            if import_state.values(file.digest):
                st.button(
                    "Leave them as they are",
                    on_click=import_state.keep_values,
                    args=(file.digest, ""),
                    key=f"drop_values_{file.digest}",
                )
                st.download_button(
                    "Download map.toml",
                    choices.said(file.digest),
                    "map.toml",
                    "application/toml",
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"download_values_{file.digest}",
                    help="Says the same on the command line: import with --map map.toml.",
                )


def _state(reading: Reading) -> str:
    count = asked(reading)
    if count:
        return f"{counted(count, 'value')} to look at; until you use them they stay as they are."
    return "read as you said."


def _edited(file: SourceFile, kind: str, uses: Sequence[ValueUse]) -> Pairs:
    """Draw the values of one kind and return what they are to mean."""
    if not uses:
        return ()
    rows = pl.DataFrame(
        {
            "value": [use.value for use in uses],
            "count": [use.count for use in uses],
            "becomes": [use.suggestion or None for use in uses],
            "why": [use.why for use in uses],
            "order": _order(uses),
        },
        schema_overrides={"becomes": pl.String},
    )
    is_ordered = kind == "stage"
    extra = {"order": _ORDER} if is_ordered else {}
    names = ["value", "count", "becomes", *extra, "why"]
    st.caption(_TITLES[kind])
    edited = st.data_editor(
        rows,
        column_config={**_FIXED, "becomes": _BECOMES[kind], **extra},
        column_order=names,
        hide_index=True,
        row_height=tables.ROW_HEIGHT,
        num_rows="fixed",
        key=f"values_{kind}_{file.digest}",
    )
    meant = edited.filter(pl.col("becomes").is_not_null() & (pl.col("becomes") != ""))
    if is_ordered:
        return tuple(meant.sort("order", nulls_last=True).select("value", "becomes").iter_rows())
    changed = meant.filter(pl.col("becomes") != pl.col("value"))
    return tuple(changed.select("value", "becomes").iter_rows())


def _order(uses: Sequence[ValueUse]) -> list[int]:
    """Return a first order: open stages before won before lost, the commonest first."""
    ranks = {outcome: rank for rank, outcome in enumerate(("open", "", "won", "lost"))}
    places = sorted(range(len(uses)), key=lambda at: ranks.get(uses[at].suggestion, 0))
    return [places.index(at) + 1 for at in range(len(uses))]
