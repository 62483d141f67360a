"""From a fitted hazard to what would not have closed: channel by channel, deal by deal.

A won deal closed because the hazard of that day was reached. Without a channel the hazard would
have been lower: with chance ``1 - h' / h`` the deal would not have closed that day, and only
part of those would have closed later, before the deal died. What remains is incremental.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.attribution.incremental.decay import Ints
from core.attribution.incremental.likelihood import Coefficients
from core.attribution.incremental.links import Floats, Link
from core.attribution.incremental.panel import Panel

_AGE_EDGES_DAYS: Final = (0.0, 15.0, 30.0, 50.0, 80.0, 130.0, 200.0)


@dataclass(frozen=True)
class Wins:
    """The rows of won deals at the moment of the win, all a credit needs.

    Parameters
    ----------
    deal
        Position of each won deal.
    baseline
        Covariates at the win.
    stock
        Faded touches at the win, won deals x channels.
    later_baseline
        The same in an average season, for the days after the win: many wins come at the end of a
        quarter, when more is decided than on other days.
    ends_a_day
        Chance a day that a deal of that age ends without a win.
    days_left
        Days between the win and the last day of the data.
    """

    deal: Ints
    baseline: Floats
    stock: Floats
    later_baseline: Floats
    ends_a_day: Floats
    days_left: Floats


@dataclass(frozen=True)
class DealShares:
    """Shares of each won deal, won deals in rows.

    Parameters
    ----------
    credit
        Each channel's share; with ``unattributed`` a row sums to 1.
    unattributed
        Share that would have closed without any touch.
    without
        Chance that the deal would not have closed without each channel alone: what a replay of
        the same world without the channel measures. Does not sum.
    """

    credit: Floats
    unattributed: Floats
    without: Floats


def deal_shares(wins: Wins, link: Link, at: Coefficients) -> DealShares:
    """Split each won deal between its channels and nobody.

    All links combine touches by one sum, the pressure. Adding every touch a little at a time
    (Aumann and Shapley, 1974) therefore gives each channel its part of the pressure as its part
    of what is incremental.
    """
    pressure_of = wins.stock * at.effects
    pressure = pressure_of.sum(axis=1)
    log_base = wins.baseline @ at.baseline
    afterwards = wins.later_baseline @ at.baseline
    everything = np.exp(link.respond(log_base, pressure).log_hazard)

    def lost_at(left: Floats) -> Floats:
        then = np.exp(link.respond(log_base, left).log_hazard)
        later = np.exp(link.respond(afterwards, left).log_hazard)
        return (1.0 - then / everything) * (1.0 - _later(later, wins))

    incremental = lost_at(np.zeros_like(pressure))
    without = np.zeros_like(pressure_of)
    for channel, one in enumerate(pressure_of.T):
        without[:, channel] = lost_at(np.maximum(pressure - one, 0.0))
    part = pressure_of / np.where(pressure > 0.0, pressure, 1.0)[:, None]
    return DealShares(
        credit=incremental[:, None] * part,
        unattributed=1.0 - incremental,
        without=without,
    )


def averaged(weights: Sequence[float], shares: Sequence[DealShares]) -> DealShares:
    """Return the shares of several links as one, each link counting by its weight."""

    def mean(parts: Iterable[Floats]) -> Floats:
        total: Floats = np.sum([w * part for w, part in zip(weights, parts, strict=True)], axis=0)
        return total

    return DealShares(
        credit=mean(one.credit for one in shares),
        unattributed=mean(one.unattributed for one in shares),
        without=mean(one.without for one in shares),
    )


def _later(hazard: Floats, wins: Wins) -> Floats:
    """Return the chance that a deal that did not close that day would have closed later."""
    ends = hazard + wins.ends_a_day
    chance: Floats = hazard / ends * -np.expm1(-ends * wins.days_left)
    return chance


def wins_of(panel: Panel, blends: Floats, last_day: float) -> Wins:
    """Take the moments of the wins out of the panel.

    Parameters
    ----------
    panel
        All rows.
    blends
        How the touches of each channel fade.
    last_day
        The last day of the data.
    """
    won = np.flatnonzero(panel.won > 0)
    few = panel.rows(won)
    return Wins(
        deal=few.deal,
        baseline=few.baseline,
        stock=few.lags.blended(blends),
        later_baseline=np.where(
            panel.calendar, panel.days @ panel.baseline / panel.days.sum(), few.baseline
        ),
        ends_a_day=_ends_a_day(panel)[won],
        days_left=np.maximum(last_day - few.day, 0.0),
    )


def _ends_a_day(panel: Panel) -> Floats:
    """Return the observed rate of ends without a win at each row's age."""
    band = np.digitize(panel.age_days, _AGE_EDGES_DAYS)
    size = len(_AGE_EDGES_DAYS) + 1
    days = np.bincount(band, panel.days, size)
    ends = np.bincount(band, panel.lost, size)
    overall = ends.sum() / days.sum()
    rate: Floats = (ends + overall) / (days + 1.0)
    return rate[band]
