"""What stands where there is nothing to show: why, and the one thing to do about it."""

import streamlit as st

from app import navigation, session
from core.holdings import DEALS


def no_data(what: str) -> None:
    """Say that there are no deals, what there is instead, and lead to the Import page."""
    held = session.current_services().holdings().in_words()
    title, to_do = "No data yet", "Drop in an export of your CRM, or look around with demo data"
    if held:
        title, to_do = "No deals yet", f"Imported so far: {held}. Now drop in {DEALS}"
    with st.container(border=True, horizontal_alignment="center", gap="medium"):
        st.header(title, anchor=False, text_alignment="center")
        st.markdown(f"{what} {to_do}{'.' if held else ' first.'}", text_alignment="center")
        to_import()


def to_import() -> None:
    """Draw the button that leads to the Import page."""
    if st.button("Go to Import", type="primary", icon=":material/upload_file:"):
        st.switch_page(navigation.page("import.py"))


def nothing_found(why: str, what_to_do: str) -> None:
    """Say why a part of a page is empty and what would fill it."""
    with st.container(border=True):
        st.markdown(f"**{why}** {what_to_do}")
