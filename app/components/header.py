"""The top of every page: its title, whose data these are and the day they reach."""

import streamlit as st

from app.components.text import literal
from app.state import View
from core import formats
from core.selection import LEFT_OUT


def show(title: str, view: View | None) -> None:
    """Draw the title with the badges that belong to every figure below it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(title, width="stretch", anchor=False)
        if view is None:
            return
        if view.coverage.is_demo:
            st.badge(
                "Demo data",
                icon=":material/science:",
                color="blue",
                help="A simulated company. Bring in your own data on the Import page.",
            )
        if view.coverage.selection:
            st.badge(
                f"{formats.counted(view.coverage.deals, 'deal')} chosen",
                icon=":material/filter_alt:",
                color="orange",
                help=literal(f"{view.coverage.selection} {LEFT_OUT}"),
            )
        st.badge(
            f"Data as of {formats.day(view.coverage.as_of)}",
            color="gray",
            help="The last day the data know of. Periods are counted back from it, not from today.",
        )
