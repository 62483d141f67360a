"""Shapley values of three games on channel sets; the names say which game is meant.

Totals: a coalition of channels is worth what the journeys earned whose channels all belong to it.
Ordered: the same, told apart by the position at which a channel occurs. Rate: a coalition is worth
the conversion rate of those journeys. All are exact; nothing is sampled.
"""

import math
from typing import Final

import numpy as np

from core.attribution.paths import Codes, Floats, PathCounts, summed
from core.errors import InvalidParameterError

MAX_RATE_CHANNELS: Final = 20
"""The rate game visits every subset of channels: 2^20 of them take about a second."""


def totals_credits(counts: PathCounts, gains: Floats) -> Floats:
    """Return the Shapley value of each channel in the totals game, in the unit of ``gains``.

    v(S) is the sum over journeys whose channel set T lies in S, so it is a sum of unanimity games
    and the value is the sum over T of gain(T) / |T|: each journey is split equally over its
    distinct channels. Source: Zhao, Mahboobi and Bagheri (2018), arXiv 1804.05327.

    >>> rows = [(("Email", "Web", "Email"), 2, None, 0), (("Web",), 1, None, 0)]
    >>> counts = PathCounts.from_rows(rows)
    >>> totals_credits(counts, counts.conversions).tolist()
    [1.0, 2.0]
    """
    sets = counts.channel_sets()
    share = gains / sets.lengths
    return summed(sets.steps, share[sets.path_of_step], len(counts.channels))


def rate_values(counts: PathCounts, gains: Floats) -> Floats:
    """Return the Shapley value of each channel in the cumulative-rate game.

    v(S) is the gain a journey over all journeys whose channels all belong to S, 0 where there is
    none. The values sum to the gain a journey of all data, and a channel that lowers the rate has
    a negative value.

    Raises
    ------
    InvalidParameterError
        If more than 20 channels occur: the subsets are then too many to visit, and grouping
        channels would change the answer.
    """
    sets = counts.seen().channel_sets()
    kept = counts.conversions + counts.nulls > 0
    players = np.unique(sets.steps)
    if len(players) > MAX_RATE_CHANNELS:
        raise InvalidParameterError(
            f"The rate game of Shapley is exact up to {MAX_RATE_CHANNELS} channels, and this data "
            f"has {len(players)}.",
            "Group channels in the data, or choose 'shapley', which has no limit.",
        )
    masks = _masks(sets, players)
    weights = sets.conversions + sets.nulls
    worth = _subset_rates(masks, gains[kept], weights, len(players))
    values = np.zeros(len(counts.channels))
    values[players] = _shapley(worth, len(players))
    return values


def _masks(sets: PathCounts, players: Codes) -> Codes:
    """Return each set as a number whose bit i says whether player i belongs to it."""
    bits = np.left_shift(1, np.searchsorted(players, sets.steps))
    return np.bitwise_or.reduceat(bits, sets.starts[:-1])


def _subset_rates(masks: Codes, gains: Floats, weights: Floats, players: int) -> Floats:
    """Return v(S) for every subset S: sums over all subsets of S, then their ratio."""
    gained = _over_subsets(summed(masks, gains, 1 << players), players)
    journeys = _over_subsets(summed(masks, weights, 1 << players), players)
    return np.divide(gained, journeys, out=np.zeros_like(gained), where=journeys > 0)


def _over_subsets(exact: Floats, players: int) -> Floats:
    """Return the sum over the subsets of each set (the zeta transform), in players x 2^players."""
    total = exact.copy()
    for player in range(players):
        pairs = total.reshape(-1, 2, 1 << player)
        pairs[:, 1] += pairs[:, 0]
    return total


def _shapley(worth: Floats, players: int) -> Floats:
    """Return the Shapley values of a game given as v(S) for every subset, bit i for player i."""
    sizes = np.bitwise_count(np.arange(1 << players)).astype(np.int64)
    weight = np.array([1 / (players * math.comb(players - 1, size)) for size in range(players)])
    values = np.empty(players)
    for player in range(players):
        pairs = worth.reshape(-1, 2, 1 << player)
        without = sizes.reshape(-1, 2, 1 << player)[:, 0]
        values[player] = np.sum(weight[without] * (pairs[:, 1] - pairs[:, 0]))
    return values
