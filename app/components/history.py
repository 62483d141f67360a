"""What was imported so far, what each import changed, and the way back."""

from collections.abc import Sequence

import streamlit as st

from app import import_state
from app.components import changes, empty, tables
from app.components.text import literal
from app.services import Services
from core.formats import counted, day, listed
from core.snapshots import Snapshot

_COLUMNS = {
    "snapshot": st.column_config.NumberColumn("Import", width="small"),
    "file_name": "File",
    "source": "Recognised as",
    "table_name": "Table",
    "imported_at": st.column_config.DatetimeColumn("Imported (UTC)", format="D MMM YYYY, HH:mm"),
    "rows_in": st.column_config.NumberColumn("Rows in", format="%,d"),
    "loaded": st.column_config.NumberColumn("Loaded", format="%,d"),
    "rejected": st.column_config.NumberColumn("Rejected", format="%,d"),
    "status": "Outcome",
}


def show(services: Services) -> None:
    """Draw the imports so far, the latest first, what one changed, and how to take it back."""
    imports, rejected = services.history(), services.rejected_rows()
    found = services.timeline.snapshots()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("Imports so far", anchor=False, width="content")
        if not rejected.is_empty():
            tables.download(rejected, "all_rejected_rows.csv", key="history_download")
    _undone([one for one in found if one.is_undone], services)
    if imports.is_empty():
        empty.nothing_found("Nothing imported yet.", "Drop in files above, or load demo data.")
        return
    tables.show(imports, _COLUMNS, "Imports so far, the latest first", key="imports")
    done = [one for one in found if not one.is_undone]
    if done and done[0].is_undoable:
        _way_back(done, services)


def _way_back(done: Sequence[Snapshot], services: Services) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Import",
            done,
            format_func=_label,
            key="history_import",
            width=420,
            help="Every import is kept: see what it changed, or take it back.",
        )
        if chosen is not None and chosen.is_undoable:
            _undo([one for one in done if one.number >= chosen.number], services)
    if chosen is not None:
        changes.show(chosen, services)


def _label(one: Snapshot) -> str:
    return f"{one.number}: {listed(one.files)}, {day(one.made_at)}"


def _undo(affected: Sequence[Snapshot], services: Services) -> None:
    """Ask before taking imports back; the later ones go with the chosen one."""
    first, many = affected[-1].number, len(affected) > 1
    name = f"Undo imports {first} to {affected[0].number}" if many else f"Undo import {first}"
    with st.popover(name, icon=":material/undo:"):
        files = [literal(file) for one in affected for file in one.files]
        st.markdown(
            f"Takes back {counted(len(affected), 'import')} ({listed(files)}). Rows that were "
            "added go, rows that were changed become what they were. Until the next import all "
            "of it can be done again."
        )
        if st.button("Take back", type="primary", key="history_undo"):
            services.timeline.undo(first)
            import_state.keep_receipts(())
            st.rerun()


def _undone(undone: Sequence[Snapshot], services: Services) -> None:
    """Offer to do the import again that was undone last."""
    if not undone:
        return
    again = undone[-1]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/undo: Undone: import {literal(_label(again))}.", width="content")
        if st.button(f"Do import {again.number} again", icon=":material/redo:", key="history_redo"):
            services.timeline.redo()
            import_state.keep_receipts(())
            st.rerun()
