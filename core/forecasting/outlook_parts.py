"""The two halves of the outlook at one as-of date or many: what each says of the months to come.

All amounts are of the rest of a month: what is booked already is known and is added at the end. An
origin is an as-of date of the past as far before the end of its month as the question is now, so
that what is learned from past errors is learned about questions like this one.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np

from core.companion import asked
from core.forecasting.closing_rhythm import Rhythm, learn_rhythm
from core.forecasting.expectation import PipelineSettings, expect
from core.forecasting.fits import continued
from core.forecasting.forecast_question import ForecastPeriod, ForecastQuestion
from core.forecasting.frequency import FiscalCalendar
from core.forecasting.histories import DAY, Histories, end_of
from core.forecasting.landmarks import Floats
from core.forecasting.outcomes import step_ends
from core.forecasting.series import Series
from core.forecasting.series_part import (
    SeriesAsked,
    SeriesSaid,
    series_asked,
    series_said,
    share_left,
)
from core.forecasting.track_record import MIN_EVENTS, MIN_WINDOWS, snapshots
from core.forecasting.won_amounts import Won

MOST_ORIGINS: Final = 24
"""Months back from which the outlook is replayed, at most."""

_WHOLE_MONTH: Final = 31


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
    spread, together
        For the variance of what open deals bring if they were independent: by month the sum of
        amount^2 x p, and by pair of months the sum of amount^2 x p x p' (a deal is won once).
    wins, wins_together
        The same with 1 in place of the amounts: wins expected of open deals.
    new_size
        Sum of squares over sum of past win amounts: the variance a unit of new business adds.
    new_mean
        Mean of past win amounts; 0 without any.
    series, naive, run_rate
        The rest of the month by the series, by last season and by recent months.
    booked
        Won in the month up to the date.
    actual
        The rest as it came; nan while the month is not over.
    series_said
        The same of the series with its members and its choice of method.
    """

    as_of: tuple[date, ...]
    ends_epoch: Floats
    pipeline: Floats
    open_deals: Floats
    spread: Floats
    together: Floats
    wins: Floats
    wins_together: Floats
    new_size: Floats
    new_mean: Floats
    series: Floats
    naive: Floats
    run_rate: Floats
    booked: Floats
    actual: Floats
    series_said: tuple[SeriesSaid, ...]

    def deals_variance(self, starts: list[int], share: Floats) -> Floats:
        """Return the variance of what open deals bring in groups of months.

        Parameters
        ----------
        starts
            Number of the first month of each group.
        share
            What of the deals' chances stands, by date and month.
        """
        once, pairs = _grouped(self.spread, self.together, starts, share)
        variance: Floats = np.maximum(once - pairs, 0.0)
        return variance

    def chance_of_none(self, starts: list[int], share: Floats, new_business: Floats) -> Floats:
        """Return the chance that nothing is won in groups of months.

        Formula: exp(-(sum of p + half the sum of p^2 + new wins)), the product of the chances of
        each deal not to be won to the second order, times that of no new win.

        Parameters
        ----------
        starts, share
            As in `deals_variance`.
        new_business
            Expected of deals not created yet, by group.
        """
        once, pairs = _grouped(self.wins, self.wins_together, starts, share)
        mean = self.new_mean[:, :1]
        new_wins = np.divide(new_business, mean, out=np.zeros_like(once), where=mean > 0)
        none: Floats = np.exp(-(once + pairs / 2 + new_wins))
        return none

    def head(self, months: int) -> "Parts":
        """Return the first months only; what is said of them does not depend on later ones."""
        cut = {
            name: getattr(self, name)[:, :months]
            for name in (
                "ends_epoch", "pipeline", "open_deals", "spread", "wins", "new_size", "new_mean",
                "series", "naive", "run_rate", "booked", "actual",
            )
        }  # fmt: skip
        said = tuple(each.times(np.ones(months)) for each in self.series_said)
        pairs = {
            name: getattr(self, name)[:, :months, :months] for name in ("together", "wins_together")
        }
        return replace(self, **cut, **pairs, series_said=said)

    @property
    def now(self) -> SeriesSaid:
        """What the series says today."""
        return self.series_said[-1]

    def by_member(self, name: str) -> Floats:
        """Return the rest of each month by one member of the series; nan where it had no answer."""
        nothing = np.full(self.series.shape[1], np.nan)
        return np.array([said.members.get(name, nothing) for said in self.series_said])


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
    series: Series | None
    settings: PipelineSettings

    def months_after(self, as_of: date) -> tuple[ForecastPeriod, ...]:
        """Return the months asked about, as counted from a date."""
        question = self.question.by_month
        return question.periods_after(as_of, question.horizon)


