"""The average pattern of the last seasons, at the level of the latest one."""

from dataclasses import dataclass

import numpy as np

from core.errors import ForecastError
from core.forecasting.series import FloatArray, Series


@dataclass(frozen=True)
class AverageSeason:
    """Last season's mean, times the mean share each period had of its own season's mean.

    forecast(t + h) = mean(last season) * mean over seasons s of value(s, j) / mean(season s), j
    being the position of t + h in the season. Steadier than repeating one season, and knows no
    trend within the season. Needs seasons with a mean above zero.

    Parameters
    ----------
    seasons
        How many of the last full seasons are averaged, at most.

    Examples
    --------
    >>> from datetime import date
    >>> from core.forecasting.frequency import Frequency, Grid
    >>> values = (1.0, 3.0, 2.0, 2.0, 4.0, 4.0, 4.0, 4.0)
    >>> history = Series("won", Grid(Frequency.QUARTER), date(2024, 1, 1), values)
    >>> AverageSeason().forecast(history, 2).tolist()  # 4 * (1/2 + 4/4) / 2, 4 * (3/2 + 4/4) / 2
    [3.0, 5.0]
    """

    seasons: int = 3
    name: str = "average_season"
    title: str = "Average season"

    def minimum_periods(self, season_length: int) -> int:
        """Return one season: a pattern has to be seen whole."""
        return season_length

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Repeat the average pattern at the latest level.

        Raises
        ------
        ForecastError
            If a season sums to zero or less, so that shares of it mean nothing.
        """
        length = history.season_length
        count = min(self.seasons, len(history) // length)
        seasons = history.array[-count * length :].reshape(count, length)
        means = seasons.mean(axis=1, keepdims=True)
        if (means <= 0).any():
            raise ForecastError(f"{self.title} needs seasons with a mean above zero.")
        pattern = (seasons / means).mean(axis=0)
        return np.asarray(means[-1, 0] * pattern[np.arange(horizon) % length], dtype=np.float64)
