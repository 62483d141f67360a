"""Small additive gradient boosting: many stumps, each on one feature, so the result is a sum.

Every round visits the features in turn and moves the contribution of each bin of the best one
a small Newton step towards the outcomes. A stump looks at one feature only, so the contributions
of the finished model add up exactly to its log-odds, with nothing left to explain.

When not to use it: on a few hundred deals a straight line knows as much and wavers less; where two
features matter only together, the sum cannot see it.

Source: Friedman (2001), Annals of Statistics 29:1189; Lou, Caruana and Gehrke (2012), KDD.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.arrays import Floats, Integers
from core.deals.additive import Additive, Curve, probability
from core.deals.columns import Features


@dataclass(frozen=True)
class Boosting:
    """How the model grows.

    Parameters
    ----------
    rounds
        Stumps.
    rate
        Share of each Newton step that is taken.
    bins
        Most bins of a number.
    fewest
        Weight, in deals, on each side of a stump.
    belief
        Weight, in deals, that pulls each step to nought.
    """

    rounds: int = 150
    rate: float = 0.1
    bins: int = 24
    fewest: float = 5.0
    belief: float = 4.0


def fit_boosting(
    features: Features, won: Floats, weights: Floats, settings: Boosting | None = None
) -> Additive:
    """Grow a sum of stumps.

    Parameters
    ----------
    features
        What was known, by row.
    won
        1 won, 0 lost.
    weights
        Weight of each row; they sum to the number of deals.
    settings
        Rounds, rate and size.
    """
    settings = settings or Boosting()
    bins = _Bins.of(features, settings.bins)
    share = np.clip(np.average(won, weights=weights), 1e-6, 1 - 1e-6)
    start = float(np.log(share / (1 - share)))
    heights = _grow(bins, won, weights, start, settings)
    means = [
        float(np.average(height[code], weights=weights))
        for height, code in zip(heights, bins.codes, strict=True)
    ]
    centred = [height - mean for height, mean in zip(heights, means, strict=True)]
    curves = tuple(
        Curve(cuts, height[1:], float(height[0]), is_stepped=True)
        for cuts, height in zip(bins.edges, centred, strict=False)
    )
    # A table ends with what is not known, so that its code, -1, finds it.
    tables = tuple(np.roll(height, -1) for height in centred[len(bins.edges) :])
    return Additive(start + sum(means), curves, tables)


@dataclass(frozen=True)
class _Bins:
    """Every feature as bins; bin 0 of each is for what is not known.

    Parameters
    ----------
    edges
        Where the bins of each number end.
    codes
        Bin of each row, feature x row, numbers first, then names.
    sizes
        Bins of each feature.
    """

    edges: list[Floats]
    codes: Integers
    sizes: list[int]

    @classmethod
    def of(cls, features: Features, most: int) -> "_Bins":
        edges = [_edges(number.values, most) for number in features.numbers]
        codes = [
            np.where(
                np.isfinite(number.values),
                1 + np.searchsorted(cuts, np.nan_to_num(number.values), side="right"),
                0,
            )
            for number, cuts in zip(features.numbers, edges, strict=True)
        ]
        codes += [np.maximum(name.codes, -1) + 1 for name in features.names]
        sizes = [len(cuts) + 2 for cuts in edges] + [len(n.levels) + 1 for n in features.names]
        return cls(edges, np.stack(codes).astype(np.int64), sizes)

    @property
    def width(self) -> int:
        """Bins of the feature that has most."""
        return max(self.sizes)

    @cached_property
    def _places(self) -> Integers:
        """Feature and bin of each row as one number; asked for in every round."""
        features = np.arange(len(self.sizes))[:, None]
        places: Integers = (self.codes + self.width * features).ravel()
        return places

    def sums(self, values: Floats) -> Floats:
        """Return the sum of a value over the rows of each bin, feature x bin."""
        features = len(self.sizes)
        told = np.bincount(self._places, np.tile(values, features), minlength=features * self.width)
        return told.reshape(features, self.width).astype(np.float64)


def _edges(values: Floats, most: int) -> Floats:
    known = np.unique(values[np.isfinite(values)])
    if known.size <= most:
        return (known[1:] + known[:-1]) / 2
    cuts = np.quantile(values[np.isfinite(values)], np.arange(1, most) / most)
    return np.unique(cuts)


@dataclass(frozen=True)
class _Sums:
    """Sums over the rows of each bin, feature x bin: pull on the log-odds, its bend, weight."""

    pull: Floats
    bend: Floats
    weight: Floats

    def ordered(self, order: Integers) -> "_Sums":
        """Return the sums with each feature's bins in an order of its own."""
        parts = (self.pull, self.bend, self.weight)
        return _Sums(*(np.take_along_axis(part, order, axis=1) for part in parts))

    def left(self) -> "_Sums":
        """Return the sums of all bins up to each cut."""
        return _Sums(
            *(np.cumsum(part, axis=1)[:, :-1] for part in (self.pull, self.bend, self.weight))
        )

    def whole(self) -> "_Sums":
        """Return the sums of all bins."""
        return _Sums(
            *(part.sum(axis=1, keepdims=True) for part in (self.pull, self.bend, self.weight))
        )


