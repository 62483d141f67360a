"""How long a deal that was not won was alive: silence longer than its own pace of touches explains.

A deal nobody touches any more is often dead long before somebody closes it. Those days hold neither
touches nor wins, and would make every touch look effective. But touches that come at a steady pace
pause before the end of what they come for anyway, and to leave out every pause would make touches
look useless. How long the pauses before the ends of all deals are tells which it is: at a steady
pace they are as long as the gaps between touches; if they are longer, some deals were left to lie.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.attribution.incremental.decay import Ints
from core.attribution.incremental.journeys import Journeys
from core.attribution.incremental.links import Floats

BORROWED_GAPS: Final = 3.0
"""Gaps a deal borrows from all deals to know its own pace."""

LEFT_TO_LIE_DAYS: Final = (10.0, 20.0, 40.0, 80.0, 160.0, 320.0)
"""How long dead deals may be left to lie on average; the pauses of the workspace choose."""

FEWEST_DEALS: Final = 20
"""Deals that ended alike below which their pauses tell nothing, and all are taken as alive."""

_PACES: Final = (np.arange(6) + 0.5) / 6
_ROUNDS: Final = 60
_FIRST_PART: Final = 0.3
_PRIOR_DEALS: Final = (0.5, 5.0)  # left to lie, of: a tenth, as far as five deals say so
_SHORTEST_DAYS: Final = 1e-3


@dataclass(frozen=True)
class Silence:
    """What is known of the last days of each deal.

    Parameters
    ----------
    last_day
        Day of the last touch.
    pause_days
        Days from there to the recorded end.
    pace
        Touches a day, deals x values it may have.
    weight
        How likely each of these values is, if the deal was left to lie.
    closed_a_day
        Chance a day that a deal left to lie is closed.
    dead
        Chance that the deal was left to lie before it was closed.
    """

    last_day: Floats
    pause_days: Floats
    pace: Floats
    weight: Floats
    closed_a_day: Floats
    dead: Floats

    def alive(self, deal: Ints, day: Floats) -> Floats:
        """Return the chance that a deal was still alive on a day before its end.

        A deal left to lie died after a pause as its pace has it, and lay until it was closed; so
        the day it died is spread over the silence by ``exp(-(pace - closed_a_day) x days)``.
        """
        since = day - self.last_day[deal]
        chance = np.ones(day.size)
        late = np.flatnonzero((since > 0.0) & (self.dead[deal] > 0.0))
        of = deal[late]
        silent = np.minimum(since[late], self.pause_days[of])[:, None]
        faster = self.pace[of] - self.closed_a_day[of, None]
        still = _still(faster, silent, self.pause_days[of, None])
        chance[late] = 1.0 - self.dead[of] * (1.0 - (still * self.weight[of]).sum(axis=1))
        return chance


def read_silence(journeys: Journeys) -> Silence:
    """Return how long each deal was alive; won deals, and those without touches, to their end."""
    count = np.bincount(journeys.touch_deal, minlength=journeys.opened.size)
    last = journeys.opened.copy()
    np.maximum.at(last, journeys.touch_deal, journeys.touch_day)
    pause = np.maximum(journeys.ended - last, _SHORTEST_DAYS)
    pace = _paces(count, last - journeys.first_days())
    weight, closed, dead = np.zeros_like(pace), np.ones_like(pause), np.zeros_like(pause)
    still_open = (journeys.lost == 0) & (journeys.won == 0)
    for alike in (journeys.lost > 0, still_open):
        mine = np.flatnonzero(alike & (count > 0))
        if mine.size >= FEWEST_DEALS:
            found = _left_to_lie(pace[mine], pause[mine])
            dead[mine], closed[mine], weight[mine] = found
    return Silence(last, pause, pace, weight, closed, dead)


def _paces(count: Ints, span_days: Floats) -> Floats:
    """Return touches a day, as sure as a deal's own gaps and those it borrows make it."""
    from scipy.special import gammaincinv  # type: ignore[import-untyped]

    gaps = np.maximum(count - 1, 0)
    overall = span_days.sum() / max(gaps.sum(), 1)
    known, shape = span_days + BORROWED_GAPS * overall, gaps + BORROWED_GAPS
    pace: Floats = gammaincinv(shape[:, None], _PACES) / np.maximum(known, _SHORTEST_DAYS)[:, None]
    return pace


def _left_to_lie(pace: Floats, pause_days: Floats) -> tuple[Floats, float, Floats]:
    """Return who was left to lie, how fast such deals are closed, and at which pace they went."""
    tiny = np.finfo(float).tiny
    alive = (pace * np.exp(-pace * pause_days[:, None])).mean(axis=1) + tiny
    best = (-np.inf, np.zeros_like(pause_days), 1.0, pace)
    for days in LEFT_TO_LIE_DAYS:
        each = _late(pace, 1.0 / days, pause_days[:, None]) + tiny
        late = each.mean(axis=1)
        dead = _parts(alive, late)
        part = (dead.sum() + _PRIOR_DEALS[0]) / (dead.size + _PRIOR_DEALS[1])
        value = float(np.log(part * late + (1.0 - part) * alive).sum())
        if value > best[0]:
            best = (value, dead, 1.0 / days, each / each.sum(axis=1, keepdims=True))
    return best[1:]


def _parts(alive: Floats, late: Floats) -> Floats:
    """Return the chance of each deal to have been left to lie, by expectation maximisation."""
    part = _FIRST_PART
    dead = np.zeros_like(alive)
    for _ in range(_ROUNDS):
        dead = part * late / (part * late + (1.0 - part) * alive)
        part = (float(dead.sum()) + _PRIOR_DEALS[0]) / (dead.size + _PRIOR_DEALS[1])
    return dead


def _late(pace: Floats, closed_a_day: float, pause_days: Floats) -> Floats:
    """Return the density of a pause at a pace, with a time left to lie after it."""
    apart = np.maximum(np.abs(pace - closed_a_day), _no_rate(pause_days))
    slower = np.exp(-np.minimum(pace, closed_a_day) * pause_days)
    density: Floats = pace * closed_a_day * slower * -np.expm1(-apart * pause_days) / apart
    return density


def _still(faster: Floats, silent_days: Floats, pause_days: Floats) -> Floats:
    """Return the chance of being alive after some days of a pause that ends in a late close."""
    rate = np.maximum(np.abs(faster), _no_rate(pause_days))
    left = np.expm1(-rate * (pause_days - silent_days)) / np.expm1(-rate * pause_days)
    chance: Floats = np.where(faster > 0.0, np.exp(-rate * silent_days) * left, left)
    return chance


def _no_rate(pause_days: Floats) -> Floats:
    """Return a rate too small to matter within a pause, where two rates are the same."""
    rate: Floats = 1e-9 / pause_days
    return rate
