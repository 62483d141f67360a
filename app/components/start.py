"""Where to begin without an export at hand: templates, demo data, an empty workspace."""

import streamlit as st

from app import import_state, session
from app.services import Services
from core.crm.templates import TEMPLATES


def show(services: Services) -> None:
    """Draw the templates to download and the two ways to start over."""
    with st.container(border=True, height="stretch"):
        st.header("No export at hand?", anchor=False)
        st.markdown("Fill in our template, or look around with a simulated company.")
        with st.container(horizontal=True):
            for name, content in TEMPLATES.items():
                st.download_button(
                    name,
                    content,
                    name,
                    "text/csv",
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"template_{name}",
                )
        with st.container(horizontal=True):
            st.button(
                "Load demo data",
                icon=":material/science:",
                on_click=_load_demo,
                disabled=not session.may_load_demo(services),
                help="A simulated software company: 2,000 deals, three years, twelve channels.",
            )
            if session.is_private():
                st.button(
                    "Start empty",
                    icon=":material/restart_alt:",
                    on_click=_start_empty,
                    help="Removes everything this tab has imported.",
                )


def _load_demo() -> None:
    session.load_demo()
    import_state.keep_receipts(())


def _start_empty() -> None:
    session.start_empty()
    import_state.keep_receipts(())
