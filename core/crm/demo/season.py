"""The business calendar: growth, seasons, quarter ends and working hours.

Moments of the simulator are days since the window's first midnight on a clock that runs through
working hours only and takes a week of seven days for them: `Window.real_days` turns them into days
of the calendar, `Window.moments` turns those back. Both keep the order of what happens.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np

from core.crm.demo.chance import Floats, Ints

MONTHS: Final = 36
LEAD_IN_DAYS: Final = 540
"""Days before the window for which the calendar is known: first touches of the oldest deals."""

_AFTER_DAYS: Final = 900  # the hidden future of deals that are open when the window ends
_DAY_SECONDS: Final = 86_400
_EARLY_IN_QUARTER: Final = 60  # days left
_OPENS, _OPEN_HOURS = 8, 10
_WORKDAYS: Final = 5.0
_WEEKEND: Final = 2

# Relative demand by month of the year: budgets open in January, summer and Christmas are quiet.
_DEMAND: Final = (1.18, 1.12, 1.15, 1.0, 0.98, 0.96, 0.78, 0.66, 1.12, 1.16, 1.1, 0.72)
_DECISIONS: Final = (0.82, 0.95, 1.15, 0.92, 1.0, 1.2, 0.85, 0.7, 1.12, 1.0, 1.1, 1.35)


@dataclass(frozen=True)
class Window:
    """The 36 months a company is shown for.

    Parameters
    ----------
    ends_on
        Last day, included.
    growth_a_year
        Growth of demand, 0.25 for 25 %.
    """

    ends_on: date
    growth_a_year: float = 0.25

    @property
    def starts_on(self) -> date:
        """First day: 36 months before the day after the last."""
        after = self.ends_on + timedelta(days=1)
        months = after.year * 12 + after.month - 1 - MONTHS
        first_of_month = date(months // 12, months % 12 + 1, 1)
        next_month = (first_of_month.replace(day=28) + timedelta(days=4)).replace(day=1)
        return first_of_month + timedelta(
            days=min(after.day, (next_month - first_of_month).days) - 1
        )

    @property
    def days(self) -> int:
        """Length of the window in days."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def horizon(self) -> float:
        """The simulator's moment at the end of the last day."""
        return float(self.moments(np.asarray([self.days - 1e-6]))[0])

    def demand(self) -> Floats:
        """Relative number of new opportunities for each day from the lead-in to the end."""
        day = np.arange(-LEAD_IN_DAYS, self.days + _WEEKEND)
        months = self._month_of(day)
        growth = (1.0 + self.growth_a_year) ** (day / 365.25)
        seasonal: Floats = growth * np.asarray(_DEMAND)[months]
        return seasonal

    def decisions(self) -> Floats:
        """Relative readiness to decide for each day from the lead-in on; peaks at quarter ends."""
        day = np.arange(-LEAD_IN_DAYS, self.days + _AFTER_DAYS)
        left = self._days_left_in_quarter(day)
        bunching = 1.0 + 2.2 * np.exp(-left / 8.0) - 0.35 * (left > _EARLY_IN_QUARTER)
        factors: Floats = bunching * np.asarray(_DECISIONS)[self._month_of(day)]
        return factors

    def on_calendar(self, table: Floats, days: Floats) -> Floats:
        """Look up a daily table, such as `decisions`, at days of the calendar."""
        position = np.floor(days).astype(np.int64) + LEAD_IN_DAYS
        found: Floats = table[np.clip(position, 0, table.size - 1)]
        return found

    def month_number(self, days: Floats) -> Ints:
        """Count months since January 1970."""
        months: Ints = self._dates(days).astype("datetime64[M]").astype(np.int64)
        return months

    def real_days(self, moments: Floats) -> Floats:
        """Turn moments into days of the calendar; the fraction is that of the working day."""
        absolute = moments + self.starts_on.weekday()
        week = np.floor(absolute / 7.0)
        days: Floats = 7.0 * week + (absolute - 7.0 * week) * _WORKDAYS / 7.0
        return days - self.starts_on.weekday()

    def moments(self, real_days: Floats) -> Floats:
        """Turn days of the calendar into moments; weekends become the end of Friday."""
        absolute = real_days + self.starts_on.weekday()
        week = np.floor(absolute / 7.0)
        within = np.minimum(absolute - 7.0 * week, _WORKDAYS - 1e-6)
        moments: Floats = 7.0 * week + within * 7.0 / _WORKDAYS
        return moments - self.starts_on.weekday()

    def working_seconds(self, moments: Floats) -> Ints:
        """Turn moments into epoch seconds within working hours, keeping their order."""
        days = self.real_days(moments)
        whole = np.floor(days)
        hours = _OPENS + _OPEN_HOURS * (days - whole)
        seconds: Ints = np.floor(whole * _DAY_SECONDS + hours * 3600.0).astype(np.int64)
        return seconds + self.epoch

    def epoch_days(self, days: Floats | Ints) -> Ints:
        """Turn days of the calendar into whole days since 1970."""
        whole: Ints = np.floor(days).astype(np.int64) + self.epoch // _DAY_SECONDS
        return whole

    def month_end(self, days: Floats) -> Floats:
        """Return the last day of each day's month."""
        following = (self._dates(days).astype("datetime64[M]") + 1).astype("datetime64[D]")
        ends: Floats = (following.astype(np.int64) - 1 - self.epoch // _DAY_SECONDS).astype(float)
        return ends

    def quarter_end(self, days: Floats) -> Floats:
        """Return the last day of each day's quarter."""
        whole = np.floor(days)
        ends: Floats = whole + self._days_left_in_quarter(whole.astype(np.int64))
        return ends

    @property
    def epoch(self) -> int:
        """Seconds from 1970 to the window's first midnight, UTC."""
        start = self.starts_on
        return int(datetime(start.year, start.month, start.day, tzinfo=UTC).timestamp())

    def _dates(self, days: Floats | Ints) -> np.ndarray:
        return np.datetime64(self.starts_on) + np.floor(days).astype(np.int64)

    def _month_of(self, day: Ints) -> Ints:
        months: Ints = self._dates(day).astype("datetime64[M]").astype(np.int64) % 12
        return months

    def _days_left_in_quarter(self, day: Ints) -> Ints:
        dates = self._dates(day)
        quarter = dates.astype("datetime64[M]").astype(np.int64) // 3 * 3 + 3
        following = quarter.astype("datetime64[M]").astype("datetime64[D]")
        left: Ints = (following - dates).astype(np.int64) - 1
        return left
