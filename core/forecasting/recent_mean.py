"""The mean of the last periods in time: what a short history can support."""

from dataclasses import dataclass

import numpy as np

from core.forecasting.series import FloatArray, Series


@dataclass(frozen=True)
class RecentMean:
    """Repeat the mean of the last periods, six at most.

    The last ones in time, not the largest: a mean of sorted values over-forecasts nearly every
    series. Knows neither trend nor season.

    Parameters
    ----------
    periods
        How many periods are averaged.
    """

    periods: int = 6
    name: str = "recent_mean"
    title: str = "Mean of recent periods"

    def minimum_periods(self, season_length: int) -> int:  # noqa: ARG002 - part of the protocol
        """Return one: a mean of one period is that period."""
        return 1

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Repeat the mean of the last periods."""
        return np.full(horizon, history.array[-self.periods :].mean())
