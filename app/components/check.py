"""From dropped files to stored rows: read, map columns, map values, check; then import."""

from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl
import streamlit as st

from app import import_state, session
from app.components import (
    choices,
    import_progress,
    map_step,
    read_step,
    steps,
    tables,
    value_editor,
)
from app.components.receipts import ICONS, in_words
from app.components.text import literal
from app.import_job import ordered
from core.crm.importing import Preview
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
_MONEY = st.column_config.NumberColumn(format="%,.2f", alignment="right")
_SUMS = {
    "currency": st.column_config.TextColumn("Currency", width="small"),
    "in_file": {**_MONEY, "label": "In the file"},
    "loaded": {**_MONEY, "label": "Would load"},
    "rejected": {**_MONEY, "label": "Would be rejected"},
    "repeated": {**_MONEY, "label": "On further lines"},
    "unreadable": st.column_config.NumberColumn("Unreadable amounts", format="%,d"),
    "verdict": "Adds up",
}


def show(files: Sequence[SourceFile]) -> None:
    """Draw steps two to five for the dropped files."""
    options = choices.options_for(files)
    previews = import_state.previews(
        f"{session.data_key()} {choices.key_of(files)}",
        lambda: session.preview(files, _now(), options),
    )
    read_step.show(files, previews)
    map_step.show(files, previews)
    _values(files, previews)
    _check(files, previews)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _values(files: Sequence[SourceFile], previews: Sequence[Preview]) -> None:
    open_values = sum(value_editor.asked(preview.reading) for preview in previews)
    steps.head(
        steps.Step(
            4,
            "Map values",
            f"{counted(open_values, 'value')} to look at"
            if open_values
            else "every value has its meaning",
            needs_you=bool(open_values),
            is_done=any(preview.reading for preview in previews),
        )
    )
    for file, preview in zip(files, previews, strict=True):
        if preview.reading and preview.reading.values:
            value_editor.show(file, preview.reading)


def _check(files: Sequence[SourceFile], previews: Sequence[Preview]) -> None:
    receipts = [preview.receipt for preview in previews]
    steps.head(steps.Step(5, "Check and import", "nothing is stored before you press the button"))
    st.markdown(_sum(receipts))
    _import_button(files, receipts)
    for file, receipt in zip(files, receipts, strict=True):
        with st.container(border=True, gap="small"):
            _card(file, receipt)


def _sum(receipts: Sequence[Receipt]) -> str:
    rows, loaded, rejected = (
        sum(getattr(receipt, count) for receipt in receipts)
        for count in ("rows_in", "loaded", "rejected")
    )
    refused = sum(receipt.status is Status.REFUSED for receipt in receipts)
    said = (
        f"**{counted(rows, 'row')} in = {loaded:,} would load + {rejected:,} would be rejected.**"
    )
    return f"{said} {counted(refused, 'file')} cannot be read as a whole." if refused else said


def _import_button(files: Sequence[SourceFile], receipts: Sequence[Receipt]) -> None:
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
        import_progress.start(ordered(files, _now(), choices.options_for(files), receipts))


def _card(file: SourceFile, receipt: Receipt) -> None:
    name = f"{ICONS[receipt.status]} **{literal(file.name)}**"
    if receipt.status is Status.REFUSED:
        st.markdown(f"{name}: {literal(receipt.error)}")
        return
    again = " Imported before: importing it again changes nothing." if receipt.unchanged else ""
    st.markdown(
        f"{name}, into {literal(receipt.table)}: {counted(receipt.rows_in, 'row')} in = "
        f"{receipt.loaded:,} would load + {receipt.rejected:,} would be rejected.{again}"
    )
    _causes(file, receipt)
    _sums(file, receipt)
    for warning in receipt.warnings:
        st.caption(f":material/info: {literal(warning)}")


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


def _sums(file: SourceFile, receipt: Receipt) -> None:
    if not receipt.sums:
        return
    rows = [
        {
            "currency": one.currency,
            "in_file": one.in_file,
            "loaded": one.loaded,
            "rejected": one.rejected,
            "repeated": one.repeated,
            "unreadable": one.unreadable,
            "verdict": "yes" if one.is_complete else "no",
        }
        for one in receipt.sums
    ]
    columns = dict(_SUMS)
    for name in ("repeated", "unreadable"):
        if not any(row[name] for row in rows):
            del columns[name]
    tables.show(
        pl.DataFrame(rows),
        columns,
        "Sums of the file by currency against what would load",
        key=f"sums_{file.digest}",
    )
