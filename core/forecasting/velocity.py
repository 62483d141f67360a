"""Pipeline velocity: money a day that flows through the pipeline, with its four factors shown.

velocity = N x W x A / L: open deals x win rate x mean amount of a won deal / days to win.
All four are of the same segment and window. The mean length is in the formula (flow = stock / time
holds for means), the median beside it says what a typical deal takes.

When not to use it: as a forecast. It is a rate, it ignores where in the pipeline the deals stand,
and every dead deal left open raises it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from core.errors import UnknownNameError
from core.forecasting.deal_lists import segment_of
from core.forecasting.histories import DAY, Histories, end_of
from core.forecasting.landmarks import replay
from core.forecasting.win_rate import Share

_FEW = 20


@dataclass(frozen=True)
class Factor:
    """One factor: its value, the median where it is a mean, and how many deals it rests on."""

    value: float | None
    median: float | None
    n: int


@dataclass(frozen=True)
class Velocity:
    """Money a day, with what it is made of.

    Parameters
    ----------
    segment
        Value of the column the deals were split by; empty for all deals.
    open_deals, win_rate, won_amount, cycle_days
        The four factors; amounts in minor units.
    per_day
        Velocity in minor units a day; None when it is not defined, and ``reason`` says why.
    reason
        Why the velocity is not defined; empty when it is.
    currency
        Currency of the amounts.
    warnings
        Doubts to show beside it.
    """

    segment: str
    open_deals: Factor
    win_rate: Factor
    won_amount: Factor
    cycle_days: Factor
    per_day: float | None
    reason: str
    currency: str
    warnings: tuple[str, ...] = ()


def velocity(histories: Histories, as_of: date, starts_on: date) -> Velocity:
    """Compute the velocity of the whole pipeline.

    Parameters
    ----------
    histories
        The company's deals.
    as_of
        Open deals are counted at the end of this day; nothing later is looked at.
    starts_on
        First day of the window whose closed deals give win rate, amount and length.
    """
    return _velocity(histories.deals, histories, (as_of, starts_on), "")


def velocity_by(
    histories: Histories, as_of: date, starts_on: date, segment: str
) -> tuple[Velocity, ...]:
    """Compute the velocity for each value of a column of the deals, such as ``region``.

    Raises
    ------
    UnknownNameError
        If the deals have no such column.
    """
    if segment not in histories.deals.columns:
        raise UnknownNameError.among("segment", segment, histories.deals.columns)
    named = histories.deals.with_columns(in_segment=segment_of(segment))
    parts = named.partition_by("in_segment", as_dict=True)
    return tuple(
        _velocity(parts[key], histories, (as_of, starts_on), key[0]) for key in sorted(parts)
    )


def _velocity(
    deals: pl.DataFrame, histories: Histories, window: tuple[date, date], segment: str
) -> Velocity:
    as_of, starts_on = window
    at, since = end_of(as_of), end_of(starts_on) - DAY
    closed = deals.filter(
        pl.col("closed_epoch").is_between(since, at, closed="left"),
        pl.col("closed_epoch") >= pl.col("created_epoch"),
    )
    won = closed.filter(pl.col("outcome") == "won")
    share = Share(won.height, closed.height)
    open_deals = replay(histories, at).join(deals.select("deal"), on="deal", how="semi").height
    factors = (
        Factor(float(open_deals), None, open_deals),
        Factor(share.rate, None, share.out_of),
        _of(won["amount_minor"]),
        _of((won["closed_epoch"] - won["created_epoch"]) / DAY),
    )
    reason = _undefined(*factors)
    return Velocity(
        segment,
        *factors,
        per_day=None if reason else _product(*factors),
        reason=reason,
        currency=histories.currency,
        warnings=tuple(_warnings(factors[2], factors[3])),
    )


def _of(values: pl.Series) -> Factor:
    known = values.drop_nulls().cast(pl.Float64)
    if known.is_empty():
        return Factor(None, None, 0)
    return Factor(known.mean(), known.median(), len(known))  # type: ignore[arg-type]


def _product(count: Factor, rate: Factor, amount: Factor, days: Factor) -> float | None:
    if count.value is None or rate.value is None or amount.value is None or not days.value:
        return None
    return count.value * rate.value * amount.value / days.value


def _undefined(count: Factor, rate: Factor, amount: Factor, days: Factor) -> str:
    if not count.n:
        return "No deal is open."
    if not rate.n:
        return "No deal was closed in the window."
    if not days.n:
        return "No deal was won in the window."
    if not amount.n:
        return "No deal won in the window has an amount."
    if not days.value:
        return "Every deal won in the window was won the moment it was created."
    return ""


def _warnings(amount: Factor, days: Factor) -> Iterator[str]:
    if 0 < days.n < _FEW:
        yield f"Amount and length rest on {days.n} deals won."
    if amount.n < days.n:
        yield f"Won deals without an amount, left out of the mean: {days.n - amount.n}."
