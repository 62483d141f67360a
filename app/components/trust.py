"""How sure the chosen model's credit is: intervals, and whether it holds a signal at all."""

from dataclasses import replace

import streamlit as st

from app import cache
from app.components import model_trust, tables
from app.components.attribution_settings import Choice
from app.components.text import literal
from app.state import View
from core.attribution.data_driven import MODELS, Markov
from core.attribution.results import Level, Question
from core.attribution.signal import Signal
from core.attribution.uncertainty import CreditIntervals
from core.errors import EmptyWorkspaceError

_SHARES = ("share", "low", "high", "p_first", "p_top3")


def show(choice: Choice, view: View) -> None:
    """Say what the model misallocates, above a section that computes only when it is opened."""
    model_trust.beside(choice.model, choice.title, view)
    section = st.expander(
        f"How sure is this? {choice.title}",
        icon=":material/query_stats:",
        key="attribution_trust",
        on_change="rerun",
    )
    if not section.open:
        return
    with section:
        if choice.question.level is not Level.CHANNEL:
            st.caption("Intervals and the test for a signal are by channel.")
        try:
            _signal(choice, view)
            _order(choice, view)
            _intervals(choice, view)
        except EmptyWorkspaceError as error:
            st.info(f"{literal(error.message)} {literal(error.hint)}")


def _asked(choice: Choice) -> Question:
    """Return the question of the chosen model alone: what else is compared changes nothing."""
    return replace(choice.question, models=(choice.model,), level=Level.CHANNEL)


def _signal(choice: Choice, view: View) -> None:
    services = view.services
    found = cache.signal(services, services.cache_key, _asked(choice), choice.model)
    if found is None:
        st.caption(
            f"{literal(choice.title)} is a rule: it splits the same way whatever was won, so there "
            "is no signal to test."
        )
    else:
        _said(found)


def _order(choice: Choice, view: View) -> None:
    """Say which Markov order the journeys support, where a Markov model is asked."""
    if not isinstance(MODELS.get(choice.model), Markov):
        return
    services = view.services
    asked = choice.question.of_touches
    found = cache.suggested_order(services, services.cache_key, asked)
    if found is not None:
        st.caption(f":material/info: {literal(found.in_words)}")


def _said(found: Signal) -> None:
    odds = f"Outcomes shuffled among the same journeys: p = {found.p_value:.3f}."
    if found.found:
        st.markdown(f":material/check_circle: {found.verdict} {odds}")
    else:
        st.warning(
            f"**{found.verdict}** Do not move budget by this model. {odds}",
            icon=":material/warning:",
        )


def _intervals(choice: Choice, view: View) -> None:
    services = view.services
    found = cache.intervals(services, services.cache_key, _asked(choice), choice.model)
    st.caption(
        f"Share of won deals with {found.level:.0%} intervals, from {found.resamples} draws of "
        "accounts. Not of revenue: one large deal moves revenue more than this says."
    )
    rows = found.frame.sort("share", "channel", descending=[True, False])
    tables.show(
        rows.with_columns(*[tables.in_percent(name) for name in _SHARES]),
        _columns(found),
        "Share of each channel with its interval",
        key="trust_table",
    )
    tables.download(rows, f"intervals_{found.model}.csv", key="trust_download")


def _columns(found: CreditIntervals) -> dict[str, object]:
    draws = f"Part of the {found.resamples} draws"
    return {
        "channel": st.column_config.TextColumn("Channel", pinned=True),
        "share": tables.percent_column("Share of won deals"),
        "low": tables.percent_column(f"{found.level:.0%} from"),
        "high": tables.percent_column(f"{found.level:.0%} to"),
        "p_first": tables.percent_column("Comes first", 0, f"{draws} it leads."),
        "p_top3": tables.percent_column("Among first three", 0, f"{draws} it is in them."),
    }
