"""What was imported so far, and what was rejected on the way."""

import polars as pl
import streamlit as st

from app.components import empty, tables

_COLUMNS = {
    "file_name": "File",
    "source": "Recognised as",
    "table_name": "Table",
    "imported_at": st.column_config.DatetimeColumn("Imported (UTC)", format="D MMM YYYY, HH:mm"),
    "rows_in": st.column_config.NumberColumn("Rows in", format="%,d"),
    "loaded": st.column_config.NumberColumn("Loaded", format="%,d"),
    "rejected": st.column_config.NumberColumn("Rejected", format="%,d"),
    "status": "Outcome",
}


def show(imports: pl.DataFrame, rejected: pl.DataFrame) -> None:
    """Draw the imports so far, the latest first, with every rejected row to download."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Imports so far", anchor=False, width="content")
        if not rejected.is_empty():
            tables.download(rejected, "all_rejected_rows.csv", key="history_download")
    if imports.is_empty():
        empty.nothing_found("Nothing imported yet.", "Drop in files above, or load demo data.")
        return
    tables.show(imports, _COLUMNS, "Imports so far, the latest first", key="imports")
