"""ARIMA: today as a weighted sum of past values and past surprises."""

from dataclasses import dataclass

from core.forecasting.series import FloatArray, Series
from core.forecasting.statsforecast_models import auto_arima


@dataclass(frozen=True)
class Arima:
    """AutoARIMA: seasonal ARIMA with orders chosen stepwise by corrected AIC.

    Optional: slower than all others together and no gain on short histories. Source: Hyndman and
    Khandakar (2008), Automatic time series forecasting.
    """

    name: str = "arima"
    title: str = "ARIMA"

    def minimum_periods(self, season_length: int) -> int:  # noqa: ARG002 - part of the protocol
        """Return ten: differencing and lags use up points before anything is estimated."""
        return 10

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Continue by the chosen recursion."""
        return auto_arima(history.array, horizon, history.season_length)
