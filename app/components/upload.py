"""The drop zone: files in, an account of every record out."""

from datetime import UTC, datetime

import streamlit as st

from app import session, state
from core.crm.receipts import SourceFile
from core.formats import counted
from core.settings import Settings

FILE_TYPES = ("csv", "txt", "tsv")


def show() -> None:
    """Draw the drop zone and import on demand; the page starts over with the new data."""
    with st.container(border=True, height="stretch"):
        st.subheader("Your files", anchor=False)
        dropped = st.file_uploader(
            "Exports of your CRM",
            type=FILE_TYPES,
            accept_multiple_files=True,
            key=state.upload_key(),
            max_upload_size=Settings().max_upload_mb,
            help="Salesforce exports by API name, or our own template. CSV in any encoding, "
            "delimiter and date order.",
        )
        chosen = st.button(
            f"Import {counted(len(dropped), 'file')}" if dropped else "Import",
            type="primary",
            icon=":material/play_arrow:",
            disabled=not dropped,
        )
        st.caption(_whose())
        if chosen:
            _import([SourceFile(file.name, file.getvalue()) for file in dropped])


def _import(files: list[SourceFile]) -> None:
    with st.status(f"Reading {counted(len(files), 'file')}", expanded=True) as progress:
        receipts = session.import_files(files, datetime.now(UTC).replace(tzinfo=None))
        rows = sum(receipt.rows_in for receipt in receipts)
        progress.update(label=f"Read {counted(rows, 'row')}", state="complete")
    state.keep_receipts(receipts)
    st.rerun()


def _whose() -> str:
    if session.is_private():
        return "Private to this browser tab, kept in memory, gone when you close it."
    return "Stored in the workspace file that everybody who opens these pages shares."
