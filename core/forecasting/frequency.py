"""Periods of days to years, with a fiscal year that may start in any month."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from core.errors import InvalidParameterError

_MONTHS_A_YEAR: Final = 12
_SATURDAY: Final = 5


class Frequency(StrEnum):
    """How long one period is."""

    DAY = "day"
    BUSINESS_DAY = "business day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def season_length(self) -> int:
        """Periods after which a pattern repeats: a week of days, a year of anything longer."""
        return _SEASON_LENGTHS[self]

    @property
    def months(self) -> int:
        """Months in one period; 0 where a period is counted in days."""
        return _MONTHS.get(self, 0)


_SEASON_LENGTHS: Final = {
    Frequency.DAY: 7,
    Frequency.BUSINESS_DAY: 5,
    Frequency.WEEK: 52,
    Frequency.MONTH: 12,
    Frequency.QUARTER: 4,
    Frequency.YEAR: 1,
}
_MONTHS: Final = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.YEAR: _MONTHS_A_YEAR}


@dataclass(frozen=True)
class FiscalCalendar:
    """When this company's year and week start, so that a quarter is *its* quarter.

    Parameters
    ----------
    year_starts_in
        Month in which the fiscal year starts, 1 to 12.
    week_starts_on
        First day of the week: 0 is Monday, 6 is Sunday.

    Examples
    --------
    >>> FiscalCalendar(year_starts_in=2).period_start(date(2026, 1, 20), Frequency.QUARTER)
    datetime.date(2025, 11, 1)
    """

    year_starts_in: int = 1
    week_starts_on: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.year_starts_in <= _MONTHS_A_YEAR:
            raise InvalidParameterError(
                f"A fiscal year cannot start in month {self.year_starts_in}.",
                "Choose a month from 1 to 12.",
            )
        if not 0 <= self.week_starts_on <= 6:  # noqa: PLR2004 - days of a week
            raise InvalidParameterError(
                f"A week cannot start on day {self.week_starts_on}.",
                "Choose 0 for Monday to 6 for Sunday.",
            )

    def period_start(self, day: date, frequency: Frequency) -> date:
        """Return the first day of the period that holds a day."""
        if frequency is Frequency.DAY:
            return day
        if frequency is Frequency.BUSINESS_DAY:  # a weekend's sales count for the Friday before
            return day - timedelta(days=max(0, day.weekday() - _SATURDAY + 1))
        if frequency is Frequency.WEEK:
            return day - timedelta(days=(day.weekday() - self.week_starts_on) % 7)
        months_in = (day.month - self.year_starts_in) % frequency.months
        return _shift_months(day.replace(day=1), -months_in, 1)


@dataclass(frozen=True)
class Grid:
    """The dates a series is written on, and how to count along them.

    Parameters
    ----------
    frequency
        Length of a period.
    anchor_day
        Day of the month dates fall on; 31 is the last day of each month.

    Examples
    --------
    >>> Grid(Frequency.MONTH, anchor_day=31).step(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """

    frequency: Frequency
    anchor_day: int = 1

    def step(self, day: date, periods: int) -> date:
        """Return the date some periods after a date of the grid."""
        if self.frequency.months:
            return _shift_months(day, periods * self.frequency.months, self.anchor_day)
        if self.frequency is Frequency.BUSINESS_DAY:
            return _shift_business_days(day, periods)
        days = 7 if self.frequency is Frequency.WEEK else 1
        return day + timedelta(days=periods * days)

    def between(self, first: date, last: date) -> int:
        """Return the number of whole periods from one date of the grid to another."""
        if self.frequency.months:
            months = (last.year - first.year) * _MONTHS_A_YEAR + last.month - first.month
            return months // self.frequency.months
        days = (last - first).days
        if self.frequency is Frequency.BUSINESS_DAY:
            return days - 2 * ((first.weekday() + days) // 7)
        return days // (7 if self.frequency is Frequency.WEEK else 1)


def _shift_months(day: date, months: int, anchor_day: int) -> date:
    position = day.year * _MONTHS_A_YEAR + day.month - 1 + months
    year, month = divmod(position, _MONTHS_A_YEAR)
    month += 1
    return date(year, month, min(anchor_day, monthrange(year, month)[1]))


def _shift_business_days(day: date, periods: int) -> date:
    weeks, weekday = divmod(day.weekday() + periods, 5)
    return day + timedelta(days=weeks * 7 + weekday - day.weekday())
