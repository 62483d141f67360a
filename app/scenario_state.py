"""What session state holds of the scenarios of the Forecast page: the sliders, and those saved."""

from collections.abc import Iterable, Mapping
from typing import Final

import streamlit as st

from app.state import Key
from core.forecasting.scenarios import Scenario

SCENARIOS_KEPT: Final = 8


def slider_key(factor: str) -> str:
    """Return the key of the slider of a scenario's factor."""
    return f"{Key.SCENARIO}_{factor}"


def set_sliders(positions: Mapping[str, int]) -> None:
    """Put the sliders of the scenario somewhere; for use in a callback."""
    for factor, position in positions.items():
        st.session_state[slider_key(factor)] = position


def start_scenario(name: str, factors: Iterable[str]) -> None:
    """Begin with a scenario's chip lit and every slider at 0, unless the visitor moved them.

    The widgets are given no default of their own: Streamlit warns of one that a callback may set.
    """
    st.session_state.setdefault(Key.SCENARIO, name)
    for factor in factors:
        st.session_state.setdefault(slider_key(factor), 0)


def slider_position(factor: str) -> int:
    """Return where the slider of a factor stands; 0 before it is drawn."""
    return int(st.session_state.get(slider_key(factor), 0))


def chosen_scenario() -> str | None:
    """Return the name of the scenario that was chosen; for use in the callback of that choice."""
    found: str | None = st.session_state.get(Key.SCENARIO)
    return found


def choose_scenario(name: str | None) -> None:
    """Light the chip of a scenario, or none; for use in a callback."""
    st.session_state[Key.SCENARIO] = name


def scenarios() -> dict[str, Scenario]:
    """Return the scenarios saved in this visit, by name."""
    kept: dict[str, Scenario] = st.session_state.get(Key.SCENARIOS, {})
    return dict(kept)


def keep_scenario(scenario: Scenario) -> None:
    """Save a scenario for this visit; one of the same name is replaced."""
    kept = scenarios()
    kept.pop(scenario.name, None)
    if len(kept) >= SCENARIOS_KEPT:
        kept.pop(next(iter(kept)))
    st.session_state[Key.SCENARIOS] = {**kept, scenario.name: scenario}
    choose_scenario(scenario.name)
    st.session_state[Key.SCENARIO_NAME] = ""
