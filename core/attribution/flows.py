"""Flows: how many closed deals went from each step to the next, and from there to won or lost."""

from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from core.attribution.patterns import LOST, WON, JourneyPatterns, digits
from core.attribution.steps import Side


@dataclass(frozen=True)
class Stop:
    """A place journeys pass: a name at a step.

    Parameters
    ----------
    column
        The step from the left, from 1.
    name
        The name met there; None for all names without a place of their own.
    """

    column: int
    name: str | None


@dataclass(frozen=True)
class Flow:
    """The deals between two stops, or between a stop and the end of the journey.

    Parameters
    ----------
    start
        Where they come from; None for deals without a touch.
    end
        Where they go to; None where the journey ends.
    outcome
        How they ended, ``won`` or ``lost``; blank between two stops, where both go.
    deals, won
        How many, and how many of them were won.
    """

    start: Stop | None
    end: Stop | None
    outcome: str
    deals: int
    won: int


def flows(patterns: JourneyPatterns) -> tuple[Flow, ...]:
    """Return the flows of all closed deals, the largest first; each deal ends in exactly one.

    Names without a place of their own are put together, so one flow can hold several paths.
    """
    columns = [f"step_{column}" for column in range(1, patterns.question.steps + 1)]
    rows = patterns.paths.select(WON, LOST, *digits(patterns.question, patterns.names))
    shown = rows.with_columns(
        pl.struct(
            there=pl.col(column).is_not_null(),
            name=pl.when(pl.col(column).is_in(patterns.drawn)).then(pl.col(column)),
        ).alias(column)
        for column in columns
    )
    between = [
        flow
        for column, (here, there) in enumerate(pairwise(columns), start=1)
        for flow in _between(shown, column, here, there)
    ]
    found = [*between, *_ends(shown, columns, patterns.question.side), *_untouched(shown, columns)]
    return tuple(sorted(found, key=lambda flow: -flow.deals))


def _between(rows: pl.DataFrame, column: int, here: str, there: str) -> list[Flow]:
    both = rows.filter(_is_there(here) & _is_there(there))
    summed = both.group_by(here, there, maintain_order=True).agg(pl.col(WON, LOST).sum())
    return [
        Flow(Stop(column, a["name"]), Stop(column + 1, b["name"]), "", won + lost, won)
        for a, b, won, lost in summed.iter_rows()
    ]


def _ends(rows: pl.DataFrame, columns: list[str], side: Side) -> list[Flow]:
    """Return the last step of each journey with its outcome."""
    found = []
    for column, here in enumerate(columns, start=1):
        last = _is_there(here)
        if column < len(columns):
            last = last & ~_is_there(columns[column])
        if side is Side.LAST and column < len(columns):
            continue  # counted from the end, every journey ends in the last column
        summed = rows.filter(last).group_by(here, maintain_order=True).agg(pl.col(WON, LOST).sum())
        for stop, won, lost in summed.iter_rows():
            found += _outcomes(Stop(column, stop["name"]), won, lost)
    return found


def _untouched(rows: pl.DataFrame, columns: list[str]) -> list[Flow]:
    none = rows.filter(pl.all_horizontal(~_is_there(column) for column in columns))
    return _outcomes(None, int(none[WON].sum()), int(none[LOST].sum()))


def _outcomes(start: Stop | None, won: int, lost: int) -> list[Flow]:
    ended = (Flow(start, None, WON, won, won), Flow(start, None, LOST, lost, 0))
    return [flow for flow in ended if flow.deals]


def _is_there(column: str) -> pl.Expr:
    return pl.col(column).struct.field("there")
