"""A season drawn as two smooth waves, and no larger than a short history can show.

Three Januaries do not tell what January is like: one index a month, averaged over a few years, is
mostly noise. Two waves, of a whole season and of half a one, have four numbers to estimate in place
of eleven, and are shrunk towards no season where little was seen.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.forecasting.logarithms import on_logarithms
from core.forecasting.series import FloatArray, Series
from core.forecasting.statsforecast_models import simple_smoothing

_WAVES: Final = 2
_SHRINKAGE: Final = 3.0
# Leaves 94 % of the slowest wave: 15 / (1 + 15).
_STIFFNESS: Final = 15.0
_CYCLES: Final = 2
_FEWEST: Final = 4


@dataclass(frozen=True)
class SmoothSeason:
    """The recent level of the logarithms, and a smooth season on top.

    Knows no trend. Not for a history with a zero in it, nor for a season of one sharp peak.
    """

    name: str = "smooth_season"
    title: str = "Smooth season"

    def minimum_periods(self, season_length: int) -> int:
        """Return two seasons: a pattern is one only when it was seen twice."""
        return max(_FEWEST, _CYCLES * season_length)

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Continue what lies beneath the season, and the season.

        Raises
        ------
        ForecastError
            If a value is zero or below.
        """
        length = history.season_length

        def continued(logs: FloatArray) -> FloatArray:
            waves = smooth_season(logs, horizon, length)
            known = len(logs)
            return self._beneath(logs - waves[:known], horizon, length) + waves[known:]

        return on_logarithms(history, self.title, continued)

    def _beneath(self, values: FloatArray, horizon: int, season_length: int) -> FloatArray:  # noqa: ARG002
        return simple_smoothing(values, horizon)


@dataclass(frozen=True)
class SmoothSeasonLine(SmoothSeason):
    """A straight line of the logarithms, and a smooth season on top.

    forecast(t + h) = mean(last season) + slope(last two seasons) * (h + (m - 1) / 2), m periods in
    a season: growth as it was, from a level that one odd period hardly moves. Not for a history
    with a zero in it.
    """

    name: str = "smooth_season_line"
    title: str = "Line with a smooth season"

    def _beneath(self, values: FloatArray, horizon: int, season_length: int) -> FloatArray:
        return _line(values, horizon, season_length)


def smooth_season(values: FloatArray, horizon: int, season_length: int) -> FloatArray:
    """Return the season of each period known, and of those of the horizon.

    With X the waves sin and cos of 2 pi k t / m for k = 1, 2 and R what a stiff trend leaves,

        season = X b,   b = (X'R'RX + 3 diag(k^2))^-1 X'R'R values

    The penalty is worth three periods of the whole wave and twelve of the half one, so it matters
    with two seasons and hardly with ten. Source: Hoerl and Kennard (1970), Ridge regression.
    """
    known = len(values)
    times = np.arange(known + horizon)[:, None] * 2 * np.pi / season_length
    speeds = np.arange(1, _WAVES + 1)
    waves = np.hstack([np.sin(times * speeds), np.cos(times * speeds)])
    stiffness = _STIFFNESS * (season_length / (2 * np.pi)) ** 4
    left = _detrended(np.column_stack([waves[:known], values]), stiffness)
    seen, wanted = left[:, :-1], left[:, -1]
    penalty = _SHRINKAGE * np.diag(np.tile(speeds, 2) ** 2.0)
    size = np.linalg.solve(seen.T @ seen + penalty, seen.T @ wanted)
    return np.asarray(waves @ size, dtype=np.float64)


def _detrended(columns: FloatArray, stiffness: float) -> FloatArray:
    """Return columns less their trend, the path whose second differences squared cost most.

    Source: Leser (1961), A simple method of trend construction.
    """
    from scipy.linalg import solveh_banded  # type: ignore[import-untyped]

    inner = np.ones(len(columns) - 2)
    bands = np.zeros((3, len(columns)))
    bands[0] = 1 + stiffness * np.convolve(inner, [1, 4, 1])
    bands[1, :-1] = stiffness * np.convolve(inner, [-2, -2])
    bands[2, :-2] = stiffness * inner
    trend = solveh_banded(bands, columns, lower=True)
    return np.asarray(columns - trend, dtype=np.float64)


def _line(values: FloatArray, horizon: int, season_length: int) -> FloatArray:
    recent = values[-max(_FEWEST, _CYCLES * season_length) :]
    times = np.arange(len(recent)) - (len(recent) - 1) / 2
    slope = float(times @ recent / (times @ times))
    ahead = np.arange(1, horizon + 1) + (season_length - 1) / 2
    return np.asarray(values[-season_length:].mean() + slope * ahead, dtype=np.float64)
