"""Rolling-origin replay: what each forecaster would have said, knowing only what was known then."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.forecasting.base import Attempt, at_least, attempt
from core.forecasting.choose import choose, fallback
from core.forecasting.ensemble import median_of
from core.forecasting.recent_mean import RecentMean
from core.forecasting.registry import BASELINE, forecaster
from core.forecasting.series import FloatArray, Series
from core.forecasting.series_results import Choice

CHOSEN: Final = "chosen"


@dataclass(frozen=True)
class Asked:
    """What one replay asks at every origin.

    Parameters
    ----------
    model
        Name of the headline's forecaster, or ``auto``.
    extra_models
        Forecasters to replay besides.
    horizon
        Periods ahead.
    floor
        Lowest value a forecast may take; None for no limit.
    """

    model: str
    extra_models: tuple[str, ...]
    horizon: int
    floor: float | None


@dataclass(frozen=True)
class Answers:
    """The forecasts made from one history: the headline and every forecaster that was asked."""

    choice: Choice
    headline: FloatArray
    attempts: Mapping[str, Attempt]

    def values(self, name: str) -> FloatArray | None:
        """Return the forecast of one name; ``chosen`` is the headline."""
        if name == CHOSEN:
            return self.headline
        each = self.attempts.get(name)
        return each.values if each else None


@dataclass(frozen=True)
class Backtest:
    """Forecasts from past origins beside what came; NaN where nothing is known or was said.

    Parameters
    ----------
    origins
        Periods known at each origin, oldest first.
    actuals
        One row an origin, one column a period ahead.
    forecasts
        The same shape for each name; ``chosen`` is what the rule would have said then.
    """

    origins: tuple[int, ...]
    actuals: FloatArray
    forecasts: Mapping[str, FloatArray]

    @property
    def periods(self) -> NDArray[np.int64]:
        """Position in the series of the period each forecast is of."""
        ahead = np.arange(self.actuals.shape[1], dtype=np.int64)
        return np.array(self.origins, dtype=np.int64)[:, None] + ahead

    def errors(self, name: str = CHOSEN) -> FloatArray:
        """Return actual - forecast."""
        return self.actuals - self.forecasts[name]


def answer(history: Series, asked: Asked) -> Answers:
    """Ask the headline's members, the baseline and the extra forecasters about one history."""
    choice = choose(history, asked.model)
    names = dict.fromkeys((*choice.members, BASELINE, *asked.extra_models))
    attempts = {name: _ask(history, name, asked) for name in names}
    said = [attempts[name].values for name in choice.members]
    known = [values for values in said if values is not None]
    if not known:
        choice = fallback(choice)
        attempts["recent_mean"] = _ask(history, "recent_mean", asked)
        known = [at_least(RecentMean().forecast(history, asked.horizon), asked.floor)]
    return Answers(choice, median_of(known), attempts)


def backtest(series: Series, asked: Asked, most_origins: int) -> Backtest:
    """Forecast again from each of the last origins.

    Origins are one period apart, or further where the horizon is longer than their number, so
    that errors of every horizon are seen. The history before an origin is all that a forecaster
    sees, and the method is chosen by the same rule from that shorter history. Errors on filled
    periods are not counted, and no origin follows one: what filled it came later.
    """
    step = ceil(asked.horizon / most_origins)
    known = [o for o in range(len(series) - 1, 0, -step) if o - 1 not in series.filled]
    origins = tuple(known[:most_origins][::-1])
    answers = [answer(series.head(origin), asked) for origin in origins]
    named = (CHOSEN, BASELINE, *asked.extra_models)
    names = dict.fromkeys((*named, *(name for each in answers for name in each.attempts)))
    stack = {name: _rows(answers, name, asked.horizon) for name in names}
    return Backtest(origins, _actuals(series, origins, asked.horizon), stack)


def _ask(history: Series, name: str, asked: Asked) -> Attempt:
    made = attempt(forecaster(name), history, asked.horizon)
    if made.values is None:
        return made
    return Attempt(name, at_least(made.values, asked.floor))


def _rows(answers: list[Answers], name: str, horizon: int) -> FloatArray:
    missing = np.full(horizon, np.nan)
    rows = [each.values(name) for each in answers]
    return np.array([missing if row is None else row for row in rows]).reshape(-1, horizon)


def _actuals(series: Series, origins: tuple[int, ...], horizon: int) -> FloatArray:
    known = series.array.copy()
    known[sorted(series.filled)] = np.nan
    padded = np.concatenate([known, np.full(horizon, np.nan)])
    return np.array([padded[origin : origin + horizon] for origin in origins]).reshape(-1, horizon)
