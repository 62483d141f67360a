"""What is behind a number about journeys: the deals it counts."""

from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.closed_won import closed_deals
from core.attribution.flows import Stop
from core.attribution.journeys import DEAL, TOUCHES, eligible_touches
from core.attribution.steps import (
    DAYS,
    PATH,
    STEPS,
    JourneyQuestion,
    Names,
    Side,
    closed_journeys,
    digit,
)
from core.conversion import REVENUE
from core.engine import Engine, Frame, collect

_COLUMNS: Final = (
    "deal_id",
    "name",
    "account_id",
    "account",
    "owner",
    "closed_at",
    "outcome",
    TOUCHES,
    STEPS,
    DAYS,
)


@dataclass(frozen=True)
class OnPath:
    """The deals of one row of the path table.

    Parameters
    ----------
    path
        Its number.
    longer
        Whether the journeys have more steps than are looked at.
    """

    path: int
    longer: bool


@dataclass(frozen=True)
class Passing:
    """The deals of a place or a band of the flow chart.

    Parameters
    ----------
    stops
        The one or two stops passed; none for deals without a touch.
    drawn
        The names with a place of their own: a stop without a name stands for all others.
    outcome
        ``won`` or ``lost`` where the journeys end at the stop; blank where they may go on.
    """

    stops: tuple[Stop, ...]
    drawn: tuple[str, ...] = ()
    outcome: str = ""


@dataclass(frozen=True)
class Ended:
    """All deals that were won, or all that were lost."""

    outcome: str


@dataclass(frozen=True)
class Met:
    """The won or lost deals that met a name anywhere in their journey."""

    name: str
    outcome: str


Chosen = OnPath | Passing | Ended | Met
"""What was clicked."""


def journey_deals(engine: Engine, question: JourneyQuestion, chosen: Chosen) -> pl.DataFrame:
    """Return the deals a number counts, the largest amount first.

    Returns
    -------
    polars.DataFrame
        ``deal_id, name, account_id, account, owner, closed_at, outcome, touches, steps, days,
        amount_minor``.
    """
    names = Names.of(engine, question.level)
    closed = closed_journeys(engine, question, names, with_names=True)
    if isinstance(chosen, Met):
        kept = _meeting(engine, question, closed, chosen)
    else:
        kept = closed.filter(_kept(question, names, chosen))
    rows = collect(kept.select(*_COLUMNS, amount_minor=REVENUE))
    return rows.sort("amount_minor", "deal_id", descending=[True, False], nulls_last=True)


def _meeting(engine: Engine, question: JourneyQuestion, closed: Frame, met: Met) -> Frame:
    deals = closed_deals(engine, question.scope, question.journeys.anchor, names=False)
    touches = eligible_touches(engine, deals, question.journeys)
    having = touches.filter(nw.col(question.level.value) == met.name).select(DEAL).unique()
    return closed.filter(nw.col("outcome") == met.outcome).join(having, on=DEAL)


def _kept(question: JourneyQuestion, names: Names, chosen: OnPath | Passing | Ended) -> nw.Expr:
    if isinstance(chosen, OnPath):
        longer = nw.col(STEPS) > question.steps
        return (nw.col(PATH) == chosen.path) & (longer == chosen.longer)
    if isinstance(chosen, Ended):
        return nw.col("outcome") == chosen.outcome
    return _passing(question, names, chosen)


def _passing(question: JourneyQuestion, names: Names, chosen: Passing) -> nw.Expr:
    kept = [_at(question, names, stop, chosen.drawn) for stop in chosen.stops]
    if not chosen.stops:
        kept.append(nw.col(PATH) == 0)
    if chosen.outcome:
        kept.append(nw.col("outcome") == chosen.outcome)
        last = chosen.stops[-1].column if chosen.stops else question.steps
        if last < question.steps:
            kept.append(_digit(question, names, last + 1) == 0)
    return reduce(and_, kept)


def _at(question: JourneyQuestion, names: Names, stop: Stop, drawn: tuple[str, ...]) -> nw.Expr:
    here = _digit(question, names, stop.column)
    if stop.name is not None:
        return here == names.digit_of(stop.name)
    return (here > 0) & ~here.is_in([names.digit_of(name) for name in drawn])


def _digit(question: JourneyQuestion, names: Names, column: int) -> nw.Expr:
    place = column - 1 if question.side is Side.FIRST else question.steps - column
    return digit(nw.col(PATH), place, names.base)
