"""Ridge logistic regression, one line or bent line a number, one step a name.

Coefficients of standardised columns are pulled to nought by a belief worth some deals; Newton
steps until nothing moves. Rows of one deal are not independent, so the weights of all rows sum
to the number of deals.

Source: le Cessie and van Houwelingen (1992), Applied Statistics 41:191.
"""

from dataclasses import dataclass

import numpy as np

from core.arrays import Floats
from core.deals.additive import Additive, Curve, probability
from core.deals.columns import Features, Number

_MOST_STEPS = 50
_STILL = 1e-9
_CONSTANT = 1e-9
"""Spread up to which a column says nothing; the mean of equal values is off by the last digit."""


@dataclass(frozen=True)
class Ridge:
    """How strongly coefficients are pulled to nought.

    Parameters
    ----------
    belief
        Variance-free penalty on each standardised coefficient, in deals.
    bends
        Quantiles at which the line of a number may bend; none leaves it straight.
    """

    belief: float = 4.0
    bends: tuple[float, ...] = ()


def fit_logistic(
    features: Features, won: Floats, weights: Floats, ridge: Ridge | None = None
) -> Additive:
    """Fit the sum that makes the outcomes likeliest, given the belief in small coefficients.

    Parameters
    ----------
    features
        What was known, by row.
    won
        1 won, 0 lost.
    weights
        Weight of each row.
    ridge
        Belief and bends.
    """
    ridge = ridge or Ridge()
    parts = [_basis(number, weights, ridge) for number in features.numbers]
    columns = [
        part.columns(number.values) for part, number in zip(parts, features.numbers, strict=True)
    ]
    dummies = [_dummies(name.codes, len(name.levels)) for name in features.names]
    matrix = np.concatenate([*columns, *dummies, np.ones((len(won), 1))], axis=1)
    centre = np.average(matrix, axis=0, weights=weights)
    spread = np.sqrt(np.average((matrix - centre) ** 2, axis=0, weights=weights))
    scale = np.where(spread > _CONSTANT, spread, 1.0)
    centre[-1], scale[-1] = 0.0, 1.0
    found = _newton((matrix - centre) / scale, won, weights, ridge.belief) / scale
    return _as_sum(features, parts, found, centre)


@dataclass(frozen=True)
class _Basis:
    """Columns of a number: the number, hinges at its bends, and whether it is missing."""

    bends: Floats
    low: float
    high: float

    def columns(self, values: Floats) -> Floats:
        known = np.isfinite(values)
        inside = np.clip(np.where(known, values, self.low), self.low, self.high)
        hinges = [np.maximum(inside - bend, 0.0) for bend in self.bends]
        return np.stack([inside - self.low, *hinges, (~known).astype(np.float64)], axis=1)

    @property
    def width(self) -> int:
        return len(self.bends) + 2


def _basis(number: Number, weights: Floats, ridge: Ridge) -> _Basis:
    known = number.values[np.isfinite(number.values) & (weights > 0)]
    if not known.size:
        return _Basis(np.zeros(0), 0.0, 0.0)
    low, high = np.quantile(known, [0.005, 0.995])
    bends = np.unique(np.quantile(known, ridge.bends)) if ridge.bends else np.zeros(0)
    return _Basis(bends[(bends > low) & (bends < high)], float(low), float(high))


def _dummies(codes: np.ndarray[tuple[int], np.dtype[np.int64]], levels: int) -> Floats:
    dummies: Floats = (codes[:, None] == np.arange(levels)[None, :]).astype(np.float64)
    return dummies


def _newton(matrix: Floats, won: Floats, weights: Floats, belief: float) -> Floats:
    penalty = np.full(matrix.shape[1], belief)
    penalty[-1] = 0.0
    share = np.clip(np.average(won, weights=weights), 1e-6, 1 - 1e-6)
    found = np.zeros(matrix.shape[1])
    found[-1] = np.log(share / (1 - share))
    cost = _cost(matrix, won, weights, penalty, found)
    for _ in range(_MOST_STEPS):
        chance = probability(matrix @ found)
        slope = matrix.T @ (weights * (won - chance)) - penalty * found
        bend = (matrix * (weights * chance * (1 - chance))[:, None]).T @ matrix
        step = np.linalg.solve(bend + np.diag(penalty + _STILL), slope)
        reached = _cost(matrix, won, weights, penalty, found + step)
        while reached > cost and np.abs(step).max() > _STILL:
            step = step / 2  # a whole Newton step may overshoot where outcomes are nearly sure
            reached = _cost(matrix, won, weights, penalty, found + step)
        found = found + step
        if cost - reached < _STILL * max(cost, 1.0):
            break
        cost = reached
    return found


def _cost(matrix: Floats, won: Floats, weights: Floats, penalty: Floats, found: Floats) -> float:
    log_odds = matrix @ found
    loss = np.logaddexp(0.0, log_odds) - won * log_odds
    return float(weights @ loss + penalty @ found**2 / 2)


def _as_sum(features: Features, parts: list[_Basis], found: Floats, centre: Floats) -> Additive:
    """Return the coefficients as curves and tables whose contributions average nought."""
    curves, tables, place = [], [], 0
    for part in parts:
        own, mean = found[place : place + part.width], centre[place : place + part.width]
        knots = np.array([part.low, *part.bends, part.high])
        offset = float(own @ mean)
        curves.append(
            Curve(
                knots,
                part.columns(knots) @ own - offset,
                float(part.columns(np.array([np.nan]))[0] @ own) - offset,
                is_stepped=False,
            )
        )
        place += part.width
    for name in features.names:
        width = len(name.levels)
        own, mean = found[place : place + width], centre[place : place + width]
        tables.append(np.append(own, 0.0) - float(own @ mean))
        place += width
    return Additive(float(found[-1]), tuple(curves), tuple(tables))
