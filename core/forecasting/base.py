"""What every forecaster promises; results are checked here, not in each of them."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.errors import ForecastError, InvalidParameterError
from core.forecasting.series import FloatArray, Series


class Forecaster(Protocol):
    """One way to continue a history.

    The same history and horizon always give the same forecast: nothing is drawn at random, and
    nothing but the history is looked at.
    """

    @property
    def name(self) -> str:
        """Stable name in options, files and leaderboards."""
        ...

    @property
    def title(self) -> str:
        """Name on screen and in print."""
        ...

    def minimum_periods(self, season_length: int) -> int:
        """Return how many periods of history it needs."""
        ...

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Return the expected value of each of the next periods."""
        ...


@dataclass(frozen=True)
class Attempt:
    """What one forecaster said about one history: values, or why there are none."""

    name: str
    values: FloatArray | None
    problem: str = ""


def attempt(forecaster: Forecaster, history: Series, horizon: int) -> Attempt:
    """Ask a forecaster, turning a refusal into an answer that can be shown.

    Raises
    ------
    InvalidParameterError
        If the horizon is not at least one period.
    """
    if horizon < 1:
        raise InvalidParameterError(
            f"A horizon of {horizon} periods forecasts nothing.", "Choose at least 1 period."
        )
    needed = forecaster.minimum_periods(history.season_length)
    if len(history) < needed:
        problem = f"{forecaster.title} needs {needed} periods; there are {len(history)}."
        return Attempt(forecaster.name, None, problem)
    try:
        values = forecaster.forecast(history, horizon)
    except ForecastError as error:
        return Attempt(forecaster.name, None, str(error))
    if values.shape != (horizon,) or not np.isfinite(values).all():
        return Attempt(forecaster.name, None, f"{forecaster.title} gave no finite forecast.")
    return Attempt(forecaster.name, values)


def at_least(values: FloatArray, floor: float | None) -> FloatArray:
    """Return the values, none below the floor; None is no floor."""
    return values if floor is None else np.maximum(values, floor)
