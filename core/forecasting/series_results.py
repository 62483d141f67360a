"""What a forecast answers: the path, its intervals and the record of the method."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from core.errors import InvalidParameterError
from core.forecasting.frequency import FiscalCalendar, Frequency
from core.forecasting.series import Gaps, Series

if TYPE_CHECKING:  # the companion fits without frames
    import polars as pl

LEVELS: Final = (50, 80, 95)
FILE_COLUMNS: Final = ("id", "ds", "forecast", "lo80", "hi80", "lo95", "hi95")


class Floor(StrEnum):
    """Whether a forecast may go below zero."""

    AUTO = "auto"
    ZERO = "zero"
    NONE = "none"


@dataclass(frozen=True)
class ForecastOptions:
    """How a series is forecast; hashable, so that it can be part of a cache key.

    Parameters
    ----------
    model
        ``auto`` chooses by the length of the history; otherwise the name of one forecaster.
    extra_models
        Forecasters to list on the leaderboard besides those the headline uses.
    origins
        Past dates the forecast is replayed from, at most; each costs one fit a forecaster, so
        histories of more than 375 periods are replayed from fewer.
    floor
        ``auto`` keeps a series that never was negative at or above zero.
    gaps
        What a missing period of a file means.
    frequency
        Length of a period in a file; None infers it from the dates.
    calendar
        The company's fiscal calendar.
    as_of
        Day the question is asked: a period of a file that is not over by then is left out. None
        takes every period of the file as complete.
    """

    model: str = "auto"
    extra_models: tuple[str, ...] = ()
    origins: int = 8
    floor: Floor = Floor.AUTO
    gaps: Gaps = Gaps.INTERPOLATE
    frequency: Frequency | None = None
    calendar: FiscalCalendar = field(default_factory=FiscalCalendar)
    as_of: date | None = None

    def __post_init__(self) -> None:
        if self.origins < 1:
            raise InvalidParameterError(
                f"{self.origins} origins replay nothing.", "Choose at least 1 origin; 8 is usual."
            )


@dataclass(frozen=True)
class Coverage:
    """How often an interval held what came, in the replay.

    Parameters
    ----------
    level
        What it promises, in per cent.
    hits
        Values inside.
    n
        Values replayed: one an origin and a horizon.
    periods
        Distinct periods among them. Forecasts of one period from several origins miss together,
        so the band counts periods, not values.
    low, high
        Wilson band of the share at 95 per cent; 0 and 1 when nothing was replayed.
    """

    level: int
    hits: int
    n: int
    periods: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """Share of values inside; None when nothing was replayed."""
        return self.hits / self.n if self.n else None


@dataclass(frozen=True)
class Skill:
    """How much smaller the error is than that of repeating last season.

    Parameters
    ----------
    value
        1 - error / error of the seasonal naive forecast; above zero is better. None when the
        naive forecast never erred or nothing could be replayed.
    low, high
        Its 95 per cent interval; None with fewer than three periods.
    """

    value: float | None
    low: float | None = None
    high: float | None = None

    @property
    def verdict(self) -> str:
        """The comparison in words, never stronger than the interval allows."""
        if self.value is None:
            return "not measured"
        if self.low is None or self.high is None:
            return "too few periods to tell"
        if self.low > 0:
            return "better than last season repeated"
        if self.high < 0:
            return "worse than last season repeated"
        return "not clearly better or worse than last season repeated"


@dataclass(frozen=True)
class Standing:
    """One line of the leaderboard: how a forecaster did when replayed on this history.

    Parameters
    ----------
    name, title
        Which forecaster.
    mae
        Mean absolute error, in the unit of the series; None when it could not be replayed.
    mase
        ``mae`` over the in-sample error of repeating last season; None when that is zero.
    bias
        Mean of forecast - actual: above zero means it forecasts too much.
    skill
        Against repeating last season, on the same origins and horizons.
    coverage
        Of its intervals, by level.
    origins, n
        Origins and errors behind the figures.
    problem
        Why it gave no forecast; empty otherwise.
    """

    name: str
    title: str
    mae: float | None
    mase: float | None
    bias: float | None
    skill: Skill
    coverage: tuple[Coverage, ...]
    origins: int
    n: int
    problem: str = ""


@dataclass(frozen=True)
class Choice:
    """Which method makes the headline, of which members, and why."""

    name: str
    title: str
    members: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class SeriesForecast:
    """A forecast that carries its own track record.

    Parameters
    ----------
    series
        The history it continues.
    frame
        One row a period: ``ds, forecast, lo50, hi50, lo80, hi80, lo95, hi95``.
    choice
        Method, members and reason.
    leaderboard
        Every forecaster replayed, the smallest error first.
    replay
        One row a replayed origin and horizon of the chosen method: ``origin, horizon, ds,
        forecast, actual, lo80, hi80, lo95, hi95``.
    options
        What was asked.
    warnings
        Doubts to show wherever the numbers are shown.
    """

    series: Series
    frame: "pl.DataFrame"
    choice: Choice
    leaderboard: tuple[Standing, ...]
    replay: "pl.DataFrame"
    options: ForecastOptions
    warnings: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """The data it was asked of."""
        return self.series.fingerprint

    @property
    def track_record(self) -> Standing:
        """The leaderboard's line of the method that makes the headline."""
        return next(line for line in self.leaderboard if line.name == self.choice.name)

    @property
    def file_frame(self) -> "pl.DataFrame":
        """Return the machine format: ``id, ds, forecast, lo80, hi80, lo95, hi95``."""
        import polars as pl

        return self.frame.select(pl.lit(self.series.name).alias("id"), *FILE_COLUMNS[1:])


@dataclass(frozen=True)
class FileForecast:
    """The forecasts of every series of a file, and what was inferred while reading it."""

    forecasts: tuple[SeriesForecast, ...]
    notes: tuple[str, ...]

    @property
    def frame(self) -> "pl.DataFrame":
        """Return the machine format: ``id, ds, forecast, lo80, hi80, lo95, hi95``."""
        import polars as pl

        return pl.concat([each.file_frame for each in self.forecasts])
