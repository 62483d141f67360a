"""Revenue of the period from deals that nobody has created yet."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from core.forecasting.histories import DAY, Histories
from core.forecasting.incidence import Fate, Incidence, aalen_johansen
from core.forecasting.landmarks import Floats, Integers

RECENT_CYCLES: Final = 12.0
"""Sales cycles back to which created deals tell how those to come will do."""

_WEEK_DAYS: Final = 7
_FEW_CREATED: Final = 40
_GRID: Final = 500
_FURTHEST: Final = 2.0


@dataclass(frozen=True)
class NewBusiness:
    """What deals not yet created are expected to bring.

    Parameters
    ----------
    ends_days
        Ends of the steps of the horizon.
    expected
        Amount won by the end of each step, in minor units.
    wins
        Number of deals behind it.
    amounts
        Amounts of recent wins, to draw sizes from.
    deals_a_day
        Deals created a day.
    windows
        Weekly past as-of dates for which the time up to the end of each step is over.
    """

    ends_days: Floats
    expected: Floats
    wins: Floats
    amounts: Floats
    deals_a_day: float
    windows: Integers

    @property
    def variance(self) -> Floats:
        """Variance of the amount when wins arrive independently (compound Poisson)."""
        if not len(self.amounts):
            return np.zeros(len(self.ends_days))
        return self.wins * float(np.mean(self.amounts**2))

    def in_rhythm(self, readiness: Floats) -> "NewBusiness":
        """Return the same with each step's wins times the readiness to decide in it."""
        expected, wins = (
            np.cumsum(np.diff(total, prepend=0.0) * readiness)
            for total in (self.expected, self.wins)
        )
        return replace(self, expected=expected, wins=wins)


def expect_new_business(
    histories: Histories,
    at: int,
    ends_days: Floats,
    cycle_days: float,
    memories: tuple[float | None, ...] = (None,),
    *,
    follows_growth: bool = False,
) -> NewBusiness:
    """Expect from deals to come what recent deals brought, at the pace deals are created now.

    Formula: deals a day x mean amount of a win x integral from 0 to h of the share won by age a,
    since a deal created v days from now has h - v days left. The share won by age is the
    Aalen-Johansen curve of the deals created in the last 12 cycles, with open deals open, so that
    both the pace and the curve are as new as the as-of instant; what past dates went on to win
    from later deals, the obvious estimate, is a whole horizon old.

    Parameters
    ----------
    histories
        The company's deals; what happened at or after the instant is not looked at.
    at
        The as-of instant.
    ends_days
        Ends of the steps of the horizon.
    cycle_days
        Median won cycle.
    memories
        Half-lives in cycles over which the pace is measured, averaged; None is for ever, used
        only where there is no other.
    follows_growth
        Whether the pace is that of a line through the recent past instead of its mean.

    When not to use it: before or after a break in how deals are created, or where creation has
    a season that the horizon enters.
    """
    deals = _Deals.before(histories, at)
    recent = deals.created_within(RECENT_CYCLES * cycle_days)
    amounts = recent.amounts[recent.fates == Fate.WON]
    amounts = amounts[np.isfinite(amounts)]
    finite = [memory * cycle_days for memory in memories if memory is not None]
    if follows_growth and finite:
        pace = float(np.mean([_pace_now(deals.ages_days, life) for life in finite]))
    else:
        lives: list[float | None] = [*finite] if finite else [None]
        pace = float(np.mean([_pace(deals.ages_days, life) for life in lives]))
    wins = pace * _integral(aalen_johansen(recent.lives_days, recent.fates), ends_days)
    return NewBusiness(
        ends_days=ends_days,
        expected=wins * (float(amounts.mean()) if len(amounts) else 0.0),
        wins=wins,
        amounts=amounts,
        deals_a_day=pace,
        windows=_windows(histories, at, ends_days),
    )


