"""The one door to statsforecast: plain arrays in and out, its exceptions translated."""

from typing import TYPE_CHECKING, Protocol

import numpy as np

from core.errors import ForecastError
from core.forecasting.series import FloatArray

if TYPE_CHECKING:
    from collections.abc import Mapping

# The exponential smoothing state space holds one state a season; beyond this it is not estimated.
LONGEST_SEASON = 24
_CYCLES = 2


class _Model(Protocol):
    def forecast(self, y: FloatArray, h: int) -> "Mapping[str, FloatArray]": ...


def usable_season(periods: int, season_length: int) -> int:
    """Return the season a model may estimate: none before two full cycles have been seen."""
    if season_length > LONGEST_SEASON or periods < _CYCLES * season_length:
        return 1
    return season_length


def auto_ets(values: FloatArray, horizon: int, season_length: int) -> FloatArray:
    """Forecast by exponential smoothing, its form chosen by corrected AIC."""
    from statsforecast.models import AutoETS

    season = usable_season(len(values), season_length)
    return _forecast("AutoETS", AutoETS(season_length=season), values, horizon)


def damped_ets(values: FloatArray, horizon: int, season_length: int) -> FloatArray:
    """Forecast by exponential smoothing with a trend that flattens out."""
    from statsforecast.models import AutoETS

    season = usable_season(len(values), season_length)
    model = AutoETS(season_length=season, damped=True)
    return _forecast("Damped AutoETS", model, values, horizon)


def simple_smoothing(values: FloatArray, horizon: int) -> FloatArray:
    """Forecast by exponential smoothing of the level alone, its weight fitted."""
    from statsforecast.models import SimpleExponentialSmoothingOptimized

    return _forecast("Simple smoothing", SimpleExponentialSmoothingOptimized(), values, horizon)


def auto_ces(values: FloatArray, horizon: int, season_length: int) -> FloatArray:
    """Forecast by complex exponential smoothing, its season chosen by corrected AIC."""
    from statsforecast.models import AutoCES

    season = usable_season(len(values), season_length)
    return _forecast("AutoCES", AutoCES(season_length=season), values, horizon)


def auto_theta(values: FloatArray, horizon: int, season_length: int) -> FloatArray:
    """Forecast by the best of four theta methods."""
    from statsforecast.models import AutoTheta

    season = usable_season(len(values), season_length)
    return _forecast("AutoTheta", AutoTheta(season_length=season), values, horizon)


def additive_theta(values: FloatArray, horizon: int, season_length: int) -> FloatArray:
    """Forecast by the best of four theta methods, the season taken out by subtraction."""
    from statsforecast.models import AutoTheta

    season = usable_season(len(values), season_length)
    model = AutoTheta(season_length=season, decomposition_type="additive")
    return _forecast("AutoTheta", model, values, horizon)


def auto_arima(values: FloatArray, horizon: int, season_length: int) -> FloatArray:
    """Forecast by a seasonal ARIMA, its orders chosen stepwise by corrected AIC."""
    from statsforecast.models import AutoARIMA

    season = usable_season(len(values), season_length)
    return _forecast("AutoARIMA", AutoARIMA(season_length=season), values, horizon)


def _forecast(name: str, model: _Model, values: FloatArray, horizon: int) -> FloatArray:
    # A scale near one keeps the optimisers' tolerances meaningful for cents and for billions.
    scale = float(np.abs(values).mean()) or 1.0
    try:
        with np.errstate(all="ignore"):
            mean = model.forecast(y=values / scale, h=horizon)["mean"]
    except Exception as error:  # it raises bare Exception where no form fits
        raise ForecastError(f"{name} found no model for this history ({error}).") from error
    return np.asarray(mean, dtype=np.float64) * scale
