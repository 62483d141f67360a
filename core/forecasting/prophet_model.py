"""The one door to Prophet: trend with changes of slope, plus yearly and weekly seasons."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from core.errors import ForecastError
from core.forecasting.frequency import Frequency
from core.forecasting.series import FloatArray, Series

if TYPE_CHECKING:
    from prophet import Prophet

_CYCLES: Final = 2
# On short histories its default optimiser can creep for thousands of steps: seven seconds where
# this one takes a twentieth of one, for the same path within a per cent.
_OPTIMISER: Final = {"algorithm": "LBFGS", "iter": 1_000, "seed": 1}
_DAYS_A_WEEK: Final = 7
_DAYS_A_YEAR: Final = 365
_MONTHS_A_YEAR: Final = 12
_PERIODS_A_YEAR: Final = {
    Frequency.DAY: _DAYS_A_YEAR,
    Frequency.BUSINESS_DAY: 261,
    Frequency.WEEK: 52,
    Frequency.MONTH: _MONTHS_A_YEAR,
    Frequency.QUARTER: 4,
}


@dataclass(frozen=True)
class ProphetModel:
    """Prophet's expected path, without its own interval.

    Its interval ignores that errors follow one another and covered 41 to 61 per cent where 80
    were promised on monthly series, so intervals come from observed errors instead and no random
    numbers are drawn. Alone it is a weak choice for monthly revenue; as one member of a median it
    helps on short histories. Source: Taylor and Letham (2018), Forecasting at scale.
    """

    name: str = "prophet"
    title: str = "Prophet"

    def minimum_periods(self, season_length: int) -> int:
        """Return two seasons and never under ten periods: with fewer it bends to noise."""
        return 26 if season_length > _MONTHS_A_YEAR else max(10, _CYCLES * season_length)

    def forecast(self, history: Series, horizon: int) -> FloatArray:
        """Continue trend and seasons.

        Raises
        ------
        ForecastError
            If its optimiser finds no fit.
        """
        import pandas as pd  # type: ignore[import-untyped]

        model = _unfitted(history.grid.frequency, len(history))
        past = pd.DataFrame({"ds": pd.to_datetime(list(history.dates)), "y": history.array})
        future = pd.DataFrame({"ds": pd.to_datetime(list(history.future_dates(horizon)))})
        try:
            path = model.fit(past, **_OPTIMISER).predict(future)["yhat"]
        except (RuntimeError, ValueError) as error:
            raise ForecastError(f"Prophet found no fit for this history ({error}).") from error
        return np.asarray(path, dtype=np.float64)


def _unfitted(frequency: Frequency, periods: int) -> "Prophet":
    a_year = _PERIODS_A_YEAR.get(frequency)
    is_daily = frequency in (Frequency.DAY, Frequency.BUSINESS_DAY)
    return _library()(
        uncertainty_samples=0,
        yearly_seasonality=a_year is not None and periods >= _CYCLES * a_year,
        weekly_seasonality=is_daily and periods >= _CYCLES * _DAYS_A_WEEK,
        daily_seasonality=False,
    )


@lru_cache(maxsize=1)
def _library() -> "type[Prophet]":
    # It announces that an optional plotting package is missing, comments on short histories and
    # logs each fit; what matters of that is said by the forecast's own warnings. The fitting
    # library adds a loud handler of its own unless its logger has one.
    logging.getLogger("prophet.plot").setLevel(logging.CRITICAL)
    logging.getLogger("cmdstanpy").addHandler(logging.NullHandler())
    logging.getLogger("cmdstanpy").setLevel(logging.CRITICAL)
    with _without("matplotlib"):  # its plots nobody sees cost 27 MB and a third of a second
        from prophet import Prophet

    logging.getLogger("prophet").setLevel(logging.ERROR)  # it sets its own level on import
    return Prophet


@contextmanager
def _without(library: str) -> Iterator[None]:
    """Let what is imported meanwhile take an optional library for missing, as it provides for.

    None in the place of a module is how the import system is told that there is none.
    """
    if library in sys.modules:
        yield
        return
    sys.modules[library] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[library]
