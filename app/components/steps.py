"""The head of a step of the import: its number, what it is about, and whether it needs anybody."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

_Color = Literal["blue", "green", "orange", "gray"]


@dataclass(frozen=True)
class Step:
    """One step as its head shows it.

    Parameters
    ----------
    number
        Its place, from 1.
    title
        What happens in it.
    status
        How far it is.
    needs_you
        Whether a person has to decide something.
    is_done
        Whether there is nothing left to do in it.
    """

    number: int
    title: str
    status: str = ""
    needs_you: bool = False
    is_done: bool = False


def head(step: Step) -> None:
    """Draw the head of a step."""
    color: _Color = "orange" if step.needs_you else "green" if step.is_done else "blue"
    icon = ":material/check:" if step.is_done and not step.needs_you else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(f"Step {step.number}", color=color, icon=icon)
        st.header(step.title, anchor=False, width="content")
        if step.status:
            st.caption(step.status)
