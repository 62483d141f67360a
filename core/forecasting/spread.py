"""How much wider than independent deals the truth has been: the size of the common shock.

If deals were won or lost independently of one another, the spread of the total would follow from
their probabilities, and an 80 % band made so would hold the truth far less often than 80 %: a
slow month slows every deal. So each past forecast whose window is over is measured in its own
independent standard deviations, z = |actual - expected| / sd, and the band of the next forecast
reaches as far as the 80 % quantile of those z does, never less far than independent deals reach.

What is not known beforehand, and chosen anew at each date by the interval score of the bands that
each choice would have given in the past: how fast old errors are forgotten (one cycle, four
cycles, never) and how much errors at other horizons count (not, a quarter, fully). A belief worth
five errors in independent deals stands in while there are few errors.
"""

from dataclasses import dataclass
from itertools import product
from statistics import NormalDist
from typing import Final

import numpy as np

from core.forecasting.histories import DAY
from core.forecasting.landmarks import Booleans, Floats, Integers

NOMINAL: Final = 0.8
"""Share of outcomes the calibrated band should hold."""

Z80: Final = NormalDist().inv_cdf(0.5 + NOMINAL / 2)
"""Standard deviations an 80 % band reaches to each side when the total is normal."""

PRIOR_ERRORS: Final = 5.0
"""Errors' worth of belief that deals are independent."""

_PRIOR_POINTS: Final = 19
_PRIOR_Z: Final = np.array(
    [NormalDist().inv_cdf(0.5 + k / (2 * (_PRIOR_POINTS + 1))) for k in range(1, _PRIOR_POINTS + 1)]
)


@dataclass(frozen=True)
class PastForecasts:
    """Expectations at past origins beside what came; one row an origin, one column a horizon.

    Parameters
    ----------
    origins
        As-of instants, ascending.
    ends_days
        Horizons.
    expected, sd
        What was expected then, and its spread if deals were independent.
    actual
        What came; nan where the window is not over yet.
    """

    origins: Integers
    ends_days: Floats
    expected: Floats
    sd: Floats
    actual: Floats

    @property
    def over_at(self) -> Floats:
        """Instants at which the windows are over."""
        over: Floats = self.origins[:, None] + self.ends_days[None, :] * DAY
        return over

    @property
    def z(self) -> Floats:
        """Errors in independent standard deviations; nan where not over or without spread."""
        with np.errstate(divide="ignore", invalid="ignore"):
            errors = np.abs(self.actual - self.expected) / self.sd
        return np.where(np.isfinite(errors), errors, np.nan)


@dataclass(frozen=True)
class _Choice:
    """One way to learn from past errors."""

    half_life_days: float | None
    other_horizons: float


def spread_factors(past: PastForecasts, at: int, cycle_days: float) -> Floats:
    """Return, per horizon, how many independent standard deviations make one calibrated one.

    Parameters
    ----------
    past
        Past forecasts; only windows over at the instant are looked at.
    at
        The as-of instant.
    cycle_days
        Median won cycle, the unit of forgetting.

    Returns
    -------
    numpy.ndarray
        At least 1 for each horizon; exactly 1 when there is no past window to learn from.
    """
    choices = [
        _Choice(None if lives is None else lives * cycle_days, other)
        for lives, other in product((None, 4.0, 1.0), (1.0, 0.25, 0.0))
    ]
    z, over_at = past.z, past.over_at
    reach = np.array([_reaches_then(past, z, over_at, choice) for choice in choices])
    factors = np.ones(len(past.ends_days))
    for horizon in range(len(past.ends_days)):
        known = (over_at[:, horizon] <= at) & np.isfinite(z[:, horizon])
        if not known.any():
            continue
        scores = [
            _interval_score(past, horizon, known, reach[number, :, horizon]).sum()
            for number in range(len(choices))
        ]
        best = choices[int(np.argmin(scores))]
        factors[horizon] = max(1.0, _reach(z, over_at, at, horizon, best) / Z80)
    return factors


def _reaches_then(
    past: PastForecasts, z: Floats, over_at: Floats, choice: _Choice
) -> list[list[float]]:
    """Return how far the band of each past forecast would have reached under a choice."""
    return [
        [_reach(z, over_at, int(origin), h, choice) for h in range(len(past.ends_days))]
        for origin in past.origins
    ]


def _reach(z: Floats, over_at: Floats, at: int, horizon: int, choice: _Choice) -> float:
    known = (over_at <= at) & np.isfinite(z)
    weights = np.where(known, choice.other_horizons, 0.0)
    weights[:, horizon] = known[:, horizon]
    if choice.half_life_days is not None:
        weights = weights * np.exp2(-np.maximum(at - over_at, 0) / DAY / choice.half_life_days)
    used = weights > 0
    values = np.concatenate([_PRIOR_Z, z[used]])
    shares = np.concatenate([np.full(_PRIOR_POINTS, PRIOR_ERRORS / _PRIOR_POINTS), weights[used]])
    return _weighted_quantile(values, shares, NOMINAL)


def _weighted_quantile(values: Floats, weights: Floats, share: float) -> float:
    order = np.argsort(values)
    middle = np.cumsum(weights[order]) - weights[order] / 2
    return float(np.interp(share, middle / weights.sum(), values[order]))


def _interval_score(past: PastForecasts, horizon: int, known: Booleans, reach: Floats) -> Floats:
    """Return width plus 2/(1 - nominal) x the distance by which the truth lay outside, relative."""
    half = reach[known] * past.sd[known, horizon]
    outside = np.abs(past.actual[known, horizon] - past.expected[known, horizon]) - half
    score: Floats = (2 * half + 2 / (1 - NOMINAL) * np.maximum(outside, 0)) / past.expected[
        known, horizon
    ]
    return score
