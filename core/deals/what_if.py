"""What would change a score: the same deal with one thing different, by the same model.

When not to use it: as a promise. The model says how often deals with that difference were won, not
what making the difference does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.deals.additive import Additive, probability
from core.deals.columns import CHANNELS, STAGE, Features, Name, Number

QUIET_DAYS: Final = 30
"""Days of the case in which nothing happens."""

_LEAST: Final = 0.005
"""Smallest change of the chance worth telling."""

Change = Callable[[float], float]


@dataclass(frozen=True)
class WhatIf:
    """One thing different.

    Parameters
    ----------
    title
        What would be different, in words; names of channels and stages are the data's own.
    chance
        Chance to be won then.
    change
        Against the chance as it is.
    """

    title: str
    chance: float
    change: float


@dataclass(frozen=True)
class Possible:
    """What can happen to a deal.

    Parameters
    ----------
    following
        The stage that deals go on to, by stage.
    channels
        Channels by which a seller can reach out.
    """

    following: Mapping[str, str]
    channels: frozenset[str]


def what_if(
    score: Additive, features: Features, row: int, possible: Possible
) -> tuple[WhatIf, ...]:
    """Return what would change the chance of one deal, the largest change first.

    Parameters
    ----------
    score
        The model.
    features
        What is known of the deals.
    row
        Which deal.
    possible
        What can happen.
    """
    here = features.at(np.array([row]))
    now = float(probability(score.log_odds(here))[0])
    cases = [
        WhatIf(title, chance := float(probability(score.log_odds(other))[0]), chance - now)
        for title, other in _cases(score, here, possible)
    ]
    told = [case for case in cases if abs(case.change) >= _LEAST]
    return tuple(sorted(told, key=lambda case: -abs(case.change)))


def _cases(score: Additive, here: Features, possible: Possible) -> list[tuple[str, Features]]:
    return [
        (
            "One more person is met",
            _changed(here, {"people met": _plus(1)}),
        ),
        (
            f"Nothing happens for {QUIET_DAYS} days",
            _changed(
                here,
                {
                    "days in stage": _plus(QUIET_DAYS),
                    "days since creation": _plus(QUIET_DAYS),
                    "days since last touch": _plus(QUIET_DAYS),
                    "touches in 30 days": _nought,
                },
            ),
        ),
        (
            "The close date moves to a month from now",
            _changed(
                here,
                {
                    "days to expected close": lambda _: float(np.log1p(30)),
                    "days past expected close": _nought,
                    "pushes": _plus(1),
                },
            ),
        ),
        *_next_stage(here, possible.following),
        *_best_touch(score, here, possible.channels),
    ]


def _next_stage(here: Features, following: Mapping[str, str]) -> list[tuple[str, Features]]:
    stage = next(one for one in here.names if one.factor == STAGE)
    now = stage.levels[int(stage.codes[0])] if stage.codes[0] >= 0 else ""
    then = following.get(now)
    if then not in stage.levels:
        return []
    place = stage.levels.index(then)
    moved = _changed(here, {"days in stage": _nought})
    names = tuple(
        Name(one.name, one.factor, np.array([place]), one.levels) if one is stage else one
        for one in here.names
    )
    return [(f"It moves on to {then}", Features(moved.numbers, names))]


def _best_touch(
    score: Additive, here: Features, channels: frozenset[str]
) -> list[tuple[str, Features]]:
    """Return the channel whose touch today would go with the highest chance."""
    cases = [
        (f"A touch by {one.name} today", _changed(here, _touched(one.name)))
        for one in here.numbers
        if one.factor == CHANNELS and one.name in channels
    ]
    if not cases:
        return []
    return [max(cases, key=lambda case: float(score.log_odds(case[1])[0]))]


def _touched(channel: str) -> dict[str, Change]:
    counts = ("touches in 30 days", "touches in 90 days", "touches ever", channel)
    return {**{name: _plus(1) for name in counts}, "days since last touch": lambda _: 0.0}


def _plus(more: float) -> Change:
    """Return a change of a number that is kept as log(1 + number)."""
    return lambda value: float(np.log1p(np.expm1(value) + more))


def _nought(_: float) -> float:
    return 0.0


def _changed(here: Features, changes: Mapping[str, Change]) -> Features:
    numbers = tuple(
        Number(one.name, one.factor, np.array([changes[one.name](float(one.values[0]))]))
        if one.name in changes
        else one
        for one in here.numbers
    )
    return Features(numbers, here.names)
