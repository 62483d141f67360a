"""What the models are asked: which one is lit, which touches count, summed by what.

The same settings, kept in the URL, stand on every page that shows credit, so that two pages never
answer two questions under one name.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from app.state import Key, View
from core.attribution.results import Anchor, JourneySettings, Level, Question, RuleSettings

DEFAULT_MODEL = "linear"
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
    titles = _titles(view)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        model = _model(titles)
        level = _level()
        with st.popover("Settings", icon=":material/tune:"):
            journeys, rules = _journeys(), _rules()
    return _choice(view, model, level, (journeys, rules))


def behind_a_button(view: View) -> Choice:
    """Draw everything behind one button, for pages that show credit in passing."""
    titles = _titles(view)
    line = st.container(horizontal=True, vertical_alignment="center")
    with line.popover("Model", icon=":material/tune:", type="tertiary"):
        model = _model(titles)
        level = _level()
        journeys, rules = _journeys(), _rules()
    choice = _choice(view, model, level, (journeys, rules))
    line.caption(choice.subtitle)
    return choice


def _titles(view: View) -> dict[str, str]:
    return {name: model.title for name, model in view.services.models().items()}


def _choice(
    view: View,
    model: str | None,
    level: Level | None,
    settings: tuple[JourneySettings, RuleSettings],
) -> Choice:
    titles = _titles(view)
    journeys, rules = settings
    question = Question(view.scope, tuple(titles), journeys, level or Level.CHANNEL, rules)
    return Choice(question, model if model in titles else DEFAULT_MODEL, titles)


def _model(titles: Mapping[str, str]) -> str | None:
    return st.pills(
        "Model",
        list(titles),
        default=DEFAULT_MODEL,
        required=True,
        format_func=lambda name: titles[name],
        key=Key.MODEL,
        bind="query-params",
        width="stretch",
    )


def _level() -> Level | None:
    return st.segmented_control(
        "By",
        list(Level),
        default=Level.CHANNEL,
        required=True,
        format_func=lambda level: _LEVELS[Level(level)],
        key=Key.LEVEL,
        bind="query-params",
    )


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
