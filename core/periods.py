"""Periods relative to the day the data reach, and what each is compared with.

"Today" is an argument: the as-of day of the data, so that a view opened next week says the same.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Preset(StrEnum):
    """The periods the filter bar offers."""

    QUARTER_TO_DATE = "qtd"
    LAST_QUARTER = "last_quarter"
    LAST_12_MONTHS = "12m"
    ALL_TIME = "all"
    CUSTOM = "custom"

    @property
    def label(self) -> str:
        """Name on screen."""
        return _LABELS[self]


_LABELS = {
    Preset.QUARTER_TO_DATE: "Quarter to date",
    Preset.LAST_QUARTER: "Last quarter",
    Preset.LAST_12_MONTHS: "Last 12 months",
    Preset.ALL_TIME: "All time",
    Preset.CUSTOM: "Custom",
}


@dataclass(frozen=True)
class Period:
    """A span of days, both ends included, with the words a reader knows it by.

    ``label`` fits beside a figure; ``words`` stands in a sentence.
    """

    starts_on: date | None
    ends_on: date | None
    label: str
    words: str = ""

    @property
    def in_words(self) -> str:
        """How a sentence calls it."""
        return self.words or self.label


def period(preset: Preset, as_of: date, custom: tuple[date, date] | None = None) -> Period:
    """Return the days a preset means on the day the data reach.

    A custom period without days is all time.

    >>> quarter = period(Preset.LAST_QUARTER, date(2026, 11, 22))
    >>> print(quarter.starts_on, quarter.ends_on, quarter.label)
    2026-07-01 2026-09-30 Q3 2026
    """
    opening = quarter_start(as_of)
    if preset is Preset.QUARTER_TO_DATE:
        return Period(opening, as_of, f"{quarter_name(as_of)} to date")
    if preset is Preset.LAST_QUARTER:
        closing = opening - timedelta(days=1)
        return Period(quarter_start(closing), closing, quarter_name(closing))
    if preset is Preset.LAST_12_MONTHS:
        return Period(_year_before(as_of) + timedelta(days=1), as_of, "the last 12 months")
    if preset is Preset.CUSTOM and custom:
        return Period(custom[0], custom[1], "the chosen days")
    return Period(None, None, "all time")


def previous(current: Period, preset: Preset) -> Period | None:
    """Return the period a preset is compared with, or None where there is none.

    A quarter to date is compared with as many days of the quarter before, so that an unfinished
    quarter is not held against a whole one.

    >>> today, preset = date(2026, 11, 22), Preset.QUARTER_TO_DATE
    >>> before = previous(period(preset, today), preset)
    >>> print(before.starts_on, before.ends_on, before.in_words)
    2026-07-01 2026-08-22 the same days of Q3 2026
    """
    if current.starts_on is None or current.ends_on is None:
        return None
    closing = current.starts_on - timedelta(days=1)
    length = current.ends_on - current.starts_on
    if preset is Preset.QUARTER_TO_DATE:
        opening = quarter_start(closing)
        return Period(
            opening,
            min(opening + length, closing),
            f"{quarter_name(closing)[:2]}, same days",
            f"the same days of {quarter_name(closing)}",
        )
    if preset is Preset.LAST_QUARTER:
        return Period(quarter_start(closing), closing, quarter_name(closing))
    if preset is Preset.LAST_12_MONTHS:
        return Period(
            _year_before(closing) + timedelta(days=1),
            closing,
            "year before",
            "the 12 months before",
        )
    before = f"{length.days + 1} days before"
    return Period(closing - length, closing, before, f"the {before}")


def quarter_start(day: date) -> date:
    """Return the first day of a day's calendar quarter.

    >>> quarter_start(date(2026, 11, 22))
    datetime.date(2026, 10, 1)
    """
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def quarter_end(day: date) -> date:
    """Return the last day of a day's calendar quarter.

    >>> quarter_end(date(2026, 11, 22))
    datetime.date(2026, 12, 31)
    """
    start = quarter_start(day)
    following = date(start.year + start.month // 10, (start.month + 2) % 12 + 1, 1)
    return following - timedelta(days=1)


def quarter_end_after(day: date) -> date:
    """Return the end of the first calendar quarter that is not over with a day.

    >>> quarter_end_after(date(2026, 11, 20)), quarter_end_after(date(2026, 12, 31))
    (datetime.date(2026, 12, 31), datetime.date(2027, 3, 31))
    """
    return quarter_end(day + timedelta(days=1))


def quarter_name(day: date) -> str:
    """Return the name of a day's calendar quarter.

    >>> quarter_name(date(2026, 11, 22))
    'Q4 2026'
    """
    return f"Q{(day.month - 1) // 3 + 1} {day.year}"


def _year_before(day: date) -> date:
    leap_day = day.month == 2 and day.day == 29  # noqa: PLR2004
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)
