"""The two halves of the outlook at one as-of date or many: what each says of the months to come.

All amounts are of the rest of a month: what is booked already is known and is added at the end. An
origin is an as-of date of the past as far before the end of its month as the question is now, so
that what is learned from past errors is learned about questions like this one.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from core.errors import EmptyWorkspaceError
from core.forecasting.competing_risks import step_ends
from core.forecasting.expectation import Expectation, PipelineSettings, expect
from core.forecasting.forecast_question import ForecastPeriod, ForecastQuestion
from core.forecasting.frequency import Frequency
from core.forecasting.histories import DAY, Histories, end_of
from core.forecasting.landmarks import Floats
from core.forecasting.seasonal_naive import SeasonalNaive
from core.forecasting.series import PeriodRule, Series, complete_periods
from core.forecasting.series_forecast import forecast_series
from core.forecasting.series_results import ForecastOptions, SeriesForecast
from core.forecasting.track_record import MIN_EVENTS, MIN_WINDOWS, snapshots

MOST_ORIGINS: Final = 24
"""Months back from which the outlook is replayed, at most."""

RUN_RATE_MONTHS: Final = 6
"""Months whose mean is the run rate, the simplest thing to beat."""

_SHARE_MONTHS: Final = 12
_WHOLE_MONTH: Final = 31
_EVEN_MONTHS: Final = 3


@dataclass(frozen=True)
class Parts:
    """What was said at each as-of date of each month after it; one row a date, the last one now.

    Parameters
    ----------
    as_of
        The dates, the oldest first.
    ends_epoch
        When each month is over.
    pipeline, open_deals
        Expected of deals open then and of deals not created then; of the open ones alone.
    deals_variance
        Variance of what open deals bring if they were independent.
    new_size
        Sum of squares over sum of past win amounts: the variance a unit of new business adds.
    series, naive, run_rate
        The rest of the month by the series, by last season and by recent months.
    booked
        Won in the month up to the date.
    actual
        The rest as it came; nan while the month is not over.
    """

    as_of: tuple[date, ...]
    ends_epoch: Floats
    pipeline: Floats
    open_deals: Floats
    deals_variance: Floats
    new_size: Floats
    series: Floats
    naive: Floats
    run_rate: Floats
    booked: Floats
    actual: Floats

    @property
    def origins(self) -> int:
        """How many past dates there are."""
        return len(self.as_of) - 1


class Won:
    """The won amounts of a company, to be summed between any two instants."""

    def __init__(self, histories: Histories, at: int) -> None:
        won = histories.deals.filter(
            pl.col("outcome") == "won",
            pl.col("amount_minor").is_not_null(),
            pl.col("closed_epoch") < at,
        ).sort("closed_epoch")
        self._closed = won["closed_epoch"].to_numpy()
        self._total = np.concatenate([[0.0], np.cumsum(won["amount_minor"].to_numpy())])
        self.days = pl.from_epoch(won["closed_epoch"]).dt.date().to_list()
        self.amounts = won["amount_minor"].cast(pl.Float64).to_list()

    def after(self, since: date, until: date) -> float:
        """Return the amount won after the end of one day up to the end of another."""
        first, last = np.searchsorted(self._closed, [end_of(since), end_of(until)])
        return float(self._total[last] - self._total[first])


def monthly_series(won: Won, as_of: date) -> Series | None:
    """Return won amounts by complete month; None when no month with a win is over.

    A month counts as over when the as-of date is its last day.
    """
    over = as_of + timedelta(days=1)
    try:
        rule = PeriodRule(Frequency.MONTH, over, known_until=over)
        return complete_periods("won", zip(won.days, won.amounts, strict=True), rule)
    except EmptyWorkspaceError:
        return None


def forecast_months(series: Series, horizon: int) -> SeriesForecast:
    """Forecast the monthly series and replay it from as many months as the outlook is."""
    return forecast_series(series, horizon, ForecastOptions(origins=MOST_ORIGINS))


def past_dates(question: ForecastQuestion, first_day: date) -> tuple[date, ...]:
    """Return as-of dates of past months, as far before the month's end as now; oldest first."""
    next_day = question.as_of + timedelta(days=1)
    whole = monthrange(next_day.year, next_day.month)[1]
    left = whole - next_day.day + 1 if next_day.day > 1 else _WHOLE_MONTH
    dates: list[date] = []
    month = next_day.replace(day=1)
    for _ in range(MOST_ORIGINS):
        end = month - timedelta(days=1)
        month = end.replace(day=1)
        then = max(end - timedelta(days=left), month - timedelta(days=1))
        if then <= first_day:
            break
        dates.append(then)
    return tuple(reversed(dates))


