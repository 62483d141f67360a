"""Revenue of the period from deals that nobody has created yet."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from core.forecasting.histories import DAY, Histories
from core.forecasting.landmarks import Floats, Integers, weekly_instants

_FIRST_MOMENTS = 2


@dataclass(frozen=True)
class NewBusiness:
    """What past as-of dates went on to win from deals created after them.

    Parameters
    ----------
    ends_days
        Ends of the steps of the horizon.
    expected
        Amount won by the end of each step, in minor units.
    wins
        Number of deals behind it.
    amounts
        Amounts of the deals won before the as-of instant, to draw sizes from.
    windows
        Past as-of dates with each step fully observed.
    """

    ends_days: Floats
    expected: Floats
    wins: Floats
    amounts: Floats
    windows: Integers

    @property
    def variance(self) -> Floats:
        """Variance of the amount when wins arrive independently (compound Poisson)."""
        if not len(self.amounts):
            return np.zeros(len(self.ends_days))
        return self.wins * float(np.mean(self.amounts**2))


def expect_new_business(
    histories: Histories,
    at: int,
    ends_days: Floats,
    half_lives_days: tuple[float | None, ...] = (None,),
) -> NewBusiness:
    """Expect from deals not yet created what past as-of dates won from them at the same distance.

    For each step of the horizon: mean over past as-of dates, a week apart and with the step
    fully over at ``at``, of the amount won in that step from deals created after that date.
    Steps are averaged one by one, so recent dates teach the near steps before the far ones are
    known. Several half-lives are averaged, as for the open pipeline.

    When not to use it: before or after a break in how deals are created.
    """
    wins = _Wins.before(histories, at)
    first = histories.starts_at
    expected, counts = np.zeros(len(ends_days)), np.zeros(len(ends_days))
    windows = []
    for number, ends in enumerate(ends_days):
        begins = ends_days[number - 1] if number else 0.0
        instants = weekly_instants(first, at - int(ends * DAY))
        windows.append(len(instants))
        if not len(instants):
            continue
        money, deals = wins.in_step(instants.astype(np.float64), begins * DAY, ends * DAY)
        days_since = (at - ends * DAY - instants) / DAY
        for half_life in half_lives_days:
            weights = np.ones(len(instants))
            if half_life is not None:
                weights = np.exp2(-days_since / half_life)
            share = weights / weights.sum() / len(half_lives_days)
            expected[number] += money @ share
            counts[number] += deals @ share
    return NewBusiness(
        ends_days=ends_days,
        expected=np.cumsum(expected),
        wins=np.cumsum(counts),
        amounts=wins.amounts[np.isfinite(wins.amounts)],
        windows=np.array(windows, dtype=np.int64),
    )


@dataclass(frozen=True)
class _Wins:
    """Deals won before an instant, by the second of the win."""

    created: Floats
    won: Floats
    amounts: Floats

    @classmethod
    def before(cls, histories: Histories, at: int) -> "_Wins":
        won = histories.deals.filter(pl.col("outcome") == "won", pl.col("closed_epoch") < at).sort(
            "closed_epoch"
        )
        amounts = won["amount_minor"].cast(pl.Float64).fill_null(np.nan).to_numpy()
        return cls(
            won["created_epoch"].cast(pl.Float64).to_numpy(),
            won["closed_epoch"].cast(pl.Float64).to_numpy(),
            amounts,
        )

    def in_step(self, instants: Floats, begins: float, ends: float) -> tuple[Floats, Floats]:
        """Return amount and number won in a step after each instant, of deals created after it.

        A win counts for the instants after ``won - ends``, up to ``won - begins`` and up to its
        creation: a run of them, added at its first and taken away after its last.
        """
        first = np.searchsorted(instants, self.won - ends, side="right")
        after = np.searchsorted(instants, np.minimum(self.won - begins, self.created), side="right")
        counted = after > first
        amounts = np.nan_to_num(self.amounts[counted])  # a win of unknown amount adds none
        money, deals = (
            np.cumsum(
                np.bincount(first[counted], values, minlength=len(instants) + 1)
                - np.bincount(after[counted], values, minlength=len(instants) + 1)
            )[:-1]
            for values in (amounts, np.ones(len(amounts)))
        )
        return money, deals
