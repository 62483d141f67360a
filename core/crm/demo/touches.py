"""Interactions that would happen: who is reached, when, through which channel."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.crm.demo.chance import Flags, Floats, Ints
from core.crm.demo.channels import CHANNELS, NAMES
from core.crm.demo.dates import EVERY_DAYS, day_of_date, nearest_date
from core.crm.demo.opportunities import LONGEST_LIFE_DAYS, Market, Opportunities
from core.crm.demo.positions import Positions

_TYPICAL_DAYS: Final = 130.0
_LEVEL: Final = 0.85  # touches that the rates promise and a win before patience ends cuts off
_ENGAGEMENT_SPREAD: Final = 0.45
_QUIET_MONTH_SHARE: Final = 0.35
_UNSEEN_SHARE: Final = 0.03  # deals that come by ways nobody records
_HARVESTERS: Final = ("Review sites", "Direct")
_HARVEST_WON, _HARVEST_LOST = (0.4, 0.95), (0.15, 0.3)
_HARVEST_DAYS_BEFORE: Final = (9.0, 6.0)


@dataclass(frozen=True)
class Touches(Positions):
    """Interactions, one position each.

    Parameters
    ----------
    opportunity
        Position of the opportunity it belongs to.
    channel
        Position of its channel.
    number
        Which one of that opportunity and channel it is: with both, the key of its draws.
    at
        When it happens.
    """

    opportunity: Ints
    channel: Ints
    number: Ints
    at: Floats

    def __len__(self) -> int:
        return self.at.size


def possible_touches(market: Market, opportunities: Opportunities) -> Touches:
    """Draw the touches each opportunity gets until its patience ends, if it is not won before.

    Harvest channels are not among them where the world has them come late: see
    `harvest_touches`.
    """
    rate = _rates(market, opportunities)
    counts = market.chance.poisson(
        "touches", rate, opportunities.key[:, None], np.arange(len(CHANNELS))[None, :]
    )
    touches = _numbered(counts)
    key = opportunities.key[touches.opportunity]
    lateness = np.asarray([channel.lateness for channel in CHANNELS])[touches.channel]
    part = market.chance.uniform("touch/at", key, touches.channel, touches.number)
    first, days = _span(opportunities)
    at = (first[touches.opportunity]) + days[touches.opportunity] * part ** (1.0 / lateness)
    drawn = Touches(touches.opportunity, touches.channel, touches.number, at)
    return _scheduled(market, drawn, key)


def harvest_touches(
    market: Market, opportunities: Opportunities, decided: Floats, won: Flags
) -> Touches:
    """Draw touches that come because a decision is near and change nothing about it."""
    harvests = np.asarray([NAMES.index(name) for name in _HARVESTERS])
    chance, key = market.chance, opportunities.key
    seen = chance.uniform("unseen", key) > _UNSEEN_SHARE * market.world.lifelike
    rate = np.where(won[:, None], _HARVEST_WON, _HARVEST_LOST) * seen[:, None]
    counts = np.zeros((len(opportunities), len(CHANNELS)), dtype=np.int64)
    counts[:, harvests] = chance.poisson("harvest", rate, key[:, None], harvests[None, :])
    touches = _numbered(counts)
    of = touches.opportunity
    before = chance.exponential("harvest/at", key[of], touches.channel, touches.number)
    typical = np.asarray(_HARVEST_DAYS_BEFORE)[(touches.channel == harvests[1]).astype(np.int64)]
    at = np.maximum(decided[of] - before * typical, opportunities.created[of] - 20.0)
    return Touches(of, touches.channel, touches.number, at)


def _rates(market: Market, opportunities: Opportunities) -> Floats:
    """Return expected touches of each opportunity (rows) and channel (columns)."""
    world, chance = market.world, market.chance
    _, days = _span(opportunities)
    engagement = _ENGAGEMENT_SPREAD * chance.normal("engagement", opportunities.key)
    length = 0.75 * np.log(days / _TYPICAL_DAYS)
    rate = _LEVEL * np.asarray([channel.rate for channel in CHANNELS])[None, :]
    rate = rate * np.exp(engagement + length)[:, None]
    if world.lifelike:  # elsewhere exposure must not depend on size, a part of intent
        people = market.accounts.committee[opportunities.account] / 3.4
        rate = rate * (people**0.35)[:, None]
        seen = chance.uniform("unseen", opportunities.key) > _UNSEEN_SHARE
        rate = rate * seen[:, None]
    if world.confounded:
        response = np.asarray([channel.intent_response for channel in CHANNELS])
        rate = rate * np.exp(np.outer(opportunities.intent, response) - 0.3 * response)
    if world.harvest:
        rate[:, [NAMES.index(name) for name in _HARVESTERS]] = 0.0
    return np.asarray(rate)


def _span(opportunities: Opportunities) -> tuple[Floats, Floats]:
    first = opportunities.created - opportunities.interest_days
    life = np.minimum(opportunities.patience_days, LONGEST_LIFE_DAYS)
    return first, opportunities.interest_days + life


def _numbered(counts: Ints) -> Touches:
    """Turn counts by opportunity and channel into one position a touch."""
    flat = counts.ravel()
    cell = np.repeat(np.arange(flat.size), flat)
    number = np.arange(cell.size) - np.repeat(np.cumsum(flat) - flat, flat)
    opportunity, channel = np.divmod(cell, len(CHANNELS))
    return Touches(opportunity, channel, number, np.zeros(cell.size))


def _scheduled(market: Market, touches: Touches, key: Ints) -> Touches:
    """Move dated channels to their dates; drop what falls into a channel's quiet months."""
    chance, window = market.chance, market.window
    keys = (key, touches.channel, touches.number)
    at = touches.at.copy()
    for name in EVERY_DAYS:
        mine = np.flatnonzero(touches.channel == NAMES.index(name))
        number = nearest_date(name, window.real_days(at[mine]))
        during = chance.uniform("touch/during", *(part[mine] for part in keys))
        at[mine] = window.moments(day_of_date(window, chance, name, number) + during)
    month = window.month_number(window.real_days(at)) % 12 + 1
    quiet = np.zeros((len(CHANNELS), 13), dtype=bool)
    for position, channel in enumerate(CHANNELS):
        quiet[position, list(channel.quiet_months)] = True
    runs = ~quiet[touches.channel, month]
    runs |= chance.uniform("touch/quiet", *keys) < _QUIET_MONTH_SHARE
    return Touches(touches.opportunity, touches.channel, touches.number, at).chosen(runs)
