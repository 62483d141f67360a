"""The drop zone: files in, nothing stored."""

import streamlit as st

from app import import_state, session
from app.components import steps
from core.crm.containers import unpacked
from core.crm.receipts import SourceFile
from core.settings import Settings

FILE_TYPES = ("csv", "txt", "tsv", "zip", "xlsx", "xlsm")


def show() -> tuple[SourceFile, ...]:
    """Draw the drop zone and return what lies in it; a file dropped twice counts once.

    The files in an archive and the sheets of a workbook come one by one.
    """
    with st.container(border=True, height="stretch"):
        steps.head(steps.Step(1, "Drop files"))
        dropped = st.file_uploader(
            "Exports of your CRM",
            type=FILE_TYPES,
            accept_multiple_files=True,
            key=import_state.upload_key(),
            max_upload_size=Settings().max_upload_mb,
            help="Exports of Salesforce, HubSpot, Pipedrive, Zoho, our own template, or any "
            "other table: CSV in any encoding, delimiter and date order, Excel workbooks, and ZIP "
            "archives of them.",
        )
        st.caption(_whose())
    by_digest: dict[str, SourceFile] = {}
    for file in dropped:
        source = SourceFile(file.name, file.getvalue())
        by_digest.setdefault(source.digest, source)
    return import_state.unpacked(
        tuple(by_digest), lambda: unpacked(by_digest.values(), Settings().max_upload_bytes)
    )


def _whose() -> str:
    if session.is_private():
        return "Private to this browser tab, kept in memory, gone when you close it."
    return "Stored in the workspace file that everybody who opens these pages shares."
