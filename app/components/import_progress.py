"""An import while it runs: how far it is, and the button that stops it."""

from typing import Final

import streamlit as st

from app import import_state, session
from app.components.text import literal
from app.import_job import ImportJob, Order
from core.errors import ImportCancelledError

_QUICK_SECONDS: Final = 1.5
"""An import that ends within this needs no progress bar."""

_LOOK_EVERY_SECONDS: Final = 0.5


def start(order: Order) -> None:
    """Start an import; what ends at once is shown at once."""
    job = session.begin_import(order)
    import_state.keep_import_job(job)
    with st.spinner("Importing"):
        job.wait(_QUICK_SECONDS)
    st.rerun()


def show(job: ImportJob) -> None:
    """Draw a running import, or take in one that has ended."""
    if job.is_done:
        _take_in(job)
    else:
        _watch()


def _take_in(job: ImportJob) -> None:
    import_state.keep_import_job(None)
    try:
        receipts = session.finish_import(job)
    except ImportCancelledError:
        import_state.note_stopped()
    else:
        import_state.keep_receipts(receipts)
    st.rerun()


@st.fragment(run_every=_LOOK_EVERY_SECONDS)
def _watch() -> None:
    job = import_state.import_job()
    if job is None or job.is_done:
        st.rerun()
        return
    with st.container(border=True):
        st.header("Importing", anchor=False)
        st.progress(job.share_done(), text=literal(job.in_words()))
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                "Cancel",
                icon=":material/stop_circle:",
                on_click=job.cancel,
                disabled=job.is_stopping,
                key="cancel_import",
            )
            st.caption(
                "Until the last file is stored the data stay as they were. You may look at other "
                "pages meanwhile; come back here for the receipt."
            )
