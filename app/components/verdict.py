"""The sentence above the charts: what the numbers say, in words, before any picture."""

from collections.abc import Mapping

import streamlit as st

from app import navigation
from app.components.text import literal
from app.state import View
from core import formats
from core.attribution.comparison import Comparison
from core.attribution.results import AttributionResult
from core.metrics import Unit, metric
from core.overview import Course, OverviewResult

WELL_COVERED = 0.8
"""Share of revenue with touches from which attribution says something about the business."""

_HEADLINES = {
    Course.UP: "Revenue is up.",
    Course.DOWN: "Revenue is down.",
    Course.LEVEL: "Revenue is level.",
    Course.UNKNOWN: "",
}


def period(result: OverviewResult, credit: AttributionResult, view: View) -> None:
    """Say how the period went against the one before, and what explains it."""
    won = result.figures["closed_won"]
    amount = formats.money_compact(_minor(won.value), view.scope.currency)
    said = [
        f"**{_HEADLINES[result.course]}**" if result.course is not Course.UNKNOWN else "",
        f"Closed won is **{literal(amount)}** from {formats.counted(won.n, 'deal')} in "
        f"{view.period.label}{_moved(won.value, won.previous, view)}.",
    ]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(" ".join(part for part in said if part), width="stretch")
        _quality(credit)


def models(comparison: Comparison, titles: Mapping[str, str]) -> None:
    """Say whether the models agree on who earned most."""
    if comparison.favourite is None:
        st.markdown("**No touch explains any revenue of this period.**")
        return
    name, votes = comparison.favourite
    if votes == len(titles):
        st.markdown(
            f"**All {votes} models put {literal(name)} first.** The ranking below holds "
            "whichever model you trust."
        )
        return
    others = [
        f"{literal(leader)} by {titles[model].lower()}"
        for model, leader in comparison.leaders.items()
        if leader != name
    ]
    st.markdown(
        f"**{literal(name)} is first by {votes} of {len(titles)} models, so the choice of model "
        f"matters.** First instead: {', '.join(others)}."
    )


def _moved(value: float | None, previous: float | None, view: View) -> str:
    moved = formats.change(value, previous, Unit.MONEY)
    if moved is None or view.before is None:
        return ""
    return f", {literal(moved)} on {view.before.in_words}"


def _quality(credit: AttributionResult) -> None:
    """Draw how much of the revenue the touches can explain; it leads to the Import page."""
    line = next(iter(credit.reconciliation.values()))
    if not line.closed_won_minor:
        return
    explained = 1 - line.unattributed_minor / line.closed_won_minor
    st.page_link(
        navigation.page("import.py"),
        label=f"Touches explain {literal(formats.percent(explained, 0))} of it",
        icon=":material/fact_check:" if explained >= WELL_COVERED else ":material/warning:",
        help=f"{metric('unattributed_share').help} More exports explain more.",
        width="content",
    )


def _minor(value: float | None) -> int | None:
    return None if value is None else round(value)
