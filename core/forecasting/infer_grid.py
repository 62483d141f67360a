"""Tell from its dates whether a series is daily, weekly, monthly, quarterly or yearly."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Final

from core.forecasting.frequency import Frequency, Grid

_SATURDAY: Final = 5
_LAST_DAY: Final = 31
_A_WEEK: Final = 7
_MANY_DAYS: Final = 10
_SPARSE: Final = 3
_YEAR_MONTHS: Final = 12
_QUARTER_MONTHS: Final = 3
# Median days between neighbours above which dates are months, quarters, years.
_MONTHLY, _QUARTERLY, _YEARLY = 27, 80, 330


def common_frequency(groups: Sequence[Sequence[date]]) -> Frequency:
    """Return the frequency most series of a file have; a month where none can tell."""
    votes = Counter(found for found in (_frequency(days) for days in groups) if found is not None)
    return votes.most_common(1)[0][0] if votes else Frequency.MONTH


def infer_grid(days: Sequence[date], common: Frequency, *, fixed: bool) -> Grid:
    """Return the grid of one series, sorted by date.

    Parameters
    ----------
    days
        Its dates, oldest first.
    common
        The frequency of the file, for a series too short to tell.
    fixed
        Whether that frequency was asked for and is not to be questioned.
    """
    own = None if fixed else _frequency(days)
    frequency = common
    if own is not None and off_grid(days, _grid(days, common)):
        frequency = own
    return _grid(days, frequency)


def off_grid(days: Sequence[date], grid: Grid) -> list[date]:
    """Return the dates that do not lie on a grid that starts at the first one."""
    first = days[0]
    return [day for day in days if grid.step(first, grid.between(first, day)) != day]


def sparse(days: Sequence[date], grid: Grid) -> bool:
    """Return whether most periods of the grid have no date, so that it is probably the wrong one.

    >>> sparse([date(2026, 1, 1), date(2026, 1, 11), date(2026, 1, 22)], Grid(Frequency.DAY))
    True
    """
    return grid.between(days[0], days[-1]) + 1 > _SPARSE * len(days)


def _grid(days: Sequence[date], frequency: Frequency) -> Grid:
    return Grid(frequency, _anchor(days))


def _anchor(days: Sequence[date]) -> int:
    """Return 31 for dates at the end of their month, else the day most of them share."""
    if all(_is_last(day) for day in days):
        return _LAST_DAY
    counts = Counter(day.day for day in days)
    return max(counts, key=lambda day: (counts[day], day))


def _is_last(day: date) -> bool:
    return date.fromordinal(day.toordinal() + 1).month != day.month


def _frequency(days: Sequence[date]) -> Frequency | None:
    if len(days) < 2:  # noqa: PLR2004 - one date has no distance
        return None
    gaps = [(late - early).days for early, late in pairwise(days)]
    typical = median(gaps)
    if typical >= _MONTHLY:
        return _monthly_kind(days, typical)
    if all(gap % _A_WEEK == 0 for gap in gaps):
        return Frequency.WEEK
    if len(days) >= _MANY_DAYS and all(day.weekday() < _SATURDAY for day in days):
        return Frequency.BUSINESS_DAY
    return Frequency.DAY


def _monthly_kind(days: Sequence[date], typical: float) -> Frequency:
    months = [day.year * _YEAR_MONTHS + day.month for day in days]
    apart = [late - early for early, late in pairwise(months)]
    if typical >= _YEARLY and all(gap % _YEAR_MONTHS == 0 for gap in apart):
        return Frequency.YEAR
    if typical >= _QUARTERLY and all(gap % _QUARTER_MONTHS == 0 for gap in apart):
        return Frequency.QUARTER
    return Frequency.MONTH
