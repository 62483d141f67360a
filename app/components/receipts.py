"""What became of each file: recognised as what, rows in = loaded + rejected, and why not."""

from collections.abc import Sequence
from dataclasses import asdict

import polars as pl
import streamlit as st

from app.components import tables
from app.components.text import literal
from core.crm.mapping import SOURCE as MAPPED
from core.crm.receipts import Receipt, Status
from core.formats import counted

ICONS = {
    Status.ACCEPTED: ":material/check_circle:",
    Status.PARTIAL: ":material/error:",
    Status.REFUSED: ":material/cancel:",
}
_REJECT_COLUMNS = {
    "file": "File",
    "line": st.column_config.NumberColumn("Line", width="small", format="%d"),
    "column": "Column",
    "value": "Value",
    "problem": "Problem",
    "suggestion": st.column_config.TextColumn("What to do", width="large"),
}


def show(receipts: Sequence[Receipt]) -> None:
    """Draw the account of the latest import: the sum, each file, each rejected row."""
    st.header("This import", anchor=False)
    st.markdown(_sum(receipts))
    for receipt in receipts:
        _file(receipt)
    rejects = [
        {"file": receipt.file, "problem": in_words(reject.reason), **asdict(reject)}
        for receipt in receipts
        for reject in receipt.rejects
    ]
    if rejects:
        _rejects(pl.DataFrame(rejects))


def _sum(receipts: Sequence[Receipt]) -> str:
    rows, loaded, rejected = (
        sum(getattr(receipt, count) for receipt in receipts)
        for count in ("rows_in", "loaded", "rejected")
    )
    refused = sum(receipt.status is Status.REFUSED for receipt in receipts)
    said = f"**{counted(rows, 'row')} in = {loaded:,} loaded + {rejected:,} rejected.**"
    return f"{said} {counted(refused, 'file')} refused as a whole." if refused else said


def _file(receipt: Receipt) -> None:
    with st.container(border=True, gap="xsmall"):
        st.markdown(f"{ICONS[receipt.status]} **{literal(receipt.file)}**")
        if receipt.status is Status.REFUSED:
            st.markdown(literal(receipt.refusal))
            return
        again = " Imported before, so nothing changed." if receipt.unchanged else ""
        recognised = f"Recognised as {literal(receipt.source)} by its columns"
        how = "Read by your mapping" if receipt.source == MAPPED else recognised
        st.markdown(
            f"{how}, into {literal(receipt.table)}: {counted(receipt.rows_in, 'row')} in = "
            f"{receipt.loaded:,} loaded + {receipt.rejected:,} rejected.{again}"
        )
        for warning in receipt.warnings:
            st.caption(f":material/info: {literal(warning)}")


def in_words(reason: str) -> str:
    """Return a reason code as a person reads it."""
    return reason.replace("_", " ").capitalize()


def _rejects(rows: pl.DataFrame) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Rejected rows", anchor=False, width="content")
        tables.download(rows, "rejected_rows.csv", key="rejects_download")
    tables.show(
        rows, _REJECT_COLUMNS, "Rejected rows with the problem and what to do", key="rejects"
    )
