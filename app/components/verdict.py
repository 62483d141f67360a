"""The sentence above the charts: what the numbers say, in words, before any picture."""

from collections.abc import Mapping

import streamlit as st

from app import navigation
from app.components import empty
from app.components.text import literal
from app.state import View
from core import formats
from core.attribution.comparison import Comparison
from core.attribution.results import AttributionResult
from core.holdings import TOUCHES
from core.metrics import Unit, metric
from core.overview import Course, OverviewResult

WELL_COVERED = 0.8
"""Share of revenue with touches from which attribution says something about the business."""

_HEADLINES = {
    Course.UP: "**Revenue is up.** ",
    Course.DOWN: "**Revenue is down.** ",
    Course.LEVEL: "**Revenue is level.** ",
    Course.UNKNOWN: "",
}


def period(result: OverviewResult, credit: AttributionResult, view: View) -> None:
    """Say how the period went against the one before, and what explains it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{_HEADLINES[result.course]}{_closed_won(result, view)}", width="stretch")
        _quality(credit)
    for doubt in result.warnings:
        st.caption(f":material/info: {literal(doubt)}")


def credited(
    comparison: Comparison, credit: AttributionResult, titles: Mapping[str, str], view: View
) -> None:
    """Say who earned most and whether models agree, or why nobody can be credited."""
    if comparison.led:
        _models(comparison, titles)
    elif credit.won_deals:
        _uncredited(view)


def _uncredited(view: View) -> None:
    """Say that no touch is credited with anything, and what would change that."""
    if view.coverage.touches:
        st.markdown(
            "**No revenue of this period is credited to a touch.** The deals left out, below, "
            "say why of each. A longer lookback under Settings, or more interactions, may help."
        )
        return
    st.markdown(
        "**There is nothing to credit yet: no touches are imported.** Models share revenue out "
        f"among the touches before a deal was won. Drop in {TOUCHES}."
    )
    empty.to_import()


def _models(comparison: Comparison, titles: Mapping[str, str]) -> None:
    (name, votes), *others = comparison.led.items()
    if len(titles) == 1:
        st.markdown(
            f"**{literal(name)} is first by {literal(next(iter(titles.values())))}.** Compare more "
            "models under Settings to see whether that depends on the model."
        )
        return
    if not others:
        st.markdown(
            f"**All {len(titles)} models put {literal(name)} first.** Who comes first does not "
            "depend on the model."
        )
        return
    instead = "; ".join(
        f"{literal(other)} by {formats.listed([literal(titles[model]) for model in by])}"
        for other, by in others
    )
    st.markdown(
        f"**{literal(name)} is first by {len(votes)} of {len(titles)} models, so the choice of "
        f"model matters.** First instead: {instead}."
    )


def _closed_won(result: OverviewResult, view: View) -> str:
    won, currency = result.figures["closed_won"], view.scope.currency
    deals = formats.counted(won.n, "deal")
    if won.value is None:
        return f"{deals} won in {view.period.label}, none with an amount known in {currency}."
    amount = formats.money_compact(round(won.value), currency)
    moved = _moved(won.value, won.previous, view)
    return f"Closed won is **{literal(amount)}** from {deals} in {view.period.label}{moved}."


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
