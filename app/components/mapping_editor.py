"""A file that no recipe knows: which of its columns is which of our fields."""

from typing import Final

import polars as pl
import streamlit as st

from app import import_state, session
from app.components import tables
from app.components.text import literal
from core import schema
from core.crm.map_text import map_text
from core.crm.matching import Match, likely_table, matched
from core.crm.receipts import Receipt, SourceFile
from core.errors import ImportRefusedError
from core.settings import Settings

_UNKNOWN: Final = "missing_columns"
_SAMPLES: Final = 3
_UNLOCKS: Final = {
    "deals": {
        "amount": "revenue",
        "closed_at": "revenue by month and attribution",
        "is_won": "won and lost: revenue, attribution and forecast",
    },
    "touchpoints": {
        "channel": "credit by channel",
        "deal_id": "link to deals, unless contact_id or account_id gives one",
    },
    "spend": {"amount": "return on spend"},
}
_COLUMNS = {
    "column": st.column_config.TextColumn("Your column", disabled=True),
    "samples": st.column_config.TextColumn("Samples", disabled=True),
    "status": st.column_config.TextColumn("Proposal", disabled=True),
    "why": st.column_config.TextColumn("Because", disabled=True),
}


def is_wanted(file: SourceFile, receipt: Receipt) -> bool:
    """Tell whether a file needs a mapping, or has one that may be changed."""
    return receipt.error.startswith(_UNKNOWN) or bool(import_state.mapping(file.digest))


def show(file: SourceFile, refusal: str = "") -> None:
    """Draw the mapping of a file; the files are checked again once it is applied.

    ``refusal`` is why the file cannot be read as it is.
    """
    try:
        columns = session.current_services().columns_of(file, Settings().max_upload_bytes)
    except ImportRefusedError as error:
        st.markdown(literal(str(error)))
        return
    if refusal:
        st.markdown(literal(refusal.removeprefix(f"{_UNKNOWN}: ")))
    names = list(schema.TABLES)
    name = st.selectbox(
        "What is one row of this file?",
        names,
        index=names.index(likely_table(columns).name),
        format_func=lambda name: f"{name}: {schema.TABLES[name].grain}",
        key=import_state.choice_key("table", file.digest),
    )
    table = schema.TABLES[name]
    chosen = _chosen(file, table, matched(columns, table))
    lacking = [c for c in table.columns if c.required and c.name not in chosen]
    _say(table, chosen)
    text = map_text(table, chosen)
    with st.container(horizontal=True):
        st.button(
            "Check with this mapping",
            icon=":material/rule:",
            disabled=bool(lacking),
            on_click=import_state.keep_mapping,
            args=(file.digest, text),
            key=f"apply_map_{file.digest}",
        )
        st.download_button(
            "Download map.toml",
            text,
            "map.toml",
            "application/toml",
            icon=":material/download:",
            disabled=bool(lacking),
            on_click="ignore",
            key=f"download_map_{file.digest}",
            help="Reads files of this kind without these steps: import with --map map.toml.",
        )


def _chosen(
    file: SourceFile, table: schema.Table, matches: tuple[Match, ...]
) -> dict[str, list[str]]:
    """Draw the table of columns and return the headers chosen for each field."""
    fields = [c.name for c in table.columns if c.kind is not schema.Kind.ATTRIBUTES]
    rows = pl.DataFrame(
        {
            "column": [match.column.header for match in matches],
            "samples": [" · ".join(match.column.samples[:_SAMPLES]) for match in matches],
            "field": [match.field or None for match in matches],
            "status": [match.certainty.value for match in matches],
            "why": [match.why for match in matches],
        },
        schema_overrides={"field": pl.String},
    )
    edited = st.data_editor(
        rows,
        column_config={
            **_COLUMNS,
            "field": st.column_config.SelectboxColumn("Our field", options=fields),
        },
        column_order=["column", "samples", "field", "status", "why"],
        hide_index=True,
        row_height=tables.ROW_HEIGHT,
        num_rows="fixed",
        key=f"map_{table.name}_{file.digest}",
    )
    chosen: dict[str, list[str]] = {}
    for header, field in edited.select("column", "field").iter_rows():
        if field:
            chosen.setdefault(field, []).append(header)
    return chosen


def _say(table: schema.Table, chosen: dict[str, list[str]]) -> None:
    """Say which required fields are missing, and what other fields would make possible."""
    for column in table.columns:
        if column.required and column.name not in chosen:
            st.markdown(
                f":material/error: Needed before rows can be read: **{literal(column.name)}**. "
                f"{literal(column.meaning)}"
            )
    for name, unlocks in _UNLOCKS.get(table.name, {}).items():
        if name not in chosen:
            st.caption(f":material/info: Without {literal(name)} there is no {unlocks}.")
    doubled = [name for name, headers in chosen.items() if len(headers) > 1]
    for name in doubled:
        st.caption(
            f":material/info: {literal(name)} has several columns; the first that is not blank "
            "counts."
        )
