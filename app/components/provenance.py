"""Where a number comes from: what it means, what it was computed from, and the query."""

from collections.abc import Callable, Sequence

import streamlit as st

from app.components.text import literal
from app.state import View
from core import formats
from core.metrics import metric


def show(metrics: Sequence[str], query: str | Callable[[], str], view: View, *, key: str) -> None:
    """Draw a section that opens on demand; a closed one costs nothing, nor asks for its query."""
    section = st.expander(
        "Where these numbers come from",
        icon=":material/account_tree:",
        key=key,
        on_change="rerun",
    )
    if not section.open:
        return
    with section:
        for name in metrics:
            defined = metric(name)
            st.markdown(f"**{defined.title}**: {defined.formula}. {defined.meaning}")
        st.markdown(_basis(view))
        for said in view.services.rates_in_words():
            st.caption(literal(said))
        st.caption("The query behind them, as the engine runs it:")
        st.code(
            query if isinstance(query, str) else query(),
            language="sql",
            wrap_lines=True,
            height=240,
        )


def _basis(view: View) -> str:
    covered = view.coverage
    return (
        f"Read from {formats.counted(covered.deals, 'deal')} and "
        f"{formats.counted(covered.touches, 'touch', 'touches')}, data as of "
        f"{formats.day(covered.as_of)}, state `{covered.fingerprint}`."
    )
