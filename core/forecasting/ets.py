"""Exponential smoothing: level, trend and season, each weighted towards recent periods."""

from dataclasses import dataclass

from core.forecasting.series import FloatArray, Series
from core.forecasting.statsforecast_models import auto_ets


@dataclass(frozen=True)
class ExponentialSmoothing:
    """AutoETS: error, trend and season additive, multiplicative or absent, by corrected AIC.

    Needs eight periods; a season is estimated only after two full cycles. Not for series that are
    mostly zeros. Source: Hyndman, Koehler, Snyder and Grose (2002), A state space framework for
    automatic forecasting using exponential smoothing methods.
    """

    name: str = "ets"
    title: str = "Exponential smoothing"

    def minimum_periods(self, season_length: int) -> int:  # noqa: ARG002 - part of the protocol
        """Return eight: below, the criterion has more parameters than points."""
        return 8

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Continue level, trend and season."""
        return auto_ets(history.array, horizon, history.season_length)
