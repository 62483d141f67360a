"""What a forecast is asked about: one value a complete period, nothing made up in silence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from core.errors import EmptyWorkspaceError, InvalidParameterError
from core.forecasting.frequency import FiscalCalendar, Frequency, Grid

FloatArray = NDArray[np.float64]


class Gaps(StrEnum):
    """What a period without a value means."""

    ZERO = "zero"
    INTERPOLATE = "interpolate"


@dataclass(frozen=True)
class Series:
    """A history on a regular grid of complete periods.

    Parameters
    ----------
    name
        Whose history it is; the ``id`` of a file, empty for a file of one series.
    grid
        How dates follow one another.
    starts_on
        Date of the first period.
    values
        One finite value a period, oldest first.
    filled
        Positions that were missing and had to be filled; no error is measured on them.
    """

    name: str
    grid: Grid
    starts_on: date
    values: tuple[float, ...]
    filled: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not self.values:
            raise EmptyWorkspaceError(
                f"Series '{self.name}' has no complete period.",
                "A forecast needs at least one period that is over.",
            )
        if not all(isfinite(value) for value in self.values):
            raise InvalidParameterError(
                f"Series '{self.name}' holds a value that is not a finite number.",
                "Leave the period out; it is then treated as a gap.",
            )

    def __len__(self) -> int:
        return len(self.values)

    @property
    def season_length(self) -> int:
        """Periods in one season."""
        return self.grid.frequency.season_length

    @property
    def dates(self) -> tuple[date, ...]:
        """The date of each period."""
        return tuple(self.grid.step(self.starts_on, i) for i in range(len(self)))

    @property
    def ends_on(self) -> date:
        """The date of the last period."""
        return self.grid.step(self.starts_on, len(self) - 1)

    @cached_property
    def array(self) -> FloatArray:
        """The values, for arithmetic; not to be written to."""
        array = np.asarray(self.values, dtype=np.float64)
        array.setflags(write=False)
        return array

    @property
    def is_constant(self) -> bool:
        """Whether every period had the same value."""
        return min(self.values) == max(self.values)

    @property
    def is_non_negative(self) -> bool:
        """Whether no period was below zero, as revenue is."""
        return min(self.values) >= 0

    @cached_property
    def fingerprint(self) -> str:
        """Return what a cache may use as key: it changes with any date, value or gap."""
        content = (self.name, self.grid, self.starts_on, self.values, sorted(self.filled))
        return sha256(repr(content).encode()).hexdigest()[:16]

    def future_dates(self, horizon: int) -> tuple[date, ...]:
        """Return the dates of the periods after the last one."""
        return tuple(self.grid.step(self.ends_on, h) for h in range(1, horizon + 1))

    def head(self, periods: int) -> "Series":
        """Return what was known after the first periods."""
        filled = frozenset(i for i in self.filled if i < periods)
        return replace(self, values=self.values[:periods], filled=filled)

    def tail(self, periods: int) -> "Series":
        """Return the most recent periods only."""
        dropped = max(0, len(self) - periods)
        return replace(
            self,
            starts_on=self.grid.step(self.starts_on, dropped),
            values=self.values[dropped:],
            filled=frozenset(i - dropped for i in self.filled if i >= dropped),
        )


def regular_series(
    name: str, grid: Grid, observed: Sequence[tuple[date, float]], gaps: Gaps
) -> Series:
    """Place dated values on their grid and fill the periods between that have none.

    Parameters
    ----------
    name
        Whose history it is.
    grid
        How dates follow one another.
    observed
        Dates of the grid with their values, oldest first, each date once.
    gaps
        ``zero`` where a missing period means that nothing happened, ``interpolate`` where it
        means that nobody measured: a straight line between the neighbours.

    Raises
    ------
    EmptyWorkspaceError
        If there is no value at all.
    """
    if not observed:
        return Series(name, grid, date.min, ())
    starts_on = observed[0][0]
    positions = np.array([grid.between(starts_on, day) for day, _ in observed])
    known = np.array([value for _, value in observed], dtype=np.float64)
    every = np.arange(positions[-1] + 1)
    if gaps is Gaps.INTERPOLATE:
        values = np.interp(every, positions, known)
    else:
        values = np.zeros(len(every))
        values[positions] = known
    missing = frozenset(range(len(every))) - frozenset(positions.tolist())
    return Series(name, grid, starts_on, tuple(values.tolist()), missing)


@dataclass(frozen=True)
class PeriodRule:
    """Which periods count as complete, and by whose calendar.

    Parameters
    ----------
    frequency
        Length of a period.
    as_of
        The day the question is asked; the period that holds it is not over and is left out.
    calendar
        The company's fiscal calendar.
    known_until
        Last day the data is known to cover, such as the day of the last import. Periods without
        activity up to then are zeros; None ends the series with its last activity.
    """

    frequency: Frequency
    as_of: date
    calendar: FiscalCalendar = field(default_factory=FiscalCalendar)
    known_until: date | None = None


def complete_periods(name: str, amounts: Iterable[tuple[date, float]], rule: PeriodRule) -> Series:
    """Sum dated amounts by complete period, so that a half month is never read as a slump.

    The period that holds ``as_of`` is left out, as is anything after it. Periods without activity
    between the first and the last active one are zeros: nothing was won in them. Nothing is
    filled in before the first activity.

    Raises
    ------
    EmptyWorkspaceError
        If no amount falls into a period that is over.

    Examples
    --------
    >>> won = [(date(2026, 1, 5), 100.0), (date(2026, 3, 9), 50.0), (date(2026, 4, 2), 80.0)]
    >>> complete_periods("won", won, PeriodRule(Frequency.MONTH, as_of=date(2026, 4, 15))).values
    (100.0, 0.0, 50.0)
    """
    grid = Grid(rule.frequency)
    current = rule.calendar.period_start(rule.as_of, rule.frequency)
    sums: dict[date, float] = {}
    for day, amount in amounts:
        period = rule.calendar.period_start(day, rule.frequency)
        if period < current:
            sums[period] = sums.get(period, 0.0) + amount
    if sums and rule.known_until is not None:
        covered = min(current, rule.calendar.period_start(rule.known_until, rule.frequency))
        last_known = grid.step(covered, -1)
        if last_known > max(sums):
            sums[last_known] = 0.0
    series = regular_series(name, grid, sorted(sums.items()), Gaps.ZERO)
    return replace(series, filled=frozenset())  # a period without a won deal is a true zero
