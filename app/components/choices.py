"""What a visitor decides about files before they are imported; questions left open come first."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from app import import_state
from core.crm.conventions import Forced
from core.crm.currencies import ISO_4217
from core.crm.importing import Preview
from core.crm.mapping import parse_mapping
from core.crm.options import FileChoices, ImportOptions
from core.crm.reading import Reading
from core.crm.receipts import SourceFile
from core.formats import counted
from core.settings import Settings

DATE_ORDER: Final = "date_order"
DECIMAL_MARK: Final = "decimal_mark"
CURRENCY: Final = "currency"
WORDS: Final = {
    "day_first": "day first (31/12/2025)",
    "month_first": "month first (12/31/2025)",
    ".": "point (1,234.50)",
    ",": "comma (1.234,50)",
    "mixed": "both in one file",
    "": "nothing decided",
}
_TITLES: Final = {DATE_ORDER: "Date order", DECIMAL_MARK: "Decimal mark"}
_ANSWERS: Final = {DATE_ORDER: ("day_first", "month_first"), DECIMAL_MARK: (".", ",")}
_OPEN: Final = {  # reasons that an answer can settle
    DATE_ORDER: {"ambiguous_date", "mixed_date_format"},
    DECIMAL_MARK: {"ambiguous_amount", "mixed_number_format"},
}


def options_for(files: Sequence[SourceFile]) -> ImportOptions:
    """Return the options of this visit for some files."""
    return ImportOptions(
        currency=import_state.choice(CURRENCY),
        by_file={file.digest: _of_file(file.digest) for file in files},
        max_bytes=Settings().max_upload_bytes,
    )


def key_of(files: Sequence[SourceFile]) -> str:
    """Return what previews depend on: names, bytes and every decision."""
    decided = [
        (
            file.name,
            file.digest,
            import_state.choice(DATE_ORDER, file.digest),
            import_state.choice(DECIMAL_MARK, file.digest),
            said(file.digest),
        )
        for file in files
    ]
    for_all = (
        import_state.choice(CURRENCY),
        Settings().max_upload_bytes,
        import_state.times_forgotten(),
    )
    return repr((decided, for_all))


def said(digest: str) -> str:
    """Return the map.toml of everything the visitor said about a file's columns and values."""
    return "\n".join(filter(None, (import_state.mapping(digest), import_state.values(digest))))


def open_questions(digest: str, preview: Preview) -> list[str]:
    """Return what the file itself leaves open, also once the visitor has answered."""
    reasons = {reject.reason for reject in preview.receipt.rejects}
    return [what for what in _TITLES if reasons & _OPEN[what] or import_state.choice(what, digest)]


def ask(digest: str, questions: Sequence[str]) -> None:
    """Draw the questions about one file."""
    with st.container(horizontal=True):
        for what in questions:
            st.selectbox(
                _TITLES[what],
                ["", *_ANSWERS[what]],
                format_func=lambda answer: WORDS[answer] if answer else "As the file shows",
                key=import_state.choice_key(what, digest),
                width=240,
            )


def further_questions(reading: Reading, asked: Sequence[str]) -> list[str]:
    """Return what the file has settled itself and may be decided otherwise."""
    matters = {
        DATE_ORDER: bool(reading.date_order.what),
        DECIMAL_MARK: any(mark.what for _, mark in reading.decimal_marks),
    }
    return [what for what in _TITLES if matters[what] and what not in asked]


def ask_currency(previews: Sequence[Preview]) -> None:
    """Ask which currency is meant, where records name none."""
    readings = [preview.reading for preview in previews if preview.reading]
    count = sum(reading.currency_assumed_for for reading in readings)
    if not count and not import_state.choice(CURRENCY):
        return
    assumed = next((r.currency for r in readings if r.currency_assumed_for), "")
    st.selectbox(
        "Currency where a row names none",
        ["", *sorted(ISO_4217)],
        format_func=lambda code: code or (f"As assumed: {assumed}" if assumed else "As assumed"),
        key=import_state.choice_key(CURRENCY),
        help=f"{counted(count, 'row')} with an amount and no currency.",
        width=240,
    )


def _of_file(digest: str) -> FileChoices:
    text = said(digest)
    forced = Forced(
        import_state.choice(DECIMAL_MARK, digest), import_state.choice(DATE_ORDER, digest)
    )
    return FileChoices(parse_mapping(text) if text else None, forced)
