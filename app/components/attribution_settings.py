"""What the models are asked: which one is lit, which touches count, summed by what.

The same settings, kept in the URL, stand on every page that shows credit, so that two pages never
answer two questions under one name.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from app.defaults import COMPARED, DEFAULT_MODEL
from app.state import Key, View
from core.attribution.results import Anchor, JourneySettings, Level, Question, RuleSettings

MOST_LOOKBACK_DAYS = 3650
MOST_HALF_LIFE_DAYS = 365.0

_ANCHORS = {Anchor.WON: "Closing of the deal", Anchor.CREATED: "Creation of the deal"}
_LEVELS = {Level.CHANNEL: "Channel", Level.CAMPAIGN: "Campaign"}


@dataclass(frozen=True)
class Choice:
    """The question put to all models, and the one whose answer is lit.

    Parameters
    ----------
    question
        What every model is asked.
    model
        Name of the lit model.
    titles
        Title of every model, by name.
    """

    question: Question
    model: str
    titles: Mapping[str, str]

    @property
    def title(self) -> str:
        """Title of the lit model."""
        return self.titles[self.model]

    @property
    def subtitle(self) -> str:
        """The line below a chart's title: model, window, currency."""
        journeys = self.question.journeys
        until = "the close" if journeys.anchor is Anchor.WON else "the deal's creation"
        return (
            f"{self.title} model, {journeys.lookback_days} days before {until}, "
            f"{self.question.scope.currency}"
        )


def in_a_row(view: View) -> Choice:
    """Draw the models as chips, the level beside them, the rest behind a button."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chips = st.container()
        level = _level()
        with st.popover("Settings", icon=":material/tune:"):
            titles = _compared(view)
            journeys, rules = _journeys(), _rules()
        with chips:
            model = _model(titles)
    question = Question(view.scope, tuple(titles), journeys, level, rules)
    return Choice(question, model, titles)


def default_question(view: View) -> Question:
    """Return what the models are asked while nobody has touched a setting."""
    known = view.services.models()
    return Question(view.scope, tuple(name for name in COMPARED if name in known))


def behind_a_button(view: View) -> Choice:
    """Draw everything behind one button, for pages that show credit in passing."""
    line = st.container(horizontal=True, vertical_alignment="center")
    with line.popover("Model", icon=":material/tune:", type="tertiary"):
        chips = st.container()
        level = _level()
        titles = _compared(view)
        journeys, rules = _journeys(), _rules()
        with chips:
            model = _model(titles)
    question = Question(view.scope, tuple(titles), journeys, level, rules)
    choice = Choice(question, model, titles)
    line.caption(choice.subtitle)
    return choice


def _compared(view: View) -> dict[str, str]:
    """Return the titles of the models to compare, by name, in the order of the catalogue."""
    known = {name: model.title for name, model in view.services.models().items()}
    chosen = st.multiselect(
        "Models compared",
        list(known),
        [name for name in COMPARED if name in known],
        format_func=lambda name: known.get(name, name),
        key=Key.COMPARED,
        bind="query-params",
    )
    return {name: known[name] for name in known if name in (chosen or COMPARED)}


def _model(titles: Mapping[str, str]) -> str:
    fallback = DEFAULT_MODEL if DEFAULT_MODEL in titles else next(iter(titles))
    chosen = st.pills(
        "Model",
        list(titles),
        default=fallback,
        required=True,
        format_func=lambda name: titles[name],
        key=Key.MODEL,
        bind="query-params",
        width="stretch",
    )
    return chosen if chosen in titles else fallback


def _level() -> Level:
    chosen = st.segmented_control(
        "By",
        list(Level),
        default=Level.CHANNEL,
        required=True,
        format_func=lambda level: _LEVELS[Level(level)],
        key=Key.LEVEL,
        bind="query-params",
    )
    return Level(chosen or Level.CHANNEL)


def _journeys() -> JourneySettings:
    lookback_days = st.number_input(
        "Lookback in days",
        1,
        MOST_LOOKBACK_DAYS,
        JourneySettings.lookback_days,
        step=30,
        key=Key.LOOKBACK,
        bind="query-params",
        help="How long before the deal's closing or creation a touch may be and still count.",
    )
    anchor = st.segmented_control(
        "Touches count up to",
        list(Anchor),
        default=Anchor.WON,
        required=True,
        format_func=lambda anchor: _ANCHORS[Anchor(anchor)],
        key=Key.ANCHOR,
        bind="query-params",
        help="The closing asks what won the revenue, the creation asks what sourced it.",
    )
    account_touches = st.toggle(
        "Count touches of the whole company",
        JourneySettings.account_touches,
        key=Key.ACCOUNT_TOUCHES,
        bind="query-params",
        help="Also touches that name neither the deal nor one of its people, only its company.",
    )
    # A widget's limits hold in the browser only; the URL can say anything.
    within = min(max(int(lookback_days), 1), MOST_LOOKBACK_DAYS)
    return JourneySettings(within, Anchor(anchor or Anchor.WON), account_touches)


def _rules() -> RuleSettings:
    half_life_days = st.number_input(
        "Half-life of time decay in days",
        1.0,
        MOST_HALF_LIFE_DAYS,
        RuleSettings.half_life_days,
        step=1.0,
        format="%.0f",
        key=Key.HALF_LIFE,
        bind="query-params",
        help="After so many days a touch has half the weight. Only the time decay model uses it.",
    )
    return RuleSettings(half_life_days=min(max(half_life_days, 1.0), MOST_HALF_LIFE_DAYS))
