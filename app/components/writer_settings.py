"""Who writes the analyst's text: the choice, where its model runs, a test, what is sent where."""

from dataclasses import replace
from typing import Final

import streamlit as st

from app import state
from app.analyst_services import AnalystServices
from app.components.text import literal
from core.analyst.writers.ollama import DEFAULT_URL
from core.analyst.writers.registry import WriterSettings, writer
from core.errors import InvalidParameterError, WriterError
from core.settings import Settings

_TITLES: Final = {
    "rules": "Rules",
    "ollama": "Ollama",
    "openai": "OpenAI-compatible server",
}
_CAPTIONS: Final = {
    "rules": "Always there, the same words for the same figures, nothing leaves this process.",
    "ollama": "A model on this machine or in your network. Each sentence is checked.",
    "openai": "A server the operator has set. Each sentence is checked.",
}
_VALUES: Final = {
    None: "Only to a model on this machine",
    True: "Always",
    False: "Never",
}
LONGEST_SECONDS: Final = 600.0
MOST_TOKENS: Final = 4000
FEWEST_TOKENS: Final = 50


def show(analyst: AnalystServices, settings: Settings) -> None:
    """Draw the choice, keep it for this visit, and offer to test it."""
    current = state.writer() or analyst.settings
    st.header("Analyst", anchor=False)
    st.markdown(
        "The analyst turns figures into sentences. It places figures in slots and never types one; "
        "a sentence with anything else in it that is not plain English is dropped."
    )
    chosen = _limits(_model(replace(current, name=_name(current, settings)), settings))
    try:
        made = writer(chosen)
    except (InvalidParameterError, WriterError) as error:
        st.error(literal(error.hint), title=literal(error.message))
        return
    if chosen != current:
        state.keep_writer(chosen)
    st.caption(f":material/lock: {literal(_sent(chosen))}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Test", icon=":material/network_check:", key="writer_test"):
            _tested(analyst, chosen)
        if state.writer() is not None:
            st.button(
                "Back to the installation's settings",
                key="writer_reset",
                type="tertiary",
                on_click=state.forget_writer,
            )
    _kept(chosen, made.is_ours)


def _name(current: WriterSettings, settings: Settings) -> str:
    names = [name for name in _TITLES if name != "openai" or settings.openai_url]
    chosen = st.radio(
        "Written by",
        names,
        index=names.index(current.name) if current.name in names else 0,
        format_func=_TITLES.__getitem__,
        captions=[_CAPTIONS[name] for name in names],
        key="writer_name",
    )
    return chosen or "rules"


def _model(chosen: WriterSettings, settings: Settings) -> WriterSettings:
    """Ask where the model runs; only the operator of an installation may say what it calls."""
    if chosen.name != "ollama":
        return chosen
    where, which = st.columns(2)
    url = where.text_input(
        "Address",
        chosen.ollama_url,
        key="writer_url",
        disabled=not settings.own_installation,
        placeholder=DEFAULT_URL,
        help="Of the Ollama server. The default is this machine."
        if settings.own_installation
        else "Set by the operator: PLUMBLINE_OLLAMA_URL.",
    )
    model = which.text_input(
        "Model",
        chosen.ollama_model,
        key="writer_model",
        help="As Ollama lists it, such as mistral.",
    )
    # A disabled field is the browser's word only; what may not be changed is not read.
    address = url.strip() if settings.own_installation else settings.ollama_url
    return replace(chosen, ollama_url=address, ollama_model=model.strip() or chosen.ollama_model)


def _limits(chosen: WriterSettings) -> WriterSettings:
    if chosen.name == "rules":
        return chosen
    time, length, values = st.columns(3)
    seconds = time.number_input(
        "Time-out in seconds", 1.0, LONGEST_SECONDS, chosen.timeout_seconds, 5.0, "%.0f",
        key="writer_seconds", help="After that, rules write.",
    )  # fmt: skip
    tokens = length.number_input(
        "Longest answer in tokens", FEWEST_TOKENS, MOST_TOKENS, chosen.most_tokens, 50,
        key="writer_tokens",
    )  # fmt: skip
    options = list(_VALUES)
    sends = values.selectbox(
        "Send figures to the model",
        options,
        index=options.index(chosen.sends_values),
        format_func=_VALUES.__getitem__,
        key="writer_values",
        help="Without them it knows what each fact is about and which way it points.",
    )
    return replace(
        chosen,
        timeout_seconds=min(max(float(seconds), 1.0), LONGEST_SECONDS),
        most_tokens=min(max(int(tokens), FEWEST_TOKENS), MOST_TOKENS),
        sends_values=sends,
    )


def _sent(chosen: WriterSettings) -> str:
    made = writer(chosen)
    if made.is_ours:
        return made.describe_sending()
    return f"{made.describe_sending()} No name, note or other text of the CRM is sent along."


def _tested(analyst: AnalystServices, chosen: WriterSettings) -> None:
    with st.spinner("Asking the server"):
        health = analyst.test(chosen)
    said = f"{literal(health.message)} {literal(health.hint)}".strip()
    if health.works:
        st.success(said, icon=":material/check_circle:")
    else:
        st.warning(said, icon=":material/info:")


def _kept(chosen: WriterSettings, is_ours: bool) -> None:  # noqa: FBT001 - a property of a writer
    """Say how the choice outlives this visit."""
    lines = [f"PLUMBLINE_WRITER={chosen.name}"]
    if chosen.name == "ollama":
        lines += [
            f"PLUMBLINE_OLLAMA_URL={chosen.ollama_url}",
            f"PLUMBLINE_OLLAMA_MODEL={chosen.ollama_model}",
        ]
    if not is_ours:
        lines += [
            f"PLUMBLINE_WRITER_TIMEOUT_SECONDS={chosen.timeout_seconds:g}",
            f"PLUMBLINE_WRITER_MAX_TOKENS={chosen.most_tokens}",
        ]
    st.caption("This holds for your visit. To keep it, set in the environment:")
    st.code("\n".join(lines), language=None, wrap_lines=True)
