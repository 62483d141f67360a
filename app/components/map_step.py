"""Which column of each file becomes which of our fields."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from app.components import mapping_editor, steps, tables
from app.components.text import literal
from core.crm.importing import Preview
from core.crm.reading import Reading
from core.crm.receipts import SourceFile, Status
from core.formats import counted

_COLUMNS = {"header": "Your column", "samples": "Samples", "use": "Becomes"}


def show(files: Sequence[SourceFile], previews: Sequence[Preview]) -> None:
    """Draw an editor for each file nobody knows, and what becomes of the columns of the others."""
    pairs = list(zip(files, previews, strict=True))
    unknown = [
        (file, preview)
        for file, preview in pairs
        if mapping_editor.is_wanted(file, preview.receipt)
    ]
    waiting = sum(preview.receipt.status is Status.REFUSED for _, preview in unknown)
    status = (
        f"{counted(waiting, 'file')} nobody knows: say what its columns are"
        if waiting
        else "every column has its place"
        if any(preview.reading for preview in previews)
        else "no file could be read"
    )
    steps.head(
        steps.Step(
            3,
            "Map columns",
            status,
            needs_you=bool(waiting),
            is_done=any(preview.reading for preview in previews),
        )
    )
    for file, preview in unknown:
        _editor(file, preview)
    known = [(file, preview.reading) for file, preview in pairs if preview.reading]
    if known:
        with st.expander("What becomes of each column"):
            for file, reading in known:
                _columns(file, reading)


def _editor(file: SourceFile, preview: Preview) -> None:
    with st.container(border=True, gap="small"):
        st.markdown(f"**{literal(file.name)}**")
        if preview.receipt.status is Status.REFUSED:
            mapping_editor.show(file, preview.receipt.refusal)
        else:
            mapping_editor.show(file)


def _columns(file: SourceFile, reading: Reading) -> None:
    st.markdown(f"**{literal(file.name)}**")
    rows = [
        {
            "header": column.header,
            "samples": " · ".join(column.samples),
            "use": ", ".join(column.fills)
            or ("kept with the deal" if column.is_attribute else "not used"),
        }
        for column in reading.columns
    ]
    tables.show(
        pl.DataFrame(rows), _COLUMNS, "What each column becomes", key=f"columns_{file.digest}"
    )
