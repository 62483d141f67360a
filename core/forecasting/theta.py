"""The theta method: half the trend of a straight line, half the last level."""

from dataclasses import dataclass

from core.forecasting.logarithms import on_logarithms
from core.forecasting.series import FloatArray, Series
from core.forecasting.statsforecast_models import additive_theta, auto_theta


@dataclass(frozen=True)
class Theta:
    """AutoTheta: the best of four theta models on the seasonally adjusted series.

    Damps trends, which serves short business series well; winner of the M3 competition. Source:
    Assimakopoulos and Nikolopoulos (2000); Fiorucci et al. (2016).
    """

    name: str = "theta"
    title: str = "Theta"

    def minimum_periods(self, season_length: int) -> int:  # noqa: ARG002 - part of the protocol
        """Return five: a line and a level need a few points to be told apart."""
        return 5

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Continue half the trend from the last smoothed level."""
        return auto_theta(history.array, horizon, history.season_length)


@dataclass(frozen=True)
class LogTheta:
    """AutoTheta on logarithms: growth and season in per cent rather than in money.

    Differs from plain theta where growth compounds, which makes it a good partner in a median. Not
    for a history with a zero in it.
    """

    name: str = "log_theta"
    title: str = "Theta on logarithms"

    def minimum_periods(self, season_length: int) -> int:  # noqa: ARG002 - part of the protocol
        """Return five, as for theta."""
        return 5

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Continue half the growth rate from the last smoothed level.

        Raises
        ------
        ForecastError
            If a value is zero or below.
        """
        season = history.season_length
        return on_logarithms(
            history, self.title, lambda logs: additive_theta(logs, horizon, season)
        )
