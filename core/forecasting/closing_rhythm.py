"""When in a quarter deals are decided: the rush at its end, measured and never assumed.

    factor of a part of the quarter = (decided in it + m) / (decided in it if days were alike + m)

Counted over whole fiscal quarters that are over, each with its own total, so that growth from
quarter to quarter is not mistaken for a rhythm. m = 10 decisions of belief that days are alike.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

import numpy as np
import polars as pl

from core.forecasting.frequency import FiscalCalendar, Frequency, Grid
from core.forecasting.histories import DAY, Histories, end_of
from core.forecasting.landmarks import Floats, Integers

BANDS_DAYS_LEFT: Final = (3, 7, 14, 31, 61)
"""Days left in the quarter, the day itself not counted, at which a new part of it begins."""

MIN_QUARTERS: Final = 4
"""Whole quarters below which no rhythm is told from growth."""

BELIEF: Final = 10.0

_QUARTERS = Grid(Frequency.QUARTER)


@dataclass(frozen=True)
class Rhythm:
    """How much readier deals are to be decided in each part of a quarter than on average.

    Parameters
    ----------
    calendar
        The fiscal calendar.
    factors
        By part of the quarter, the last days first; their mean over days is 1.
    """

    calendar: FiscalCalendar
    factors: tuple[float, ...] = (1.0,) * (len(BANDS_DAYS_LEFT) + 1)

    def by_day(self, first_epoch: int, days: int) -> Floats:
        """Return the factor of each of some days in a row, the first given by its epoch second."""
        left = days_left(self.calendar, first_epoch, days)
        by_band: Floats = np.asarray(self.factors)[np.digitize(left, BANDS_DAYS_LEFT)]
        return by_band

    @property
    def is_even(self) -> bool:
        """Whether every day is like every other."""
        return set(self.factors) == {1.0}

    def between(self, begins: Floats, ends: Floats) -> Floats:
        """Return the mean factor of spans between pairs of epoch seconds."""
        if self.is_even or not len(begins):
            return np.ones(len(begins))
        first = int(begins.min() // DAY) * DAY
        days = int((ends.max() - first) // DAY) + 1
        total = np.concatenate([[0.0], np.cumsum(self.by_day(first, days))])
        at = np.arange(len(total), dtype=np.float64)
        gained = np.interp((ends - first) / DAY, at, total) - np.interp(
            (begins - first) / DAY, at, total
        )
        mean: Floats = gained / ((ends - begins) / DAY)
        return mean


def learn_rhythm(histories: Histories, at: int, outcome: str, calendar: FiscalCalendar) -> Rhythm:
    """Learn the rhythm of wins or losses from what was known at an instant.

    No rhythm where fewer than four whole quarters with such outcomes are over.
    """
    known = (
        histories.deals.filter(pl.col("outcome") == outcome, pl.col("closed_epoch") < at)[
            "closed_epoch"
        ]
        .sort()
        .to_numpy()
    )
    if not len(known):
        return Rhythm(calendar)
    today = _day(at - 1)
    begins = calendar.period_start(_day(int(known[0])), Frequency.QUARTER)
    begins = _QUARTERS.step(begins, 1)
    current = calendar.period_start(today + timedelta(days=1), Frequency.QUARTER)
    if _QUARTERS.between(begins, current) < MIN_QUARTERS:
        return Rhythm(calendar)
    first = end_of(begins) - DAY
    days = (current - begins).days
    return Rhythm(calendar, _factors(calendar, first, days, (known - first) // DAY))


@dataclass(frozen=True)
class Rhythms:
    """The rhythms of wins and of losses."""

    won: Rhythm
    lost: Rhythm


def learn_rhythms(histories: Histories, at: int, calendar: FiscalCalendar) -> Rhythms:
    """Learn both rhythms from what was known at an instant."""
    return Rhythms(
        learn_rhythm(histories, at, "won", calendar), learn_rhythm(histories, at, "lost", calendar)
    )


def readiness(
    rhythms: Rhythms | None, at: Integers, days: tuple[float, float]
) -> tuple[Floats, Floats]:
    """Return the factors of wins and losses from one day to another after each instant."""
    if rhythms is None:
        return np.ones(len(at)), np.ones(len(at))
    begins, ends = (at.astype(np.float64) + day * DAY for day in days)
    return rhythms.won.between(begins, ends), rhythms.lost.between(begins, ends)


def ahead(rhythms: Rhythms | None, at: int, days: tuple[float, float]) -> tuple[float, float]:
    """Return the same for one instant."""
    won, lost = readiness(rhythms, np.array([at], dtype=np.int64), days)
    return float(won[0]), float(lost[0])


def days_left(calendar: FiscalCalendar, first_epoch: int, days: int) -> Integers:
    """Return how many days of its quarter are left after each of some days in a row."""
    day = _day(first_epoch)
    after = (day - date(day.year, 1, 1)).days
    return _left_in_years(calendar, day.year, (day + timedelta(days=days)).year)[
        after : after + days
    ]


@lru_cache(maxsize=64)
def _left_in_years(calendar: FiscalCalendar, first: int, last: int) -> Integers:
    """Return the same for every day of some years; a replay asks for them thousands of times."""
    day, end = date(first, 1, 1), date(last, 12, 31)
    left: list[int] = []
    while day <= end:
        after = _QUARTERS.step(calendar.period_start(day, Frequency.QUARTER), 1)
        remaining = (after - day).days
        left.extend(range(remaining - 1, -1, -1))
        day = after
    whole = np.asarray(left, dtype=np.int64)
    whole.setflags(write=False)
    return whole


def _factors(
    calendar: FiscalCalendar, first: int, days: int, decided: Integers
) -> tuple[float, ...]:
    left = days_left(calendar, first, days)
    band = np.digitize(left, BANDS_DAYS_LEFT)
    quarter = np.cumsum(np.diff(left, prepend=left[0]) > 0)
    inside = decided[(decided >= 0) & (decided < days)].astype(np.int64)
    bands, quarters = len(BANDS_DAYS_LEFT) + 1, int(quarter[-1]) + 1
    length = np.zeros((quarters, bands))
    np.add.at(length, (quarter, band), 1.0)
    events = np.zeros((quarters, bands))
    np.add.at(events, (quarter[inside], band[inside]), 1.0)
    alike = events.sum(axis=1, keepdims=True) * length / length.sum(axis=1, keepdims=True)
    factors = (events.sum(axis=0) + BELIEF) / (alike.sum(axis=0) + BELIEF)
    mean = float((factors * length.sum(axis=0)).sum() / length.sum())
    return tuple(float(factor) for factor in factors / mean)


def _day(epoch: int) -> date:
    return date(1970, 1, 1) + timedelta(days=epoch // DAY)
