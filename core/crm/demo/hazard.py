"""When an opportunity is won: a hazard of buying that each touch raises and time lets fade.

The hazard is constant over steps of five days. A touch acts from the step after it, by its
channel's effect, halved with every half-life. A deal is won when its cumulative hazard reaches
a threshold drawn once; another set of touches moves the crossing, never the threshold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.crm.demo.chance import Flags, Floats
from core.crm.demo.channels import CHANNELS, position
from core.crm.demo.opportunities import LONGEST_LIFE_DAYS, Market, Opportunities
from core.crm.demo.scenarios import Family, Scenario
from core.crm.demo.touches import Touches

STEP_DAYS: Final = 5.0
_STEPS: Final = int(LONGEST_LIFE_DAYS // STEP_DAYS) + 1
_CHUNK: Final = 2_000  # opportunities at a time: what the processor's cache holds
_TOP: Final = 4.0
_STALE_DAYS, _STALE_SHARE = 210.0, 0.55


@dataclass(frozen=True)
class Chunk:
    """Some opportunities with what decides them.

    Parameters
    ----------
    where
        Which opportunities.
    base
        Hazard of each step without any touch (steps x opportunities).
    stocks
        Fading effects of each channel's touches at the start of each step
        (channels x steps x opportunities).
    threshold
        Cumulative hazard at which each is won.
    """

    where: slice
    base: Floats
    stocks: Floats
    threshold: Floats

    def won_after_days(self, world: Scenario, present: Flags) -> Floats:
        """Return days from creation to the win with some channels only; infinite for none."""
        return _crossing(self.hazard(world, present), self.threshold)

    def hazard(self, world: Scenario, present: Flags) -> Floats:
        """Return the hazard of each step with some channels only (steps x opportunities)."""
        total = np.zeros_like(self.base)
        for channel in range(len(CHANNELS)):
            if present[channel]:
                total += self.stocks[channel]
        if world.synergy is not None:
            one, other, strength = world.synergy
            pair = position(one), position(other)
            if present[pair[0]] and present[pair[1]]:
                total += strength * np.minimum(self.stocks[pair[0]], self.stocks[pair[1]])
        hazard: Floats = self.base * _response(world.family, total)
        return hazard


def chunks(market: Market, opportunities: Opportunities, touches: Touches) -> Iterator[Chunk]:
    """Yield the opportunities in parts small enough for a laptop's memory."""
    order = np.argsort(touches.opportunity, kind="stable")
    sorted_touches = touches.chosen(order)
    threshold = market.chance.exponential("threshold", opportunities.key)
    decisions = market.window.decisions()
    for start in range(0, len(opportunities), _CHUNK):
        where = slice(start, min(start + _CHUNK, len(opportunities)))
        bounds = np.searchsorted(sorted_touches.opportunity, [where.start, where.stop])
        mine = sorted_touches.chosen(np.arange(*bounds))
        part = opportunities.chosen(where)
        yield Chunk(
            where,
            _base(market, part, decisions),
            _stocks(market.world, part, mine, where.start),
            threshold[where],
        )


def _base(market: Market, opportunities: Opportunities, decisions: Floats) -> Floats:
    age = STEP_DAYS * np.arange(_STEPS)
    maturing = np.clip((age - 5.0) / 45.0, 0.05, 1.0)
    maturing = maturing * np.where(age > _STALE_DAYS, _STALE_SHARE, 1.0)
    middle = opportunities.created[None, :] + age[:, None] + STEP_DAYS / 2.0
    season = market.window.on_calendar(decisions, market.window.real_days(middle))
    level = market.world.base_hazard * np.exp(opportunities.log_readiness)
    base: Floats = level[None, :] * maturing[:, None] * season * STEP_DAYS
    return base


def _stocks(world: Scenario, opportunities: Opportunities, touches: Touches, first: int) -> Floats:
    count = len(opportunities)
    row = touches.opportunity - first
    age = touches.at - opportunities.created[row]
    step = np.maximum(np.floor(age / STEP_DAYS) + 1.0, 0.0).astype(np.int64)
    fade_a_day = np.asarray([np.log(2.0) / channel.half_life_days for channel in CHANNELS])
    weight = np.exp(-fade_a_day[touches.channel] * (step * STEP_DAYS - age))
    inside = step < _STEPS
    cell = (touches.channel * _STEPS + step) * count + row
    shape = (len(CHANNELS), _STEPS, count)
    size = int(np.prod(shape))
    counted = np.bincount(cell[inside], weight[inside], minlength=size)
    fresh = counted.astype(np.float64).reshape(shape)  # without a touch the counts are integers
    kept = np.exp(-fade_a_day * STEP_DAYS)[:, None]
    for number in range(1, _STEPS):
        fresh[:, number] += kept * fresh[:, number - 1]
    effect = world.effects * np.asarray([channel.effect for channel in CHANNELS])
    stocks: Floats = effect[:, None, None] * fresh
    return stocks


def _response(family: Family, total: Floats) -> Floats:
    if family is Family.ADDITIVE:
        return 1.0 + total
    if family is Family.MULTIPLICATIVE:
        return np.exp(np.minimum(total / 2.0, _TOP))
    return 1.0 + _TOP * total / (1.0 + total)


def _crossing(hazard: Floats, threshold: Floats) -> Floats:
    reached = np.cumsum(hazard, axis=0)
    step = np.sum(reached < threshold, axis=0)
    crossed = step < _STEPS
    at = np.minimum(step, _STEPS - 1)
    column = np.arange(step.size)
    part = 1.0 - (reached[at, column] - threshold) / hazard[at, column]
    days: Floats = np.where(crossed, STEP_DAYS * (at + np.clip(part, 0.0, 1.0)), np.inf)
    return days


def all_channels() -> Flags:
    """Return the world as it is: every channel present."""
    return np.ones(len(CHANNELS), dtype=bool)


def without(*names: int) -> Flags:
    """Return the world without some channels, by position."""
    present = all_channels()
    present[list(names)] = False
    return present
