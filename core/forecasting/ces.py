"""Complex exponential smoothing: level and drift told apart without choosing a trend."""

from dataclasses import dataclass

from core.forecasting.logarithms import on_logarithms
from core.forecasting.series import FloatArray, Series
from core.forecasting.statsforecast_models import auto_ces


@dataclass(frozen=True)
class ComplexSmoothing:
    """AutoCES: one complex weight in place of separate level and trend, by corrected AIC.

    Slides between a level and a trend without a decision that a few points could flip. Source:
    Svetunkov, Kourentzes and Ord (2022), Complex exponential smoothing.
    """

    name: str = "ces"
    title: str = "Complex smoothing"

    def minimum_periods(self, season_length: int) -> int:  # noqa: ARG002 - part of the protocol
        """Return eight: its complex weight and two states need as many points to settle."""
        return 8

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Continue the complex recursion."""
        return auto_ces(history.array, horizon, history.season_length)


@dataclass(frozen=True)
class LogComplexSmoothing:
    """AutoCES on logarithms: level and drift in per cent rather than in money.

    Not for a history with a zero in it.
    """

    name: str = "log_ces"
    title: str = "Complex smoothing on logarithms"

    def minimum_periods(self, season_length: int) -> int:  # noqa: ARG002 - part of the protocol
        """Return eight, as for complex smoothing."""
        return 8

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Continue the complex recursion of the logarithms.

        Raises
        ------
        ForecastError
            If a value is zero or below.
        """
        season = history.season_length
        return on_logarithms(history, self.title, lambda logs: auto_ces(logs, horizon, season))
