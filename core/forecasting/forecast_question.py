"""What a forecast of revenue is asked: as of when, for which periods, about which deals."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from core.errors import InvalidParameterError
from core.forecasting.frequency import FiscalCalendar, Frequency, Grid
from core.forecasting.segments import Segment

LONGEST_MONTHS: Final = 24
"""Months ahead beyond which no forecast of a pipeline is made."""

_MONTHS_A_YEAR: Final = 12
_PREPARED_MONTHS: Final = (6, 12, LONGEST_MONTHS)
_JANUARY: Final = 1


class PeriodKind(StrEnum):
    """What the forecast is told by."""

    MONTH = "month"
    QUARTER = "quarter"

    @property
    def frequency(self) -> Frequency:
        """The length of one period."""
        return Frequency.MONTH if self is PeriodKind.MONTH else Frequency.QUARTER

    @property
    def months(self) -> int:
        """Months in one period."""
        return self.frequency.months


@dataclass(frozen=True)
class ForecastPeriod:
    """A month or quarter: how machine formats call it, and its days, both included."""

    label: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class ForecastQuestion:
    """What is asked; hashable, so that it can be part of a cache key.

    Parameters
    ----------
    currency
        Reporting currency.
    as_of
        Last day of which everything is known; nothing later is looked at.
    kind
        Months or quarters of the fiscal year.
    horizon
        How many periods, the first being the one that holds the day after the as-of date. A
        period in progress counts: what it has booked is known, the rest is forecast.
    year_starts_in
        Month in which the fiscal year starts, 1 to 12.
    segment
        Which deals count.

    Raises
    ------
    InvalidParameterError
        If the horizon has no period or is longer than two years, or there is no such month.
    """

    currency: str
    as_of: date
    kind: PeriodKind = PeriodKind.MONTH
    horizon: int = 6
    year_starts_in: int = 1
    segment: Segment = field(default_factory=Segment)

    def __post_init__(self) -> None:
        longest = LONGEST_MONTHS // self.kind.months
        if not 1 <= self.horizon <= longest:
            raise InvalidParameterError(
                f"A horizon of {self.horizon} {self.kind}s cannot be forecast.",
                f"Choose 1 to {longest} {self.kind}s.",
            )
        FiscalCalendar(self.year_starts_in)

    @property
    def calendar(self) -> FiscalCalendar:
        """The company's fiscal calendar."""
        return FiscalCalendar(self.year_starts_in)

    @property
    def periods(self) -> tuple[ForecastPeriod, ...]:
        """The periods asked about.

        >>> asked = ForecastQuestion("EUR", date(2026, 11, 20), PeriodKind.QUARTER, 2, 2)
        >>> [(period.label, str(period.starts_on)) for period in asked.periods]
        [('FY2027-Q4', '2026-11-01'), ('FY2028-Q1', '2027-02-01')]
        """
        return self.periods_after(self.as_of, self.horizon)

    def periods_after(self, day: date, count: int) -> tuple[ForecastPeriod, ...]:
        """Return periods in a row, the first being the one that holds the day after."""
        grid = Grid(self.kind.frequency)
        first = self.calendar.period_start(day + timedelta(days=1), self.kind.frequency)
        starts = [grid.step(first, number) for number in range(count + 1)]
        return tuple(
            ForecastPeriod(self._label(start), start, after - timedelta(days=1))
            for start, after in pairwise(starts)
        )

    @property
    def days_ahead(self) -> tuple[tuple[float, float], ...]:
        """For each period, days from the as-of date to what is left of it, and to its end."""
        ends = [float((period.ends_on - self.as_of).days) for period in self.periods]
        return tuple(pairwise([0.0, *ends]))

    @property
    def by_month(self) -> "ForecastQuestion":
        """The same question by month: quarters are made of their months, so that they add up."""
        if self.kind is PeriodKind.MONTH:
            return self
        first, last = self.periods[0].starts_on, self.periods[-1].ends_on
        begins = max(first, self._next_day.replace(day=1))
        months = (last.year - begins.year) * _MONTHS_A_YEAR + last.month - begins.month + 1
        return replace(self, kind=PeriodKind.MONTH, horizon=months)

    @property
    def prepared(self) -> "ForecastQuestion":
        """The question whose replay answers this one: by month, over 6, 12 or 24 of them.

        Months and quarters, near and further, share one replay where these are the same.
        """
        months = self.by_month
        spans = [span for span in _PREPARED_MONTHS if span >= months.horizon]
        return replace(months, horizon=spans[0])

    @property
    def _next_day(self) -> date:
        return self.as_of + timedelta(days=1)

    def _label(self, start: date) -> str:
        if self.kind is PeriodKind.MONTH:
            return f"{start:%Y-%m}"
        quarter = (start.month - self.year_starts_in) % _MONTHS_A_YEAR // 3 + 1
        if self.year_starts_in == _JANUARY:
            return f"{start.year}-Q{quarter}"
        return f"FY{start.year + (start.month >= self.year_starts_in)}-Q{quarter}"
