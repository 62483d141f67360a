"""What an import would do, file by file, before anything is stored."""

from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl
import streamlit as st

from app import session, state
from app.components import choices, mapping_editor, tables
from app.components.receipts import ICONS, in_words
from app.components.text import literal
from core.crm.importing import Preview
from core.crm.reading import Reading
from core.crm.receipts import Receipt, SourceFile, Status
from core.formats import counted

_CAUSES = {
    "count": st.column_config.NumberColumn("Rows", width="small", format="%,d"),
    "problem": "Problem",
    "column": "Column",
    "line": st.column_config.NumberColumn("First line", width="small", format="%d"),
    "value": "Its value",
    "suggestion": st.column_config.TextColumn("What to do", width="large"),
}
_READ_AS = {
    "what": "What",
    "decided": "Read as",
    "why": st.column_config.TextColumn("Because", width="large"),
}
_COLUMNS = {"header": "Your column", "samples": "Samples", "use": "Becomes"}


def show(files: Sequence[SourceFile]) -> None:
    """Draw what would become of each file, and the one button that stores them."""
    options = choices.options_for(files)
    previews = state.previews(
        f"{session.data_key()} {choices.key_of(files)}",
        lambda: session.preview(files, _now(), options),
    )
    st.subheader("Check before importing", anchor=False)
    st.markdown(_sum([preview.receipt for preview in previews]))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _import_button(files, previews)
        choices.ask_currency(previews)
    for file, preview in zip(files, previews, strict=True):
        with st.container(border=True, gap="small"):
            _card(file, preview)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _sum(receipts: Sequence[Receipt]) -> str:
    rows, loaded, rejected = (
        sum(getattr(receipt, count) for receipt in receipts)
        for count in ("rows_in", "loaded", "rejected")
    )
    refused = sum(receipt.status is Status.REFUSED for receipt in receipts)
    said = (
        f"Nothing is stored yet. **{counted(rows, 'row')} in = {loaded:,} would load "
        f"+ {rejected:,} would be rejected.**"
    )
    return f"{said} {counted(refused, 'file')} cannot be read as a whole." if refused else said


def _import_button(files: Sequence[SourceFile], previews: Sequence[Preview]) -> None:
    receipts = [preview.receipt for preview in previews]
    readable = [receipt for receipt in receipts if receipt.status is not Status.REFUSED]
    label = f"Import {counted(len(readable), 'file')}" if readable else "Import"
    if any(receipt.rejected for receipt in readable):
        label = "Import the good rows, keep the rest aside"
    chosen = st.button(
        label,
        type="primary",
        icon=":material/play_arrow:",
        disabled=not any(receipt.loaded for receipt in readable),
        key="import_button",
    )
    if chosen:
        with st.spinner(f"Importing {counted(len(readable), 'file')}"):
            receipts = list(session.import_files(files, _now(), choices.options_for(files)))
        state.keep_receipts(tuple(receipts))
        st.rerun()


def _card(file: SourceFile, preview: Preview) -> None:
    receipt, reading = preview.receipt, preview.reading
    st.markdown(f"{ICONS[receipt.status]} **{literal(file.name)}**")
    if receipt.status is Status.REFUSED:
        if mapping_editor.is_wanted(file, receipt):
            mapping_editor.show(file, receipt.error)
        else:
            st.markdown(literal(receipt.error))
        return
    if reading is None:
        st.markdown(f"{_count(receipt)} Imported before: importing it again changes nothing.")
        return
    st.markdown(
        f"Recognised as **{literal(reading.source.what)}**, to be read into "
        f"{literal(receipt.table)}: {literal(reading.source.why)}. {_count(receipt)}"
    )
    asked = choices.open_questions(file.digest, preview)
    if asked:
        choices.ask(file.digest, asked)
    _causes(file, receipt)
    for warning in receipt.warnings:
        st.caption(f":material/info: {literal(warning)}")
    if mapping_editor.is_wanted(file, receipt):
        with st.expander("Its columns, as you mapped them"):
            mapping_editor.show(file)
    with st.expander("How it was read"):
        choices.ask(file.digest, choices.further_questions(reading, asked))
        _read_as(file, reading)


def _count(receipt: Receipt) -> str:
    return (
        f"**{counted(receipt.rows_in, 'row')} in = {receipt.loaded:,} would load "
        f"+ {receipt.rejected:,} would be rejected.**"
    )


def _causes(file: SourceFile, receipt: Receipt) -> None:
    causes = receipt.causes()
    if not causes:
        return
    rows = [
        {
            "count": cause.count,
            "problem": in_words(cause.example.reason),
            "column": cause.example.column,
            "line": cause.example.line,
            "value": cause.example.value,
            "suggestion": cause.example.suggestion,
        }
        for cause in causes
    ]
    tables.show(
        pl.DataFrame(rows),
        _CAUSES,
        "Why rows would be rejected, with an example and what to do",
        key=f"causes_{file.digest}",
    )


def _read_as(file: SourceFile, reading: Reading) -> None:
    decisions = [
        ("Encoding", reading.encoding),
        ("Delimiter", reading.delimiter),
        ("Date order", reading.date_order),
        *((f"Decimal mark of {header}", mark) for header, mark in reading.decimal_marks),
    ]
    rows = [
        {"what": what, "decided": choices.WORDS.get(made.what, made.what), "why": made.why}
        for what, made in decisions
    ]
    tables.show(
        pl.DataFrame(rows), _READ_AS, "How the file was read and why", key=f"read_{file.digest}"
    )
    columns = [
        {
            "header": column.header,
            "samples": " · ".join(column.samples),
            "use": ", ".join(column.fills)
            or ("kept with the deal" if column.is_attribute else "not used"),
        }
        for column in reading.columns
    ]
    tables.show(
        pl.DataFrame(columns), _COLUMNS, "What each column becomes", key=f"columns_{file.digest}"
    )
