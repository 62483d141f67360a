"""The baselines every forecast has to beat: last season again, or the last period again."""

from dataclasses import dataclass

import numpy as np

from core.forecasting.series import FloatArray, Series


@dataclass(frozen=True)
class SeasonalNaive:
    """Repeat the last full season; before there is one, repeat the last period.

    forecast(t + h) = value(t + h - m * ceil(h / m)), m periods in a season. Needs no estimate, so
    it cannot be misled by noise, and knows no trend.

    Examples
    --------
    >>> from datetime import date
    >>> from core.forecasting.frequency import Frequency, Grid
    >>> grid = Grid(Frequency.QUARTER)
    >>> history = Series("won", grid, date(2025, 1, 1), (1.0, 2.0, 3.0, 4.0, 5.0))
    >>> SeasonalNaive().forecast(history, 5).tolist()
    [2.0, 3.0, 4.0, 5.0, 2.0]
    """

    name: str = "seasonal_naive"
    title: str = "Same period last season"

    def minimum_periods(self, season_length: int) -> int:  # noqa: ARG002 - part of the protocol
        """Return one: the last period can always be repeated."""
        return 1

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Repeat the last season, or the last period."""
        season = history.season_length if len(history) >= history.season_length else 1
        last = history.array[-season:]
        return last[np.arange(horizon) % season]


@dataclass(frozen=True)
class Naive:
    """Repeat the last period: the forecast of a random walk."""

    name: str = "naive"
    title: str = "Last period repeated"

    def minimum_periods(self, season_length: int) -> int:  # noqa: ARG002 - part of the protocol
        """Return one: the last period can always be repeated."""
        return 1

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Repeat the last period."""
        return np.full(horizon, history.array[-1])
