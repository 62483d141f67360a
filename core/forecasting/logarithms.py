"""Forecasting on logarithms: growth and season in per cent, and never below zero."""

from collections.abc import Callable
from math import log
from typing import Final

import numpy as np

from core.errors import ForecastError
from core.forecasting.series import FloatArray, Series

# Growth beyond a hundredfold of the history is an artefact of the scale, not a forecast.
_LIMIT: Final = log(100)


def on_logarithms(
    history: Series, title: str, forecast: Callable[[FloatArray], FloatArray]
) -> FloatArray:
    """Forecast the logarithms of a history and return to its own scale.

    What comes back is the median of the future, not its mean: sums of it lean low when the series
    is noisy, which one member of a median may.

    Raises
    ------
    ForecastError
        If a value is zero or below.
    """
    if min(history.values) <= 0:
        raise ForecastError(f"{title} needs values above zero.")
    logs = np.log(history.array)
    path = np.clip(forecast(logs), logs.min() - _LIMIT, logs.max() + _LIMIT)
    return np.asarray(np.exp(path), dtype=np.float64)
