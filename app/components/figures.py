"""The row of figures: value, how it moved and against what, its course, its definition."""

from collections.abc import Mapping, Sequence

import streamlit as st

from app.state import View
from core import formats
from core.metrics import metric
from core.overview import Figure

LOWER_IS_BETTER = frozenset({"sales_cycle"})


def show(figures: Mapping[str, Figure], names: Sequence[str], view: View) -> None:
    """Draw one card a figure; its question mark opens the definition in the catalogue."""
    with st.grid(len(names), min_column_width=150):
        for name in names:
            _card(figures[name], view)


def _card(figure: Figure, view: View) -> None:
    defined = metric(figure.metric)
    moved = formats.change(figure.value, figure.previous, defined.unit)
    unchanged = figure.value is not None and figure.value == figure.previous
    course = [point for point in figure.trend if point is not None]
    st.metric(
        defined.title,
        formats.figure(figure.value, defined.unit, view.scope.currency),
        0 if unchanged else moved,
        delta_color="inverse" if figure.metric in LOWER_IS_BETTER else "normal",
        delta_description=_against(moved, view),
        help=f"{defined.help} Rests on {formats.counted(figure.n, 'deal')}.",
        chart_data=course if len(course) > 1 else None,
        chart_type="area",
        border=True,
        height="stretch",
    )


def _against(moved: str | None, view: View) -> str | None:
    if view.before is None:
        return None
    return f"vs {view.before.label}" if moved else "nothing to compare with"