def parts(sources: Sources) -> Callable[[], Parts]:
    """Begin what both halves say now and would have said at past dates; return how to get at it.

    The fits of the series are the slow half: where a companion runs, it makes them meanwhile.
    """
    months = sources.question.by_month
    first = date(1970, 1, 1) + timedelta(days=sources.histories.starts_at // DAY)
    dates = (*past_dates(months, first), sources.question.as_of)
    to_continue = [_series_asked(sources, as_of) for as_of in dates]
    fitted = asked(continued, tuple(one.even for one in to_continue), months.horizon)

    def said() -> Parts:
        pipelines = [_of_pipeline(sources, as_of, sources.months_after(as_of)) for as_of in dates]
        series = [
            series_said(one, made).times(
                share_left(sources.won, as_of, sources.months_after(as_of))
            )
            for as_of, one, made in zip(dates, to_continue, fitted(), strict=True)
        ]
        return _together(sources, dates, pipelines, series)

    return said


def _together(
    sources: Sources,
    dates: tuple[date, ...],
    pipelines: list[tuple[Floats, ...]],
    said: list[SeriesSaid],
) -> Parts:
    rows = [_row(sources, *each) for each in zip(dates, pipelines, said, strict=True)]
    columns = (np.array(column) for column in zip(*rows, strict=True))
    ends, pipeline, open_deals, spread, together, wins, wins_together, size, mean, *rest = columns
    series, naive, rate, booked, actual = rest
    return Parts(
        as_of=dates,
        ends_epoch=ends,
        pipeline=pipeline,
        open_deals=open_deals,
        spread=spread,
        together=together,
        wins=wins,
        wins_together=wins_together,
        new_size=size,
        new_mean=mean,
        series=series,
        naive=naive,
        run_rate=rate,
        booked=booked,
        actual=actual,
        series_said=tuple(said),
    )


def _series_asked(sources: Sources, as_of: date) -> SeriesAsked:
    return series_asked(sources.series, sources.months_after(as_of), _rhythm(sources, as_of))


def _row(
    sources: Sources, as_of: date, pipeline: tuple[Floats, ...], said: SeriesSaid
) -> tuple[Floats, ...]:
    months = sources.months_after(as_of)
    ends = np.array([end_of(month.ends_on) for month in months], dtype=np.float64)
    known = ends <= end_of(sources.question.as_of)
    since = [max(as_of, month.starts_on - timedelta(days=1)) for month in months]
    came = [
        sources.won.after(first, month.ends_on) for first, month in zip(since, months, strict=True)
    ]
    booked = [sources.won.after(months[0].starts_on - timedelta(days=1), as_of)]
    booked += [0.0] * (len(months) - 1)
    return (
        ends,
        *pipeline,
        said.headline,
        said.naive,
        said.run_rate,
        np.array(booked),
        np.where(known, came, np.nan),
    )


def _rhythm(sources: Sources, as_of: date) -> Rhythm:
    calendar = sources.settings.calendar
    if calendar is None:
        return Rhythm(FiscalCalendar())
    return learn_rhythm(sources.histories, end_of(as_of), "won", calendar)


def _of_pipeline(
    sources: Sources, as_of: date, months: tuple[ForecastPeriod, ...]
) -> tuple[Floats, ...]:
    """Return expectation, that of open deals, what spread and wins are made of, new wins' size."""
    at = end_of(as_of)
    days = tuple(float((month.ends_on - as_of).days) for month in months)
    ends_days = step_ends(days[-1], sources.settings.risks.step_days, days)
    seen = snapshots(sources.histories, at, ends_days, sources.settings)
    then = expect(sources.histories, seen, at, ends_days, sources.settings)
    at_ends = np.searchsorted(ends_days, days)
    chances = np.diff(then.won[:, at_ends], axis=1, prepend=0.0)
    open_deals = then.amounts @ chances
    weighted = (then.amounts**2)[:, None] * chances
    size = np.full(len(months), _size(then.new.amounts))
    mean = np.full(len(months), then.new.amounts.mean() if len(then.new.amounts) else 0.0)
    expected = open_deals + np.diff(then.new.expected[at_ends], prepend=0.0)
    if as_of < sources.question.as_of:
        is_known = (then.new.windows[at_ends] >= MIN_WINDOWS) & (then.table.wins_seen >= MIN_EVENTS)
        expected = np.where(is_known, expected, np.nan)
    spread = (weighted.sum(axis=0), weighted.T @ chances)
    return expected, open_deals, *spread, chances.sum(axis=0), chances.T @ chances, size, mean


def month_groups(question: ForecastQuestion) -> list[int]:
    """Return the number of the first month of each period, among the months still to come."""
    months = question.by_month.periods
    ends = [period.ends_on for period in question.periods]
    return [sum(month.ends_on <= end for month in months) for end in [question.as_of, *ends[:-1]]]


def _grouped(
    once: Floats, pairs: Floats, starts: list[int], share: Floats
) -> tuple[Floats, Floats]:
    """Sum what is by month, and what is by pair of months, within groups of months."""
    together = pairs * share[:, :, None] * share[:, None, :]
    ends = [*starts[1:], once.shape[1]]
    blocks = [
        together[:, first:last, first:last].sum(axis=(1, 2))
        for first, last in zip(starts, ends, strict=True)
    ]
    return np.add.reduceat(once * share, starts, axis=1), np.stack(blocks, axis=1)


def _size(amounts: Floats) -> float:
    return float((amounts**2).sum() / amounts.sum()) if amounts.sum() > 0 else 0.0
