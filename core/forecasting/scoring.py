"""How a forecaster did in the replay: error, skill against the baseline, coverage, bias."""

from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.forecasting.backtest import CHOSEN, Backtest
from core.forecasting.conformal import half_widths, student_quantile
from core.forecasting.registry import BASELINE
from core.forecasting.series import FloatArray
from core.forecasting.series_results import LEVELS, Coverage, Skill

_Z95: Final = 1.959964
_PERIODS_FOR_INTERVAL: Final = 3
ORIGINS_FOR_COVERAGE: Final = 3


def naive_scale(values: FloatArray, season_length: int) -> float | None:
    """Return the in-sample error of repeating last season, the denominator of MASE.

    mean |value(t) - value(t - m)| with m periods in a season, or 1 before there are two seasons.
    None when it is zero: a constant series has no scale.

    >>> naive_scale(np.array([1.0, 2.0, 4.0, 8.0]), 12)
    2.3333333333333335
    """
    season = season_length if len(values) > season_length else 1
    if len(values) <= season:
        return None
    scale = float(np.mean(np.abs(values[season:] - values[:-season])))
    return scale or None


def skill(backtest: Backtest, name: str = CHOSEN) -> Skill:
    """Compare a forecaster's error with the baseline's on the same origins and horizons.

    skill = 1 - sum |e| / sum |e_naive|. Forecasts of one period from several origins err together,
    so its interval is clustered by forecast period: with d(j) = sum of |e| - (1 - skill) |e_naive|
    over the forecasts of period j, se = sqrt(J / (J - 1) sum d(j)**2) / sum |e_naive|, times
    Student's t on J - 1 degrees of freedom. Neighbouring periods count as independent.
    """
    mine, naive = backtest.errors(name), backtest.errors(BASELINE)
    both = ~np.isnan(mine) & ~np.isnan(naive)
    own, base = np.abs(mine[both]), np.abs(naive[both])
    if not base.sum():
        return Skill(None)
    value = 1 - float(own.sum() / base.sum())
    clusters = _by_period(own - (1 - value) * base, backtest.periods[both])
    count = len(clusters)
    if count < _PERIODS_FOR_INTERVAL:
        return Skill(value)
    error = sqrt(count / (count - 1) * float(clusters @ clusters)) / float(base.sum())
    reach = student_quantile(95, count - 1) * error
    return Skill(value, value - reach, value + reach)


def _by_period(values: FloatArray, periods: NDArray[np.int64]) -> FloatArray:
    _, position = np.unique(periods, return_inverse=True)
    return np.bincount(position, weights=values).astype(np.float64)


def coverage(backtest: Backtest, level: float, name: str = CHOSEN) -> tuple[Coverage, ...]:
    """Replay the intervals: each origin's from the errors known by then, against what came."""
    return tuple(
        _share(percent, interval_hits(backtest, level, percent, name), backtest.periods)
        for percent in LEVELS
    )


def interval_hits(backtest: Backtest, level: float, percent: int, name: str = CHOSEN) -> FloatArray:
    """Return 1 where the replayed interval held the value, 0 where not, NaN where unknown."""
    errors = backtest.errors(name)
    reach = replayed_half_widths(backtest, level, percent, name)
    hits = (np.abs(errors) <= reach).astype(np.float64)
    hits[np.isnan(errors) | np.isnan(reach)] = np.nan
    return hits


def replayed_half_widths(
    backtest: Backtest, level: float, percent: int, name: str = CHOSEN
) -> FloatArray:
    """Return the half widths each origin would have shown; NaN for the first few origins."""
    errors = backtest.errors(name)
    reach = np.full(errors.shape, np.nan)
    for row in range(ORIGINS_FOR_COVERAGE, len(backtest.origins)):
        reach[row] = half_widths(_known_by(backtest, errors, row), level, percent)
    return reach


def _known_by(backtest: Backtest, errors: FloatArray, row: int) -> FloatArray:
    """Blank the errors of earlier origins whose value came after this origin."""
    ahead = np.arange(1, errors.shape[1] + 1)
    due = np.array(backtest.origins[:row])[:, None] + ahead
    return np.where(due <= backtest.origins[row], errors[:row], np.nan)


def _share(percent: int, hits: FloatArray, periods: NDArray[np.int64]) -> Coverage:
    known = ~np.isnan(hits)
    n, inside = int(known.sum()), int(np.nansum(hits))
    distinct = len(np.unique(periods[known]))
    low, high = wilson_band(inside / n * distinct, distinct) if n else (0.0, 1.0)
    return Coverage(percent, inside, n, distinct, low, high)


def wilson_band(hits: float, n: int) -> tuple[float, float]:
    """Return the 95 per cent Wilson band of a share.

    >>> low, high = wilson_band(8, 10)
    >>> round(low, 3), round(high, 3)
    (0.49, 0.943)
    """
    share, z2 = hits / n, _Z95**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = _Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, middle - reach), min(1.0, middle + reach)
