"""What stands where there is nothing to show: why, and the one thing to do about it."""

import streamlit as st

from app import navigation


def no_data(what: str) -> None:
    """Say that the workspace is empty and lead to the Import page."""
    with st.container(border=True, horizontal_alignment="center", gap="medium"):
        st.header("No data yet", anchor=False, text_alignment="center")
        st.markdown(
            f"{what} Drop in an export of your CRM, or look around with demo data first.",
            text_alignment="center",
        )
        if st.button("Go to Import", type="primary", icon=":material/upload_file:"):
            st.switch_page(navigation.page("import.py"))


def nothing_found(why: str, what_to_do: str) -> None:
    """Say why a part of a page is empty and what would fill it."""
    with st.container(border=True):
        st.markdown(f"**{why}** {what_to_do}")
