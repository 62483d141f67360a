"""The card "What this means": a text, the figures behind it, who wrote it, a copy to take along."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app import state
from app.analyst_services import AnalystServices
from app.components import analyst_text
from app.components.text import literal
from app.state import View
from core.analyst.facts import FactSheet
from core.analyst.narrative import Narrative
from core.analyst.sheets.making import Place
from core.analyst.writers.base import Watch
from core.analyst.writers.registry import WriterSettings

_RULES = WriterSettings()
_STOPPED = "Writing was stopped. Written by rules instead."


def place(view: View) -> Place:
    """Return the currency and filters that links of a text repeat."""
    return Place(view.scope.currency, state.filters_in_url())


def show(sheet: FactSheet, view: View, *, key: str, in_drawer: bool = False) -> None:
    """Draw the card; call it last, so that a slow model keeps no other part of the page waiting."""
    _card(sheet, view.services.analyst, key, in_drawer=in_drawer)


@st.fragment
def _card(sheet: FactSheet, analyst: AnalystServices, key: str, *, in_drawer: bool) -> None:
    settings = state.writer() or analyst.settings
    with st.container(border=True, gap="small"):
        if in_drawer:  # which shrinks headings below its text
            st.markdown("**What this means**")
        else:
            st.header("What this means", anchor=False)
        body = st.empty()
        written = _written(sheet, analyst, settings, body)
        with body.container(gap="small"):
            analyst_text.sentences(written)
            _foot(written, settings, key)


def _written(
    sheet: FactSheet, analyst: AnalystServices, settings: WriterSettings, body: DeltaGenerator
) -> Narrative:
    """Return the text; while a model writes, the one by rules stands in its place."""
    by_rules = analyst.narrate(sheet, _RULES)
    if settings.name == _RULES.name:
        return by_rules
    name = _name(sheet, settings)
    kept = state.text(name)
    if kept is None:
        with body.container(gap="small"):
            progress = _meanwhile(by_rules, name, analyst.sent(sheet, settings))
        kept = analyst.narrate(sheet, settings, Watch(progress))
        state.keep_text(name, kept)
    return kept


def _meanwhile(by_rules: Narrative, name: str, sent: str) -> Callable[[int], None]:
    """Draw the text by rules with how far the model is; any click stops the model."""
    analyst_text.sentences(by_rules)
    with st.container(horizontal=True, vertical_alignment="center"):
        line = st.empty()
        st.button(
            "Stop",
            key=f"stop_{name}",
            type="tertiary",
            icon=":material/stop_circle:",
            on_click=state.keep_text,
            args=(name, replace(by_rules, note=_STOPPED, sent=sent)),
        )
    line.caption("Written by rules while the model writes.")

    def progress(characters: int) -> None:
        line.caption(f"Written by rules while the model writes: {characters} characters so far.")

    return progress


def _foot(written: Narrative, settings: WriterSettings, key: str) -> None:
    """Draw who wrote the text, and the buttons that open its figures, copy it or ask again."""
    if written.note:
        st.caption(f":material/info: {literal(written.note)}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(literal(written.label), width="stretch")
        analyst_text.figures(written, key)
        analyst_text.copy(written, key)
        if settings.name != _RULES.name:
            st.button(
                "Write again",
                key=f"{key}_again",
                type="tertiary",
                icon=":material/refresh:",
                on_click=state.forget_text,
                args=(_name(written.sheet, settings),),
            )


def _name(sheet: FactSheet, settings: WriterSettings) -> str:
    """Return what a kept text depends on: the facts and who writes; without a server's key."""
    return f"{sheet.digest}:{replace(settings, openai_key='')!r}"
