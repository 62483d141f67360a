"""How journeys are looked at: how many steps, from which end, named by what."""

import streamlit as st

from app.components import attribution_settings
from app.defaults import JOURNEY_STEPS
from app.state import Key, View
from core.attribution.steps import FEWEST_STEPS, MOST_STEPS, JourneyQuestion, Side

_SIDES = {Side.FIRST: "First steps", Side.LAST: "Last steps"}


def in_a_row(view: View) -> JourneyQuestion:
    """Draw the settings and return the question they make."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        side = _side()
        steps = _steps()
        level = attribution_settings.level()
        with st.popover("Settings", icon=":material/tune:"):
            journeys = attribution_settings.journeys(view)
    return JourneyQuestion(view.scope, journeys, level, steps, side)


def _side() -> Side:
    chosen = st.segmented_control(
        "Look at",
        list(Side),
        default=Side.FIRST,
        required=True,
        format_func=lambda side: _SIDES[Side(side)],
        key=Key.SIDE,
        bind="query-params",
        help="Journeys are longer than a chart can show: look at how they begin or how they end.",
    )
    return Side(chosen or Side.FIRST)


def _steps() -> int:
    chosen = st.segmented_control(
        "Steps",
        list(range(FEWEST_STEPS, MOST_STEPS + 1)),
        default=JOURNEY_STEPS,
        required=True,
        key=Key.STEPS,
        bind="query-params",
        help="A step is a run of touches of one channel. The more steps, the fewer deals share "
        "a path.",
    )
    return int(chosen or JOURNEY_STEPS)
