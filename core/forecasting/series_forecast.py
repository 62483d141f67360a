"""Forecast one series: choose, replay, combine, widen by what went wrong, say what is doubtful."""

from dataclasses import replace
from typing import Final

import numpy as np
import polars as pl

from core.errors import InvalidParameterError
from core.forecasting.backtest import CHOSEN, Asked, Backtest, answer, backtest
from core.forecasting.base import at_least
from core.forecasting.conformal import half_widths
from core.forecasting.leaderboard import leaderboard
from core.forecasting.registry import forecaster
from core.forecasting.scoring import replayed_half_widths
from core.forecasting.series import FloatArray, Series
from core.forecasting.series_file import read_series
from core.forecasting.series_results import (
    LEVELS,
    FileForecast,
    Floor,
    ForecastOptions,
    SeriesForecast,
)
from core.forecasting.series_warnings import series_warnings

LONGEST_HORIZON: Final = 400
_FEWEST_ORIGINS: Final = 3
_PERIODS_REPLAYED: Final = 3_000
_FILE_LEVELS: Final = (80, 95)
_REPLAY_SCHEMA: Final = {
    "origin": pl.Date,
    "horizon": pl.Int64,
    "ds": pl.Date,
    **dict.fromkeys(("forecast", "actual", "lo80", "hi80", "lo95", "hi95"), pl.Float64),
}


def forecast_series(
    series: Series, horizon: int, options: ForecastOptions | None = None
) -> SeriesForecast:
    """Forecast the next periods of one history, with intervals and the method's own record.

    The method is the richest the history can support (:func:`core.forecasting.choose.choose`). It
    is replayed from past origins; its interval comes from the errors seen there, and the
    leaderboard tells how it did beside the baseline of repeating last season. A pure function of
    its arguments, so that callers can keep the answer by fingerprint, horizon and options.

    Raises
    ------
    InvalidParameterError
        If the horizon is not between 1 and 400 periods.
    UnknownNameError
        If the options name a forecaster that does not exist.

    Examples
    --------
    >>> from datetime import date
    >>> from core.forecasting.frequency import Frequency, Grid
    >>> history = Series("won", Grid(Frequency.MONTH), date(2026, 1, 1), (90.0, 110.0, 100.0))
    >>> answer = forecast_series(history, 1)
    >>> answer.choice.name, answer.frame["forecast"].to_list()
    ('recent_mean', [100.0])
    """
    options = options or ForecastOptions()
    _check(horizon, options)
    floor = _floor(series, options.floor)
    asked = Asked(options.model, options.extra_models, horizon, floor)
    now = answer(series, asked)
    members = replace(asked, extra_models=(*asked.extra_models, *now.choice.members))
    past = backtest(series, members, _origins(series, options))
    level = typical_level(series)
    lines = leaderboard(series, now, past, level)
    return SeriesForecast(
        series=series,
        frame=_frame(series, now.headline, past, level, floor),
        choice=now.choice,
        leaderboard=lines,
        replay=_replay_frame(series, past, level, floor),
        options=options,
        warnings=series_warnings(now, past, level, lines, series),
    )


def forecast_file(
    name: str, data: bytes, horizon: int, options: ForecastOptions | None = None
) -> FileForecast:
    """Forecast every series of a CSV file ``[id,]ds,y``.

    Raises
    ------
    ImportRefusedError
        If the file cannot be read whole; the message names the lines.
    InvalidParameterError
        If the horizon is not between 1 and 400 periods.
    """
    _check(horizon, options or ForecastOptions())
    found = read_series(name, data, options)
    answers = tuple(forecast_series(series, horizon, options) for series in found.series)
    return FileForecast(answers, found.notes)


def typical_level(series: Series) -> float:
    """Return the usual size of a value: the mean of absolute values over the last season or year.

    >>> from datetime import date
    >>> from core.forecasting.frequency import Frequency, Grid
    >>> typical_level(Series("won", Grid(Frequency.YEAR), date(2026, 1, 1), (-90.0, 110.0)))
    100.0
    """
    return float(np.abs(series.array[-max(12, series.season_length) :]).mean())


def _check(horizon: int, options: ForecastOptions) -> None:
    if not 1 <= horizon <= LONGEST_HORIZON:
        raise InvalidParameterError(
            f"A horizon of {horizon} periods cannot be forecast.",
            f"Choose 1 to {LONGEST_HORIZON} periods.",
        )
    for name in options.extra_models:
        forecaster(name)


def _origins(series: Series, options: ForecastOptions) -> int:
    """Return fewer origins where each is slow and tells more."""
    return min(options.origins, max(_FEWEST_ORIGINS, _PERIODS_REPLAYED // len(series)))


def _floor(series: Series, floor: Floor) -> float | None:
    if floor is Floor.AUTO:
        return 0.0 if series.is_non_negative else None
    return 0.0 if floor is Floor.ZERO else None


def _frame(
    series: Series, headline: FloatArray, past: Backtest, level: float, floor: float | None
) -> pl.DataFrame:
    columns: dict[str, object] = {
        "ds": series.future_dates(len(headline)),
        "forecast": headline,
    }
    reach = np.zeros(len(headline))
    for percent in LEVELS:  # a wider promise is never the narrower interval
        reach = np.maximum(reach, half_widths(past.errors(), level, percent))
        columns[f"lo{percent}"] = at_least(headline - reach, floor)
        columns[f"hi{percent}"] = headline + reach
    return pl.DataFrame(columns)


def _replay_frame(
    series: Series, past: Backtest, level: float, floor: float | None
) -> pl.DataFrame:
    forecasts = past.forecasts[CHOSEN]
    dates = (*series.dates, *series.future_dates(forecasts.shape[1]))
    rows, ahead = np.indices(forecasts.shape)
    columns: dict[str, object] = {
        "origin": [dates[past.origins[row] - 1] for row in rows.ravel()],
        "horizon": ahead.ravel() + 1,
        "ds": [dates[position] for position in past.periods.ravel()],
        "forecast": forecasts.ravel(),
        "actual": past.actuals.ravel(),
    }
    for percent in _FILE_LEVELS:
        reach = replayed_half_widths(past, level, percent)
        columns[f"lo{percent}"] = at_least(forecasts - reach, floor).ravel()
        columns[f"hi{percent}"] = (forecasts + reach).ravel()
    frame = pl.DataFrame(columns, schema=_REPLAY_SCHEMA)
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None)).filter(
        pl.col("actual").is_not_null()
    )
