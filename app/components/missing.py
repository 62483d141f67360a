"""What the imports so far leave unanswered, and the export that would answer it."""

import streamlit as st

from app.services import Services


def show(services: Services) -> None:
    """Say which tables are still missing; nothing where none is."""
    for sentence in services.holdings().missing():
        st.info(sentence, icon=":material/upload_file:", title="What to drop next")
