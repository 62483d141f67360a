"""Deals split touch by touch: what every model gives to each touch of a journey.

One pipeline serves the drill-downs of all models, so that the touches of a deal sum to the deal, to
the cent; `core.attribution.credit` adds the same amounts up without telling the touches apart.
"""

from collections.abc import Sequence
from typing import Final

import narwhals as nw

from core.attribution.channel_split import ChannelSplit, with_channel_parts
from core.attribution.fitted import with_learnt
from core.attribution.journeys import (
    DEAL,
    POSITION,
    SEQUENCE,
    eligible_touches,
    next_in_journey,
)
from core.attribution.results import Question
from core.attribution.rules.base import Split
from core.attribution.rules.running import CREDIT, SHARE, with_running_shares
from core.engine import Engine, Frame

NEXT: Final = "next_name"
"""The name of the deal's next touch; null for the last."""

_BEFORE: Final = "due_before_"


def touches_split(
    engine: Engine, question: Question, deals: Frame, splits: Sequence[Split | ChannelSplit]
) -> Frame:
    """Return each eligible touch of deals with its place and what each model gives to it.

    Returns
    -------
    Frame
        The columns of `core.attribution.journeys.journeys`, and for each model
        ``share_<model>`` and ``credit_<model>`` in minor units.
    """
    return split(eligible_touches(engine, deals, question.journeys), splits)


def split(touches: Frame, splits: Sequence[Split | ChannelSplit]) -> Frame:
    """Split whole journeys of eligible touches; see `touches_split`."""
    along = [model for model in splits if not isinstance(model, ChannelSplit)]
    by_channel = [model for model in splits if isinstance(model, ChannelSplit)]
    amounts = [prefix + model.name for model in along for prefix in (SHARE, CREDIT)]
    due = due_of(touches, along)
    before = {
        _BEFORE + name: nw.col(name).shift(1).over(DEAL, order_by=SEQUENCE) for name in amounts
    }
    opens = nw.col(POSITION) == 1
    own = {
        name: nw.col(name) - nw.when(opens).then(nw.lit(0)).otherwise(nw.col(_BEFORE + name))
        for name in amounts
    }
    if amounts:
        due = due.with_columns(**before).with_columns(**own).drop(*before)
    return with_channel_parts(due, by_channel)


def touches_due(engine: Engine, question: Question, deals: Frame, rules: Sequence[Split]) -> Frame:
    """Return each eligible touch of deals with what models deem due through it.

    ``share_<model>`` is the running share, ``credit_<model>`` the running total in minor units,
    ``next_name`` the next touch's channel or campaign.
    """
    touches = eligible_touches(engine, deals, question.journeys)
    return due_of(touches, rules, next_name=next_in_journey(question.level.value))


def due_of(touches: Frame, rules: Sequence[Split], *, ends: bool = True, **along: nw.Expr) -> Frame:
    """Add what each model deems due through each of the touches; see `touches_due`.

    Without ``ends`` what is said of the last touch of a journey is not to be read.
    """
    shared = with_running_shares(with_learnt(touches, rules), rules, ends=ends, **along)
    totals = {CREDIT + model.name: model.cents(nw.col(SHARE + model.name)) for model in rules}
    return shared.with_columns(**totals) if totals else shared
