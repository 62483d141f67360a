"""A titled card around a chart, with the units and the model in its subtitle."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

import streamlit as st
from altair import Chart, FacetChart, LayerChart

from core.charts.credit import PICK
from core.charts.theme import Mode, legible

AltairChart = Chart | FacetChart | LayerChart


@contextmanager
def card(title: str, subtitle: str = "") -> Iterator[None]:
    """Draw a bordered card; what it is about first, the unit, period and model below."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.header(title, anchor=False)
        if subtitle:
            st.caption(subtitle)
        yield


def chart(drawn: AltairChart, alt_text: str, *, key: str, fill: bool = False) -> None:
    """Draw a chart that only shows; one that fills takes the height of the card beside it."""
    height: Literal["stretch", "content"] = "stretch" if fill else "content"
    st.altair_chart(_checked(drawn), alt=alt_text, key=key, height=height)


def clickable(drawn: AltairChart, alt_text: str, *, key: str) -> str | None:
    """Draw a chart whose bars can be clicked and return the name of the clicked one."""
    event: Any = st.altair_chart(_checked(drawn), alt=alt_text, key=key, on_select="rerun")
    picked = event.selection.get(PICK, [])
    return str(picked[0]["name"]) if picked else None


def _checked(drawn: AltairChart) -> Any:  # noqa: ANN401 - the kind it was given
    """Return the chart as it is shown, which is not checked against the schema once more.

    Its parts were checked as they were made, and a check of the whole takes longer than they did.
    """
    shown = legible(drawn, mode())
    # An attribute set the usual way would become a part of the chart.
    object.__setattr__(shown, "to_dict", partial(shown.to_dict, validate=False))
    return shown


def mode() -> Mode:
    """Return the surface the reader sees: light until the browser has said."""
    return Mode.DARK if st.context.theme.type == Mode.DARK.value else Mode.LIGHT
