"""The overview: the figures of a period, of the one before, and their course by month.

Big reductions run on the engine; what comes back are a few rows a month.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import Final

import narwhals as nw
import polars as pl

from core.conversion import REVENUE
from core.engine import Engine, Frame, collect, sql
from core.formats import counted
from core.period_totals import COUNTS, Totals, as_totals, closed_within, deals_of, sums, totals_of
from core.scope import Scope

HISTORY_MONTHS: Final = 24
"""Months of history that the monthly series shows, counted back from the end of the period."""

TREND_MONTHS: Final = 12
"""Months in the small course beside a figure."""

RECENT_DEALS: Final = 8
"""Won deals listed, the latest first."""

LEVEL_WITHIN: Final = 0.02
"""A change of revenue by no more than this share is called level."""


@dataclass(frozen=True)
class OverviewQuestion:
    """What the overview is asked: a scope, what to compare it with, and the day the data reach."""

    scope: Scope
    before: Scope | None
    as_of: date


@dataclass(frozen=True)
class Figure:
    """One figure of the catalogue with what it is compared to.

    Parameters
    ----------
    metric
        Name in the metrics catalogue.
    value
        Minor units for money, a share of one, days or deals; None when it cannot be computed.
    previous
        The same for the period before; None without one.
    n
        Deals behind the value.
    trend
        The figure by month, the oldest first.
    """

    metric: str
    value: float | None
    previous: float | None
    n: int
    trend: tuple[float | None, ...]


class Course(Enum):
    """Where closed-won revenue went, against the period before."""

    UP = auto()
    DOWN = auto()
    LEVEL = auto()
    UNKNOWN = auto()


@dataclass(frozen=True)
class OverviewResult:
    """The figures of a period and what they are made of.

    Parameters
    ----------
    figures
        By name in the metrics catalogue.
    monthly
        One row a month: ``month, revenue_minor, won, lost, complete``; ``complete`` is false for
        a month that the data or the period end within.
    recent
        The latest won deals: ``deal_id, deal, account, owner, closed_on, revenue_minor``.
    question
        What was asked.
    fingerprint
        The data it was asked of.
    query
        The query behind the closed-won figure, as the engine ran it.
    warnings
        Doubts to show beside the figures.
    """

    figures: Mapping[str, Figure]
    monthly: pl.DataFrame
    recent: pl.DataFrame
    question: OverviewQuestion
    fingerprint: str
    query: str
    warnings: tuple[str, ...] = ()

    @property
    def course(self) -> Course:
        """Where closed-won revenue went; unknown without a period to compare with."""
        won = self.figures["closed_won"]
        if won.value is None or not won.previous:
            return Course.UNKNOWN
        moved = won.value / won.previous - 1
        if abs(moved) <= LEVEL_WITHIN:
            return Course.LEVEL
        return Course.UP if moved > 0 else Course.DOWN


_PERIOD_FIGURES: Final = ("closed_won", "won_deals", "win_rate", "average_deal", "sales_cycle")


def overview(engine: Engine, question: OverviewQuestion, fingerprint: str) -> OverviewResult:
    """Return the figures of a period, compared with the period before.

    Parameters
    ----------
    engine
        Where the tables are read from.
    question
        Scope, what to compare it with, and the day the data reach.
    fingerprint
        Name of the data, to go on the result.
    """
    scope = question.scope
    deals = deals_of(engine, scope)
    current = totals_of(closed_within(deals, scope))
    before = totals_of(closed_within(deals, question.before)) if question.before else None
    monthly = _monthly(deals, question)
    course = monthly.tail(TREND_MONTHS)
    figures = [
        Figure(
            metric=name,
            value=current.value(name),
            previous=before.value(name) if before else None,
            n=current.n(name),
            trend=tuple(row.value(name) for row in _month_totals(course)),
        )
        for name in _PERIOD_FIGURES
    ]
    won = closed_within(deals, scope).filter(nw.col("outcome") == "won")
    return OverviewResult(
        figures={figure.metric: figure for figure in [*figures, _open_pipeline(deals)]},
        monthly=monthly.select("month", REVENUE, "won", "lost", "complete"),
        recent=_recent(won),
        question=question,
        fingerprint=fingerprint,
        query=sql(won.select("deal_id", REVENUE)),
        warnings=tuple(_doubts(current, scope)),
    )


def _monthly(deals: Frame, question: OverviewQuestion) -> pl.DataFrame:
    end = question.scope.ends_on or question.as_of
    start = _months_before(end, HISTORY_MONTHS - 1)
    if question.scope.starts_on:
        start = min(start, question.scope.starts_on.replace(day=1))
    span = Scope(question.scope.currency, start, end)
    closed = closed_within(deals, span).with_columns(month=nw.col("closed_at").dt.truncate("1mo"))
    rows = collect(closed.group_by("month").agg(**sums())).with_columns(
        pl.col("month").cast(pl.Date)
    )
    first = rows.sort("month")["month"][0] if rows.height else start.replace(day=1)
    months = pl.DataFrame({"month": pl.date_range(first, end, "1mo", eager=True)})
    last_day = pl.col("month").dt.month_end()
    return (
        months.join(rows, on="month", how="left")
        .sort("month")
        .with_columns(
            pl.col(COUNTS).fill_null(0),
            # A month in which nothing was closed won nothing: that is known, not missing.
            pl.when(pl.col("won").fill_null(0) == 0)
            .then(0)
            .when(pl.col("with_amount") > 0)
            .then(pl.col(REVENUE))
            .alias(REVENUE),
            complete=last_day <= end,
        )
    )


def _month_totals(monthly: pl.DataFrame) -> Iterable[Totals]:
    return (as_totals(row) for row in monthly.iter_rows(named=True))


def _open_pipeline(deals: Frame) -> Figure:
    still_open = deals.filter(nw.col("outcome") == "open")
    row = collect(
        still_open.select(
            nw.col(REVENUE).sum().cast(nw.Int64).alias("value"),
            nw.len().alias("n"),
        )
    ).row(0, named=True)
    return Figure("open_pipeline", row["value"], None, row["n"], ())


def _recent(won: Frame) -> pl.DataFrame:
    columns = ("deal_id", "name", "account", "owner", "closed_at", REVENUE)
    latest = won.select(*columns).sort("closed_at", "deal_id", descending=[True, False])
    return collect(latest.head(RECENT_DEALS)).select(
        "deal_id",
        "account",
        "owner",
        REVENUE,
        deal=pl.col("name"),
        closed_on=pl.col("closed_at").cast(pl.Date),
    )


def _doubts(totals: Totals, scope: Scope) -> Iterable[str]:
    without_amount = totals.won - totals.with_amount - totals.without_rate
    if without_amount:
        yield (
            f"{counted(without_amount, 'won deal')} without an amount: counted as won, "
            "not part of revenue."
        )
    if totals.without_rate:
        yield (
            f"{counted(totals.without_rate, 'won deal')} in a currency without a rate into "
            f"{scope.currency}: counted as won, not part of revenue."
        )
    if totals.backwards:
        yield (
            f"{counted(totals.backwards, 'won deal')} closed before creation: not part of the "
            "sales cycle."
        )


def _months_before(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)
