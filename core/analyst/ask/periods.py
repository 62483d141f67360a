"""Periods as people say them: "last quarter", "this year", "Q3 2025", "in March"."""

import re
from datetime import date, timedelta
from typing import Final

from core.analyst.ask.inquiry import When
from core.periods import Preset, quarter_end, quarter_start

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_PRESETS: Final = (
    (
        r"\b(this|current) quarter( so far| to date)?|quarter to date|\bqtd\b|"
        r"\b(by |at |until )?(the )?(end|rest) of (the|this) quarter\b|\bquarter end\b|\beoq\b",
        Preset.QUARTER_TO_DATE,
    ),
    (r"\b(last|previous|prior|past) quarter\b", Preset.LAST_QUARTER),
    (
        r"\b(last|past|previous|trailing|over the) (12|twelve) months\b|\bttm\b|\bpast year\b",
        Preset.LAST_12_MONTHS,
    ),
    (r"\ball[- ]time\b|\b(so far|ever|since the beginning|since the start)\b", Preset.ALL_TIME),
)


def find_period(text: str, as_of: date) -> tuple[When | None, str]:
    """Return the period a text says and the text without it; None where it says none.

    >>> find_period("revenue last quarter", date(2026, 11, 22))
    (When(preset=<Preset.LAST_QUARTER: 'last_quarter'>, days=None, label=''), 'revenue ')
    >>> find_period("wins in q3 2025", date(2026, 11, 22))[0].days
    (datetime.date(2025, 7, 1), datetime.date(2025, 9, 30))
    """
    for pattern, preset in _PRESETS:
        found = re.search(pattern, text)
        if found:
            return When(preset), _without(text, found)
    for pattern, days in _CUSTOM:
        found = re.search(pattern, text)
        if found:
            span = days(found, as_of)
            label = re.sub(r"^(in|of|for|during) ", "", found[0].strip()).title()
            return When(Preset.CUSTOM, span, label), _without(text, found)
    return None, text


def _without(text: str, found: re.Match[str]) -> str:
    return text[: found.start()] + text[found.end() :]


def _year(_found: re.Match[str], as_of: date) -> tuple[date, date]:
    return date(as_of.year, 1, 1), as_of


def _last_year(_found: re.Match[str], as_of: date) -> tuple[date, date]:
    return date(as_of.year - 1, 1, 1), date(as_of.year - 1, 12, 31)


def _month(_found: re.Match[str], as_of: date) -> tuple[date, date]:
    return as_of.replace(day=1), as_of


def _last_month(_found: re.Match[str], as_of: date) -> tuple[date, date]:
    last = as_of.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def _next_year(_found: re.Match[str], as_of: date) -> tuple[date, date]:
    return date(as_of.year + 1, 1, 1), date(as_of.year + 1, 12, 31)


def _next_quarter(_found: re.Match[str], as_of: date) -> tuple[date, date]:
    first = quarter_end(as_of) + timedelta(days=1)
    return first, quarter_end(first)


def _next_month(_found: re.Match[str], as_of: date) -> tuple[date, date]:
    first = (as_of.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _quarter_of(found: re.Match[str], as_of: date) -> tuple[date, date]:
    number = int(found["quarter"])
    year = int(found["year"]) if found["year"] else as_of.year
    first = date(year, 3 * number - 2, 1)
    if not found["year"] and first > as_of:
        first = first.replace(year=year - 1)
    return first, quarter_start(first + timedelta(days=100)) - timedelta(days=1)


def _whole_year(found: re.Match[str], _as_of: date) -> tuple[date, date]:
    return date(int(found["year"]), 1, 1), date(int(found["year"]), 12, 31)


def _named_month(found: re.Match[str], as_of: date) -> tuple[date, date]:
    number = _MONTHS.index(found["month"]) + 1
    year = int(found["year"]) if found["year"] else as_of.year
    first = date(year, number, 1)
    if not found["year"] and first > as_of:
        first = first.replace(year=year - 1)
    following = (first + timedelta(days=32)).replace(day=1)
    return first, following - timedelta(days=1)


_CUSTOM: Final = (
    (r"\b(in |for |of |the )*(next|coming|following|upcoming) quarter\b", _next_quarter),
    (r"\b(in |for |of |the )*(next|coming|following|upcoming) month\b", _next_month),
    (r"\b(in |for |of |the )*(next|coming|following|upcoming) year\b", _next_year),
    (r"\b(this|current) year\b|\byear to date\b|\bytd\b", _year),
    (r"\b(last|previous|prior) year\b", _last_year),
    (r"\b(this|current) month\b|\bmonth to date\b|\bmtd\b", _month),
    (r"\b(last|previous|prior|past) month\b", _last_month),
    (r"\b(in |of |for )?q(?P<quarter>[1-4])\s*(?P<year>20\d\d)?\b", _quarter_of),
    (
        r"\b(in |of |for )?(?P<month>" + "|".join(_MONTHS) + r")\s*(?P<year>20\d\d)?\b",
        _named_month,
    ),
    (r"\b(in |of |for |during )?(?P<year>20\d\d)\b", _whole_year),
)
