"""What each file was recognised as and how it was read, with the reason of each decision."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from app import import_state, session
from app.components import choices, steps, tables
from app.components.text import literal
from core.crm.importing import Preview
from core.crm.reading import Decision, Reading
from core.crm.receipts import SourceFile, Status
from core.formats import counted

_FILES = {
    "file": st.column_config.TextColumn("File", pinned=True),
    "source": "Recognised as",
    "why": st.column_config.TextColumn("Because", width=190),
    "table": st.column_config.TextColumn("Table", width="small"),
    "rows": st.column_config.NumberColumn("Rows", format="%,d", width="small"),
    "encoding": st.column_config.TextColumn("Encoding", width=100),
    "delimiter": st.column_config.TextColumn("Delimiter", width=80),
    "date_order": st.column_config.TextColumn("Date order", width=130),
    "decimal_mark": st.column_config.TextColumn("Decimal mark", width=120),
}
_READ_AS = {
    "what": "What",
    "decided": "Read as",
    "why": st.column_config.TextColumn("Because", width="large"),
}


def show(files: Sequence[SourceFile], previews: Sequence[Preview]) -> None:
    """Draw how every file was read, and ask what the files leave open."""
    open_files = [
        (file, asked)
        for file, preview in zip(files, previews, strict=True)
        if (asked := choices.open_questions(file.digest, preview))
    ]
    read = [preview for preview in previews if preview.receipt.status is not Status.REFUSED]
    unanswered = sum(
        not import_state.choice(what, file.digest) for file, asked in open_files for what in asked
    )
    steps.head(
        steps.Step(
            2,
            "Read",
            f"{len(read)} of {counted(len(files), 'file')} recognised"
            + (f"; {counted(unanswered, 'question')} to answer" if unanswered else ""),
            needs_you=bool(unanswered),
            is_done=bool(read),
        )
    )
    rows = [_row(file, preview) for file, preview in zip(files, previews, strict=True)]
    tables.show(pl.DataFrame(rows), _FILES, "How each file was read", key="read_files")
    for file, asked in open_files:
        st.markdown(f":material/help: **{literal(file.name)}** leaves open:")
        choices.ask(file.digest, asked)
    choices.ask_currency(previews)
    _remembered(previews)
    with st.expander("Why, and decide otherwise"):
        for file, preview in zip(files, previews, strict=True):
            if preview.reading:
                _reasons(file, preview)


def _row(file: SourceFile, preview: Preview) -> dict[str, object]:
    receipt, reading = preview.receipt, preview.reading
    if reading is None:
        before = "imported before" if receipt.unchanged else "not read"
        why = "the same bytes, read the same way" if receipt.unchanged else _brief(receipt.error)
        return {
            "file": file.name, "source": before, "why": why, "table": receipt.table or None,
            "rows": receipt.rows_in if receipt.unchanged else None, "encoding": None,
            "delimiter": None, "date_order": None, "decimal_mark": None,
        }  # fmt: skip
    marks = dict.fromkeys(mark.what for _, mark in reading.decimal_marks if mark.what)
    return {
        "file": file.name,
        "source": reading.source.what,
        "why": reading.source.why,
        "table": receipt.table,
        "rows": receipt.rows_in,
        "encoding": reading.encoding.what,
        "delimiter": reading.delimiter.what,
        "date_order": _in_words(reading.date_order.what),
        "decimal_mark": ", ".join(map(str, map(_in_words, marks))) or None,
    }


def _brief(error: str) -> str:
    """Return the first sentence of a refusal; the whole of it stands in the last step."""
    return error.partition(": ")[2].partition(". ")[0].rstrip(".")


def _in_words(decided: str) -> str | None:
    return choices.WORDS.get(decided, decided) if decided else None


def _remembered(previews: Sequence[Preview]) -> None:
    memos = {
        preview.reading.memo.key: preview.reading.memo
        for preview in previews
        if preview.reading and preview.reading.memo
    }
    for key, memo in memos.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":material/history: Remembered from the import of {memo.imported_on:%Y-%m-%d} "
                f"({literal(memo.file)}): what its columns and values mean.",
                width="content",
            )
            st.button(
                "Forget it", type="tertiary", on_click=_forget, args=(key,), key=f"forget_{key}"
            )


def _forget(key: str) -> None:
    session.forget_mapping(key)
    import_state.note_forgotten()


def _reasons(file: SourceFile, preview: Preview) -> None:
    reading = preview.reading
    if reading is None:
        return
    st.markdown(f"**{literal(file.name)}**")
    asked = choices.open_questions(file.digest, preview)
    choices.ask(file.digest, choices.further_questions(reading, asked))
    rows = [
        {"what": what, "decided": choices.WORDS.get(made.what, made.what), "why": made.why}
        for what, made in _decisions(reading)
    ]
    tables.show(
        pl.DataFrame(rows), _READ_AS, "How the file was read and why", key=f"read_{file.digest}"
    )


def _decisions(reading: Reading) -> list[tuple[str, Decision]]:
    return [
        ("Encoding", reading.encoding),
        ("Delimiter", reading.delimiter),
        ("Date order", reading.date_order),
        *((f"Decimal mark of {header}", mark) for header, mark in reading.decimal_marks),
    ]