@dataclass(frozen=True)
class _Deals:
    """Deals created before an instant, as known then."""

    ages_days: Floats
    lives_days: Floats
    fates: Integers
    amounts: Floats

    @classmethod
    def before(cls, histories: Histories, at: int) -> "_Deals":
        closed = pl.col("closed_epoch").fill_null(at) < at
        fate = pl.when(pl.col("outcome") == "won").then(int(Fate.WON)).otherwise(int(Fate.LOST))
        known = (
            histories.deals.filter(pl.col("created_epoch") < at)
            .select(
                age=at - pl.col("created_epoch"),
                life=pl.when(closed).then("closed_epoch").otherwise(at) - pl.col("created_epoch"),
                fate=pl.when(closed).then(fate).otherwise(int(Fate.OPEN)).cast(pl.Int64),
                amount=pl.col("amount_minor").cast(pl.Float64).fill_null(np.nan),
            )
            .filter(pl.col("life") >= 0)
        )
        return cls(
            known["age"].to_numpy() / DAY,
            known["life"].to_numpy() / DAY,
            known["fate"].to_numpy(),
            known["amount"].to_numpy(),
        )

    def created_within(self, days: float) -> "_Deals":
        rows = self.ages_days <= days
        return _Deals(
            self.ages_days[rows], self.lives_days[rows], self.fates[rows], self.amounts[rows]
        )


def _pace(ages_days: Floats, half_life_days: float | None) -> float:
    """Return deals created a day, recent days weighing more.

    Formula: sum of 2^(-age / life) / integral of the same over the days since the first deal.
    """
    if not len(ages_days):
        return 0.0
    span = max(float(ages_days.max()), 1.0)
    if half_life_days is None:
        return len(ages_days) / span
    weight = half_life_days / np.log(2) * (1 - 2 ** (-span / half_life_days))
    return float(np.exp2(-ages_days / half_life_days).sum() / weight)


def _pace_now(ages_days: Floats, half_life_days: float) -> float:
    """Return deals created a day as of now, on a line through the recent past.

    A weighted mean of the past is as old as its mean age, and too low where a company grows. With
    weights w = 2^(-age / life), K_i = integral of age^i w, M_i = sum of age^i w over deals:

        level = M_0 / K_0,   slope = (M_1 - level K_1) / (K_2 - K_1^2 / K_0)   per day of age
        now   = level - s x slope x K_1 / K_0,   s = max(0, 1 - (standard error of slope / slope)^2)

    so that a slope that chance may have made hardly counts.
    """
    if len(ages_days) < _FEW_CREATED:
        return _pace(ages_days, half_life_days)
    grid = np.linspace(0.0, max(float(ages_days.max()), 1.0), _GRID)
    density = np.exp2(-grid / half_life_days)
    k0, k1, k2 = (float(np.trapezoid(density * grid**power, grid)) for power in (0, 1, 2))
    weights = np.exp2(-ages_days / half_life_days)
    level = float(weights.sum()) / k0
    leverage = k2 - k1**2 / k0
    from_middle = weights * (ages_days - k1 / k0)
    slope = float(from_middle.sum()) / leverage
    error = float(np.sqrt((from_middle**2).sum())) / leverage
    trust = max(0.0, 1.0 - (error / slope) ** 2) if slope else 0.0
    now = level - trust * slope * k1 / k0
    return float(np.clip(now, level / _FURTHEST, level * _FURTHEST))


def _integral(curve: Incidence, ends_days: Floats) -> Floats:
    """Return the integral of the share won from age 0 to each end: its steps times what is left."""
    steps = np.diff(curve.won, prepend=0.0)
    left = np.maximum(ends_days[:, None] - curve.days[None, :], 0.0)
    area: Floats = left @ steps
    return area


def _windows(histories: Histories, at: int, ends_days: Floats) -> Integers:
    since_first = (at - histories.starts_at) / DAY
    weeks = np.floor((since_first - ends_days) / _WEEK_DAYS)
    counts: Integers = np.maximum(weeks + 1, 0).astype(np.int64)
    return counts
