"""How many channels back a journey should be remembered: judged on journeys not fitted to.

Each journey is predicted, touch by touch and up to its end, by a model fitted to all the others.
A context seen rarely leans on how often a touch happens at all:
P_k(t | s) = (N(s, t) + P_0(t)) / (N(s) + 1), with the journey's own counts left out of N.
No part of it is drawn at random.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.attribution.chains import ORDERS
from core.attribution.paths import Codes, Floats, PathCounts, summed

_TRUST: Final = 1.0
"""Weight of knowing nothing of the context, in observations."""


@dataclass(frozen=True)
class OrderSuggestion:
    """The Markov order the data support.

    Parameters
    ----------
    order
        The lowest order that predicts journeys it has not seen as well as the best one does, up
        to one standard error of the difference.
    best
        The order with the highest likelihood.
    log_likelihood
        By order, the mean log likelihood of a journey left out of the fit; higher is better.
    """

    order: int
    best: int
    log_likelihood: dict[int, float]


@dataclass(frozen=True, eq=False)
class _Events:
    """What happens at each step of each kind of journey: the next channel, or how it ends.

    ``recent[j]`` is the code of the channel j + 1 steps before, 0 before the first touch.
    """

    journey: Codes
    outcome: Codes
    recent: tuple[Codes, ...]
    weights: Floats
    outcomes: int


def suggest_order(counts: PathCounts) -> OrderSuggestion:
    """Return the order of the Markov model that predicts unseen journeys best.

    Raises
    ------
    EmptyWorkspaceError
        If no journey converted.

    >>> rows = [(("A", "B"), 90, None, 10), (("B", "A"), 10, None, 90)]
    >>> suggest_order(PathCounts.from_rows(rows)).order
    2
    """
    counts.require_conversions()
    events = _events(counts.seen())
    scores = _scores(events)
    means = {order: float(np.average(scores[order], weights=events.weights)) for order in ORDERS}
    best = max(ORDERS, key=lambda order: means[order])
    lowest = next(
        order for order in ORDERS if _as_good(scores[order], scores[best], events.weights)
    )
    return OrderSuggestion(lowest, best, means)


def _events(counts: PathCounts) -> _Events:
    """Lay out journeys that converted and journeys that did not, each with its end."""
    paths = len(counts.conversions)
    lengths = np.tile(counts.lengths + 1, 2)
    starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    ends = starts[1:] - 1
    converted, lost = len(counts.channels) + 1, len(counts.channels) + 2
    outcome = np.empty(starts[-1], dtype=np.int64)
    outcome[ends] = np.repeat([converted, lost], paths)
    outcome[np.setdiff1d(np.arange(starts[-1]), ends, assume_unique=True)] = (
        np.tile(counts.steps, 2) + 1
    )
    position = np.arange(starts[-1]) - np.repeat(starts[:-1], lengths)
    recent = tuple(np.where(position >= back, np.roll(outcome, back), 0) for back in ORDERS)
    return _Events(
        journey=np.repeat(np.arange(2 * paths), lengths),
        outcome=outcome,
        recent=recent,
        weights=np.concatenate([counts.conversions, counts.nulls]),
        outcomes=lost + 1,
    )


def _scores(events: _Events) -> dict[int, Floats]:
    """Return, by order, the log likelihood of each kind of journey without itself."""
    context = np.zeros(len(events.outcome), dtype=np.int64)
    unaware = _left_out(events, context, np.full(len(context), 1.0 / (events.outcomes - 1)))
    scores = {}
    for order, recent in zip(ORDERS, events.recent, strict=True):
        context = np.unique(context * events.outcomes + recent, return_inverse=True)[1]
        chance = _left_out(events, context, unaware)
        scores[order] = summed(events.journey, np.log(chance), len(events.weights))
    return scores


def _left_out(events: _Events, context: Codes, prior: Floats) -> Floats:
    """Return the chance of each event given its context, leaning on a prior."""
    both = np.unique(context * events.outcomes + events.outcome, return_inverse=True)[1]
    seen = _by_others(events, both) + _TRUST * prior
    chances: Floats = seen / (_by_others(events, context) + _TRUST)
    return chances


def _by_others(events: _Events, codes: Codes) -> Floats:
    """Return how often other journeys met the same code as each event."""
    size = int(codes.max()) + 1
    weights = events.weights[events.journey]
    everybody = summed(codes, weights, size)[codes]
    own = events.journey * size + codes
    _, group, times = np.unique(own, return_inverse=True, return_counts=True)
    others: Floats = np.maximum(everybody - times[group] * np.minimum(weights, 1.0), 0.0)
    return others


def _as_good(scores: Floats, best: Floats, weights: Floats) -> bool:
    """Tell whether a model is within one standard error of the best."""
    behind = best - scores
    mean = float(np.average(behind, weights=weights))
    spread = float(np.average((behind - mean) ** 2, weights=weights))
    return mean <= math.sqrt(spread / float(weights.sum()))
