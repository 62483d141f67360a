"""Exponential smoothing: level, trend and season, each weighted towards recent periods."""

from dataclasses import dataclass

from core.forecasting.series import FloatArray, Series
from core.forecasting.statsforecast_models import auto_ets, damped_ets, simple_smoothing


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


@dataclass(frozen=True)
class DampedSmoothing:
    """AutoETS with a damped trend: growth goes on, but less each period.

    Error and season by corrected AIC. Few revenue trends go on as they are, and a straight one
    projected from a short history is the commonest way to overshoot. Source: Gardner and McKenzie
    (1985), Forecasting trends in time series.
    """

    name: str = "damped_ets"
    title: str = "Damped smoothing"

    def minimum_periods(self, season_length: int) -> int:  # noqa: ARG002 - part of the protocol
        """Return nine: one parameter more than plain smoothing."""
        return 9

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Continue level and season, and the trend at a shrinking rate."""
        return damped_ets(history.array, horizon, history.season_length)


@dataclass(frozen=True)
class SimpleSmoothing:
    """Exponential smoothing of the level only: recent periods weigh more, no trend, no season.

    The most a few periods can support: on histories of 4 to 23 months it was as accurate as
    anything with a trend or a season, and never absurd. Source: Brown (1956).
    """

    name: str = "simple_smoothing"
    title: str = "Simple smoothing"

    def minimum_periods(self, season_length: int) -> int:  # noqa: ARG002 - part of the protocol
        """Return four: its one weight needs a few steps to be fitted."""
        return 4

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Repeat the smoothed level."""
        return simple_smoothing(history.array, horizon)