@dataclass(frozen=True)
class Sources:
    """What the parts are taken from."""

    histories: Histories
    question: ForecastQuestion
    won: Won
    series: SeriesForecast | None
    settings: PipelineSettings


def parts(sources: Sources) -> Parts:
    """Return what both halves say now and would have said at past dates."""
    months = sources.question.by_month
    first = date(1970, 1, 1) + timedelta(days=sources.histories.starts_at // DAY)
    dates = (*past_dates(months, first), sources.question.as_of)
    rows = [_row(sources, as_of) for as_of in dates]
    return Parts(dates, *(np.array(column) for column in zip(*rows, strict=True)))


def _row(sources: Sources, as_of: date) -> tuple[Floats, ...]:
    question = sources.question.by_month
    months = question.periods_after(as_of, question.horizon)
    ends = np.array([end_of(month.ends_on) for month in months], dtype=np.float64)
    known = ends <= end_of(question.as_of)
    since = [max(as_of, month.starts_on - timedelta(days=1)) for month in months]
    came = [
        sources.won.after(first, month.ends_on) for first, month in zip(since, months, strict=True)
    ]
    booked = [sources.won.after(months[0].starts_on - timedelta(days=1), as_of)]
    booked += [0.0] * (len(months) - 1)
    share = _share_left(sources.won, as_of, months)
    return (
        ends,
        *_of_pipeline(sources, as_of, months),
        *(rest * share for rest in _of_series(sources, months)),
        np.array(booked),
        np.where(known, came, np.nan),
    )


def _of_pipeline(
    sources: Sources, as_of: date, months: tuple[ForecastPeriod, ...]
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return expectation, that of open deals, its variance, and the size of new wins, by month."""
    at = end_of(as_of)
    days = tuple(float((month.ends_on - as_of).days) for month in months)
    ends_days = step_ends(days[-1], sources.settings.risks.step_days, days)
    seen = snapshots(sources.histories, at, ends_days, sources.settings)
    then = expect(sources.histories, seen, at, ends_days, sources.settings)
    at_ends = np.searchsorted(ends_days, days)
    chances = np.diff(then.won[:, at_ends], axis=1, prepend=0.0)
    open_deals = then.amounts @ chances
    variance = _variance(then, chances, month_groups(sources.question))
    size = np.full(len(months), _size(then.new.amounts))
    expected = open_deals + np.diff(then.new.expected[at_ends], prepend=0.0)
    if as_of < sources.question.as_of:
        is_known = (then.new.windows[at_ends] >= MIN_WINDOWS) & (then.table.wins_seen >= MIN_EVENTS)
        expected = np.where(is_known, expected, np.nan)
    return expected, open_deals, variance, size


def _variance(then: Expectation, chances: Floats, starts: list[int]) -> Floats:
    """Return the variance of each period, written at its first month: a deal is won once."""
    within = np.add.reduceat(chances, starts, axis=1)
    variance = np.zeros(chances.shape[1])
    variance[starts] = then.amounts**2 @ (within * (1 - within))
    return variance


def month_groups(question: ForecastQuestion) -> list[int]:
    """Return the number of the first month of each period, among the months still to come."""
    months = question.by_month.periods
    ends = [period.ends_on for period in question.periods]
    return [sum(month.ends_on <= end for month in months) for end in [question.as_of, *ends[:-1]]]


def _size(amounts: Floats) -> float:
    return float((amounts**2).sum() / amounts.sum()) if amounts.sum() > 0 else 0.0


def _of_series(
    sources: Sources, months: tuple[ForecastPeriod, ...]
) -> tuple[Floats, Floats, Floats]:
    """Return whole months by the series, by last season and by the run rate; nan if unknown."""
    nothing = np.full(len(months), np.nan)
    if sources.series is None:
        return nothing, nothing, nothing
    series = sources.series.series
    known = series.grid.between(series.starts_on, months[0].starts_on)
    if known < 1:
        return nothing, nothing, nothing
    then = series.head(known)
    naive = SeasonalNaive().forecast(then, len(months))
    rate = np.full(len(months), then.array[-RUN_RATE_MONTHS:].mean())
    if known == len(series):
        return sources.series.frame["forecast"].to_numpy(), naive, rate
    said = sources.series.replay.filter(pl.col("origin") == then.ends_on)
    replayed = nothing.copy()
    replayed[said["horizon"].to_numpy() - 1] = said["forecast"].to_numpy()
    return replayed, naive, rate


def _share_left(won: Won, as_of: date, months: tuple[ForecastPeriod, ...]) -> Floats:
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
