"""What the time series of won amounts says of the months to come, at any as-of date.

The monthly series is divided by the rhythm of closings, forecast by the median of its members, and
multiplied by the rhythm of the months to come: a quarter-end rush is then neither a trend nor noise
to a method that looks for yearly seasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from core.errors import EmptyWorkspaceError
from core.forecasting.backtest import Answers
from core.forecasting.closing_rhythm import Rhythm
from core.forecasting.forecast_question import ForecastPeriod
from core.forecasting.frequency import Frequency
from core.forecasting.histories import end_of
from core.forecasting.landmarks import Floats
from core.forecasting.seasonal_naive import SeasonalNaive
from core.forecasting.series import PeriodRule, Series, complete_periods
from core.forecasting.series_results import Choice
from core.forecasting.won_amounts import Won

RUN_RATE_MONTHS: Final = 6
"""Months whose mean is the run rate, the simplest thing to beat."""

_SHARE_MONTHS: Final = 12
_EVEN_MONTHS: Final = 3


@dataclass(frozen=True)
class SeriesSaid:
    """Whole months as seen from one date; nan where nothing is known.

    Parameters
    ----------
    headline, naive, run_rate
        By the chosen method, by the same month last year, by the mean of recent months.
    members
        By each member of the method that could answer.
    choice
        Which method, and why; None without a month that is over.
    """

    headline: Floats
    naive: Floats
    run_rate: Floats
    members: Mapping[str, Floats]
    choice: Choice | None

    def times(self, share: Floats) -> "SeriesSaid":
        """Return the same of a share of each month; fewer shares cut the months after them."""
        months = len(share)
        return SeriesSaid(
            self.headline[:months] * share,
            self.naive[:months] * share,
            self.run_rate[:months] * share,
            {name: values[:months] * share for name, values in self.members.items()},
            self.choice,
        )


def monthly_series(won: Won, as_of: date) -> Series | None:
    """Return won amounts by complete month; None when no month with a win is over.

    A month counts as over when the as-of date is its last day.
    """
    over = as_of + timedelta(days=1)
    rule = PeriodRule(Frequency.MONTH, over, known_until=over)
    try:
        return complete_periods("won", zip(won.days, won.amounts, strict=True), rule)
    except EmptyWorkspaceError:
        return None


@dataclass(frozen=True)
class SeriesAsked:
    """A history as known on a date, to be continued over the months after it.

    Parameters
    ----------
    then
        Its months as they were; None without a month that is over.
    even
        The same without the rhythm of closings.
    ahead
        Mean factor of that rhythm in each of the months to forecast.
    """

    then: Series | None
    even: Series | None
    ahead: Floats


def series_asked(
    series: Series | None, months: tuple[ForecastPeriod, ...], rhythm: Rhythm
) -> SeriesAsked:
    """Return what is to be continued over months in a row.

    Parameters
    ----------
    series
        The whole history; only what lies before the first of the months is looked at.
    months
        The months to forecast.
    rhythm
        When in a quarter deals are won, as known then.
    """
    horizon = len(months)
    known = series.grid.between(series.starts_on, months[0].starts_on) if series else 0
    if series is None or known < 1:
        return SeriesAsked(None, None, np.ones(horizon))
    then = series.head(known)
    factors = _factors(then, horizon, rhythm)
    even = replace(then, values=tuple((then.array / factors[:known]).tolist()))
    return SeriesAsked(then, even, factors[known:])


def series_said(asked: SeriesAsked, made: Answers | None) -> SeriesSaid:
    """Return the forecast of the months, the rhythm put back.

    Parameters
    ----------
    asked
        What was to be continued.
    made
        How it goes on without the rhythm; None where there was nothing to continue.
    """
    horizon, then = len(asked.ahead), asked.then
    nothing = np.full(horizon, np.nan)
    if then is None or made is None:
        return SeriesSaid(nothing, nothing, nothing, {}, None)
    members = {
        name: each.values * asked.ahead
        for name, each in made.attempts.items()
        if each.values is not None and name in made.choice.members
    }
    return SeriesSaid(
        made.headline * asked.ahead,
        SeasonalNaive().forecast(then, horizon),
        np.full(horizon, then.array[-RUN_RATE_MONTHS:].mean()),
        members,
        made.choice,
    )


def share_left(won: Won, as_of: date, months: tuple[ForecastPeriod, ...]) -> Floats:
    """Return how much of each month is still to come: all of it but for the month in progress.

    Formula: won after the same number of days before the end / won, over the last 12 months, with
    three months of even sales as a start.
    """
    share = np.ones(len(months))
    month = months[0]
    left = (month.ends_on - as_of).days
    even = left / ((month.ends_on - month.starts_on).days + 1)
    if even >= 1:
        return share
    rest, whole, end = 0.0, 0.0, month.starts_on - timedelta(days=1)
    for _ in range(_SHARE_MONTHS):
        before = end.replace(day=1) - timedelta(days=1)
        rest += won.after(max(end - timedelta(days=left), before), end)
        whole += won.after(before, end)
        end = before
    start = _EVEN_MONTHS * whole / _SHARE_MONTHS
    share[0] = (rest + start * even) / (whole + start) if whole else even
    return share


def _factors(then: Series, horizon: int, rhythm: Rhythm) -> Floats:
    """Return the mean factor of each month of a history and of those after it."""
    starts = [then.grid.step(then.starts_on, number) for number in range(len(then) + horizon + 1)]
    midnights = np.array([end_of(start - timedelta(days=1)) for start in starts], dtype=np.float64)
    return rhythm.between(midnights[:-1], midnights[1:])
