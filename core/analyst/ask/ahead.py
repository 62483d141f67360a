"""Which month or quarter to come a question means, and which figures can be told of it."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from core import formats
from core.analyst.ask.inquiry import (
    FORECAST_METRICS,
    OF_A_PERIOD_AHEAD,
    SCORE_METRICS,
    Breakdown,
    Inquiry,
    Refusal,
    When,
    refused,
)
from core.metrics import metric
from core.periods import Preset, quarter_end, quarter_name, quarter_start

_EXAMPLES: Final = (
    "What is the forecast for this quarter?",
    "What is the forecast for next quarter?",
    "Which deals are at risk?",
)
QUARTERS_AHEAD: Final = 4
"""Quarters that can be asked for, the one in progress counted, as on the Forecast page."""

MONTHS_AHEAD: Final = 6
"""Months that can be asked for, the one in progress counted, as on the Forecast page."""

TOLD_AHEAD: Final = {"closed_won": "forecast"}
"""What a figure of the past is called where it is asked for a period to come."""


def told_in_time(inquiry: Inquiry, as_of: date) -> Inquiry | Refusal:
    """Return the inquiry for a period its figure is told of, or why there is none.

    A figure of the past asked for a period to come is a forecast, where it has one.

    Parameters
    ----------
    inquiry
        A figure and the period as it was said.
    as_of
        Last day of which everything is known.
    """
    when = inquiry.when
    is_ahead = when.days is not None and when.days[1] > as_of
    named = TOLD_AHEAD.get(inquiry.metric, inquiry.metric) if is_ahead else inquiry.metric
    if named not in (*FORECAST_METRICS, *SCORE_METRICS):
        if is_ahead:
            return refused(f"{metric(named).title} is told of the past, not of what is to come.")
        return inquiry
    asked = replace(inquiry, metric=named)
    if named not in OF_A_PERIOD_AHEAD:
        return replace(asked, when=When())  # of now, or of all that was ever said
    found = _period(when, as_of)
    why = _not_told(named, found, as_of)
    if why or found is None:
        return refused(why, _EXAMPLES)
    return replace(asked, when=When(Preset.CUSTOM, found, _named(found)))


def _not_told(name: str, found: tuple[date, date] | None, as_of: date) -> str:
    if found is None or found[1] <= as_of:
        return f"{metric(name).title} is told of a month or quarter that is not over."
    tomorrow = as_of + timedelta(days=1)
    begins = quarter_start(tomorrow) if _is_quarter(found) else tomorrow.replace(day=1)
    months = 12 * (found[0].year - begins.year) + found[0].month - begins.month
    if months >= (3 * QUARTERS_AHEAD if _is_quarter(found) else MONTHS_AHEAD):
        return f"Forecasts reach {QUARTERS_AHEAD} quarters, or {MONTHS_AHEAD} months, ahead."
    if name != "forecast" and not _is_quarter(found):
        return f"{metric(name).title} is told by quarter."
    if name == "quota_chance" and found[0] > as_of + timedelta(days=1):
        return "The chance of the quota is told of the quarter in progress."
    return ""


def _period(when: When, as_of: date) -> tuple[date, date] | None:
    """Return the whole month or quarter that is meant; the quarter in progress by default."""
    in_progress = quarter_start(as_of + timedelta(days=1))
    if when == When() or when.preset is Preset.QUARTER_TO_DATE:
        return in_progress, quarter_end(in_progress)
    if when.days is None:
        return None
    first, last = when.days
    if last < as_of and not re.search(r"20\d\d", when.label):  # "Q1" said in autumn
        first, last = first.replace(year=first.year + 1), _a_year_on(last)
    if first.day == 1 and last == as_of and first.month == last.month:  # this month, to date
        last = _month_end(first)
    whole = (first, last)
    return whole if _is_quarter(whole) or last == _month_end(first) else None


def _is_quarter(days: tuple[date, date]) -> bool:
    return days == (quarter_start(days[0]), quarter_end(days[0]))


def _month_end(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _a_year_on(last: date) -> date:
    return _month_end(last.replace(year=last.year + 1, day=1))


def _named(days: tuple[date, date]) -> str:
    return quarter_name(days[0]) if _is_quarter(days) else formats.month(days[0])


def is_by_month(inquiry: Inquiry) -> bool:
    """Tell whether a forecast is asked for by month."""
    days = inquiry.when.days
    return inquiry.by is Breakdown.MONTH or (days is not None and not _is_quarter(days))