def _grow(
    bins: _Bins, won: Floats, weights: Floats, start: float, settings: Boosting
) -> list[Floats]:
    heights = np.zeros((len(bins.sizes), bins.width))
    log_odds, counts = np.full(len(won), start), bins.sums(weights)
    for _ in range(settings.rounds):
        chance = probability(log_odds)
        sums = _Sums(
            bins.sums(weights * (won - chance)),
            bins.sums(weights * chance * (1 - chance)),
            counts,
        )
        found = _best_stump(sums, len(bins.edges), settings)
        if found is None:
            break
        feature, step = found
        heights[feature] += settings.rate * step
        log_odds += settings.rate * step[bins.codes[feature]]
    return [height[:size] for height, size in zip(heights, bins.sizes, strict=True)]


def _best_stump(sums: _Sums, numbers: int, settings: Boosting) -> tuple[int, Floats] | None:
    """Return the feature whose split gains most, and the step of each of its bins.

    The bin of what is not known is tried on either side of a number; names are put in the order
    of their own step first.
    """
    features, width = sums.pull.shape
    unknown_first = np.tile(np.arange(width), (features, 1))
    named = np.argsort(sums.pull / (sums.bend + settings.belief), axis=1, kind="stable")
    unknown_first[numbers:] = named[numbers:]
    unknown_last = np.roll(unknown_first, -1, axis=1)
    orders = (unknown_first, unknown_last)
    gains = [_gains(sums.ordered(order), settings) for order in orders]
    best = int(np.argmax([gain.max() for gain in gains]))
    feature, cut = np.unravel_index(int(np.argmax(gains[best])), gains[best].shape)
    if not np.isfinite(gains[best][feature, cut]):
        return None
    order, step = orders[best][feature], np.zeros(width)
    for side in (order[: cut + 1], order[cut + 1 :]):
        bend = sums.bend[feature, side].sum() + settings.belief
        step[side] = sums.pull[feature, side].sum() / bend
    return int(feature), step


def _gains(sums: _Sums, settings: Boosting) -> Floats:
    left, whole, belief = sums.left(), sums.whole(), settings.belief
    right_pull, right_bend = whole.pull - left.pull, whole.bend - left.bend
    fewest = settings.fewest
    allowed = (left.weight >= fewest) & (whole.weight - left.weight >= fewest)
    gain = left.pull**2 / (left.bend + belief) + right_pull**2 / (right_bend + belief)
    none = whole.pull**2 / (whole.bend + belief)
    return np.where(allowed, gain - none, -np.inf)
