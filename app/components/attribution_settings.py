"""What the models are asked: which one is lit, which touches count, summed by what.

The same settings, kept in the URL, stand on every page that shows credit, so that two pages never
answer two questions under one name.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from app import cache
from app.components import lift_tests, rule_settings
from app.defaults import COMPARED, DEFAULT_MODEL
from app.state import Key, View
from core import formats
from core.attribution.results import Anchor, JourneySettings, Level, Question

MOST_LOOKBACK_DAYS = 3650
FEWEST_MODELS, MOST_MODELS = 2, 9

_ANCHORS = {Anchor.WON: "Closing of the deal", Anchor.CREATED: "Creation of the deal"}
_WHOLE_ACCOUNT, _PEOPLE = "account", "contacts"
_WHOSE = {_WHOLE_ACCOUNT: "Whole company", _PEOPLE: "People of the deal"}
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
            f"{self.title} model, {formats.counted(journeys.lookback_days, 'day')} before {until}, "
            f"{self.question.scope.currency}"
        )


def in_a_row(view: View) -> Choice:
    """Draw the models as chips, the level beside them, the rest behind a button."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chips = st.container()
        by = level()
        with st.popover("Settings", icon=":material/tune:"):
            titles = _compared(view)
            counted, rules = journeys(view), rule_settings.show(titles)
            tests = lift_tests.show(titles, view)
        with chips:
            model = _model(titles)
    question = Question(view.scope, tuple(titles), counted, by, rules, tests)
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
        by = level()
        titles = _compared(view)
        counted, rules = journeys(view), rule_settings.show(titles)
        tests = lift_tests.show(titles, view)
        with chips:
            model = _model(titles)
    question = Question(view.scope, tuple(titles), counted, by, rules, tests)
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
        max_selections=MOST_MODELS,
        help=f"{FEWEST_MODELS} to {MOST_MODELS} of {len(known)}: agreement is judged over these.",
    )
    # A limit of the widget holds in the browser only; the URL can say anything.
    kept = list(chosen)[:MOST_MODELS]
    return {name: known[name] for name in known if name in (kept or COMPARED)}


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


def level() -> Level:
    """Draw what credit and steps are named by."""
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


def journeys(view: View) -> JourneySettings:
    """Draw which touches count: how far back, up to what, whose, and which never."""
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
    anchor = _anchor()
    since_creation = st.toggle(
        "Only touches after the deal's creation",
        key=Key.SINCE_CREATION,
        bind="query-params",
        disabled=anchor is Anchor.CREATED,
        help="What moved the deal along, not what sourced it. Needs touches up to the closing.",
    )
    # A widget's limits hold in the browser only; the URL can say anything.
    return JourneySettings(
        min(max(int(lookback_days), 1), MOST_LOOKBACK_DAYS),
        anchor,
        _account_touches(),
        *_excluded(view),
        since_creation and anchor is Anchor.WON,
    )


def _anchor() -> Anchor:
    chosen = st.segmented_control(
        "Touches count up to",
        list(Anchor),
        default=Anchor.WON,
        required=True,
        format_func=lambda anchor: _ANCHORS[Anchor(anchor)],
        key=Key.ANCHOR,
        bind="query-params",
        help="The closing asks what won the revenue, the creation asks what sourced it.",
    )
    return Anchor(chosen or Anchor.WON)


def _account_touches() -> bool:
    chosen = st.segmented_control(
        "Whose touches",
        list(_WHOSE),
        default=_WHOLE_ACCOUNT,
        required=True,
        format_func=lambda whose: _WHOSE.get(whose, whose),
        key=Key.ACCOUNT_TOUCHES,
        bind="query-params",
        help="People of the deal: touches that name the deal or somebody with a role in it. Whole "
        "company: also those that name only the deal's company.",
    )
    return bool(chosen != _PEOPLE)


def _excluded(view: View) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Draw which channels and kinds never count; their credit goes to the other touches."""
    there = cache.touch_names(view.services, view.services.cache_key)
    channels = st.multiselect(
        "Without channels",
        there.channels,
        key=Key.EXCLUDED_CHANNELS,
        bind="query-params",
        placeholder="All channels count",
        help="Their touches never count; the credit goes to the other touches of the deal.",
    )
    kinds = st.multiselect(
        "Without kinds of touches",
        there.kinds,
        key=Key.EXCLUDED_KINDS,
        bind="query-params",
        placeholder="All kinds count",
        help="Such as page views or e-mails sent, which few buyers would call a touch.",
    )
    return tuple(sorted(channels)), tuple(sorted(kinds))
