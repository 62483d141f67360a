"""A row of figures of the catalogue, each with what stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from app.state import View
from core import formats
from core.metrics import metric

SMALLEST_PX = 150


@dataclass(frozen=True)
class Kpi:
    """One figure of the catalogue.

    Parameters
    ----------
    metric
        Name in the metrics catalogue.
    value
        Minor units for money, a share of one, days or a number; None when it is not known.
    n
        Deals it rests on; None where that is not the question.
    change
        How it moved, as text; None without anything to compare with.
    beside
        Words beside the change, or instead of one.
    title
        Name on the card where it says more than the catalogue's.
    why
        Why there is no value; stands in the question mark.
    """

    metric: str
    value: float | None
    n: int | None = None
    change: str | None = None
    beside: str | None = None
    title: str = ""
    why: str = ""


def show(kpis: Sequence[Kpi], view: View) -> None:
    """Draw one card a figure; its question mark opens the definition in the catalogue."""
    with st.grid(len(kpis), min_column_width=SMALLEST_PX):
        for kpi in kpis:
            _card(kpi, view)


def _card(kpi: Kpi, view: View) -> None:
    defined = metric(kpi.metric)
    rests = "" if kpi.n is None else f" Rests on {formats.counted(kpi.n, 'deal')}."
    st.metric(
        kpi.title or defined.title,
        formats.figure(kpi.value, defined.unit, view.scope.currency),
        kpi.change,
        delta_color="normal" if kpi.change else "off",
        delta_description=kpi.beside,
        help=" ".join(part for part in (defined.help + rests, kpi.why) if part),
        border=True,
        height="stretch",
    )
