"""Product errors become a message and what to do; anything else goes its way."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app.components.text import literal
from core.errors import PlumblineError


@contextmanager
def errors_shown() -> Iterator[None]:
    """Show what a product error says instead of a page that stops without a word."""
    try:
        yield
    except PlumblineError as error:
        show(error)


def show(error: PlumblineError) -> None:
    """Show one error: what happened, what to do. Its text may quote data, so it is not obeyed."""
    st.error(literal(error.hint) or literal(error.message), title=literal(error.message))
