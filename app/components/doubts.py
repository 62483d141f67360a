"""What was left out, assumed or unknown: shown wherever the numbers are."""

from collections.abc import Iterable

import streamlit as st

from app.components.text import literal


def show(warnings: Iterable[str]) -> None:
    """Draw one line a doubt, each once."""
    for warning in dict.fromkeys(warnings):
        st.caption(f":material/info: {literal(warning)}")
