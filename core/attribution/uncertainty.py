"""Uncertainty: how far credits would move had other accounts been won or lost.

The deals of an account belong together, so accounts are drawn again, not touches or deals. What is
drawn are counts: each account's (or small group of accounts') transitions or channel sets are
taken as often as the account came up, and the model is solved anew.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from core.attribution.chains import Chain, chain_of_grams
from core.attribution.data_driven import Game, Markov
from core.attribution.markov import conversion_effects
from core.attribution.paths import Codes, Floats, PathCounts
from core.attribution.reductions import (
    GROUP,
    WON,
    WORTH,
    channel_sets,
    sets_of_rows,
    transitions,
)
from core.engine import Frame, collect
from core.errors import EmptyWorkspaceError, InvalidParameterError

RESAMPLES: Final = 200
"""Draws of accounts; interval ends move by about a tenth of the interval from seed to seed."""

FEWEST_GROUPS: Final = 20
"""Below this many accounts an interval would promise more than it can hold."""

_USABLE: Final = 0.9
"""Part of the resamples that must hold a conversion."""

_TOP: Final = 3


@dataclass(frozen=True)
class CreditIntervals:
    """How sure the credit of each channel under one model is.

    Parameters
    ----------
    model
        Name of the model.
    level
        Part of resamples an interval holds, for example 0.8.
    frame
        One row a channel: ``channel, share, low, high, p_first, p_top3``; shares of conversions,
        and in how many resamples the channel came first or among the first three.
    resamples
        Draws the intervals rest on.
    """

    model: str
    level: float
    frame: pl.DataFrame
    resamples: int


@dataclass(frozen=True, eq=False)
class GroupedTransitions:
    """Transition counts told apart by group of accounts, from `core.attribution.reductions`.

    Parameters
    ----------
    rows
        ``account_group, state_key, next_code, visits, won, worth_minor``.
    channels
        The channels by place.
    order
        Digits of a state, at least 2; a model may be of a lower order.
    groups
        Number of groups.
    """

    rows: pl.DataFrame
    channels: tuple[str, ...]
    order: int
    groups: int

    @classmethod
    def of(
        cls, touches: Frame, channels: tuple[str, ...], order: int, groups: int
    ) -> "GroupedTransitions":
        """Count journeys that carry ``account_group``; parameters as of `chain_of_journeys`."""
        digits = max(order, 2)
        rows = collect(transitions(touches, channels, digits, by=[GROUP]))
        return cls(rows.sort(GROUP, "state_key", "next_code"), channels, digits, groups)

    def chain(self, times: Codes) -> Chain:
        """Return the counts with each group taken so many times."""
        often = pl.Series(times).gather(self.rows[GROUP])
        counted = self.rows.with_columns(pl.col("visits", WON, WORTH) * often)
        return chain_of_grams(counted.filter(often > 0), self.channels, self.order)


@dataclass(frozen=True, eq=False)
class GroupedSets:
    """Channel sets told apart by group of accounts: each set of each group on its own."""

    sets: PathCounts
    group: Codes
    groups: int

    @classmethod
    def of(cls, touches: Frame, channels: tuple[str, ...], groups: int) -> "GroupedSets":
        """Count journeys that carry ``account_group``; parameters as of `sets_of_journeys`."""
        rows = collect(channel_sets(touches, channels, by=[GROUP]))
        rows = rows.sort(GROUP, *sorted(column for column in rows.columns if column != GROUP))
        return cls(sets_of_rows(rows, channels), rows[GROUP].to_numpy(), groups)

    def taken(self, times: Codes) -> PathCounts:
        """Return the sets with each group taken so many times."""
        often = times[self.group].astype(np.float64)
        values = None if self.sets.values is None else self.sets.values * often
        return replace(
            self.sets,
            conversions=self.sets.conversions * often,
            nulls=self.sets.nulls * often,
            values=values,
        )


def markov_intervals(
    model: Markov, counts: GroupedTransitions, seed: int, level: float = 0.8
) -> CreditIntervals:
    """Return intervals for a Markov model of at most the order of the counts.

    Raises
    ------
    EmptyWorkspaceError
        If there are too few accounts or conversions for an interval.
    """

    def share(times: Codes) -> Floats:
        chain = counts.chain(times)
        if not chain.conversions.any():
            return np.full(len(counts.channels), np.nan)
        return conversion_effects(
            chain if chain.order == model.order else chain.shortened(model.order)
        ).shares

    return _intervals(model.name, counts.channels, _resampled(share, counts.groups, seed), level)


def game_intervals(
    model: Game, counts: GroupedSets, seed: int, level: float = 0.8
) -> CreditIntervals:
    """Return intervals for a Shapley game; raises as `markov_intervals` does."""

    def share(times: Codes) -> Floats:
        taken = counts.taken(times)
        if not taken.conversions.any():
            return np.full(len(taken.channels), np.nan)
        credit = model.of_sets(taken).conversions
        shares: Floats = credit / credit.sum()
        return shares

    resampled = _resampled(share, counts.groups, seed)
    return _intervals(model.name, counts.sets.channels, resampled, level)


def additive_intervals(
    model: str, channels: tuple[str, ...], credit: Floats, seed: int, level: float = 0.8
) -> CreditIntervals:
    """Return intervals for a rule model, whose credit is a sum over accounts.

    Parameters
    ----------
    model
        Name of the model.
    channels
        Name of each channel.
    credit
        One row a group of accounts, one column a channel.
    seed
        Of the draws.
    level
        Part of resamples an interval holds.
    """

    def share(times: Codes) -> Floats:
        total = times.astype(np.float64) @ credit
        shares: Floats = total / total.sum() if total.sum() > 0 else np.full(len(total), np.nan)
        return shares

    return _intervals(model, channels, _resampled(share, len(credit), seed), level)


def _resampled(share: Callable[[Codes], Floats], groups: int, seed: int) -> Floats:
    """Return the shares of the data as they are and, below, of each draw of accounts."""
    if groups < FEWEST_GROUPS:
        raise EmptyWorkspaceError(
            f"{groups} accounts are too few to say how sure a credit is.",
            f"An interval needs at least {FEWEST_GROUPS} accounts with touches.",
        )
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(groups, np.full(groups, 1 / groups), size=RESAMPLES)
    rows = [share(np.ones(groups, dtype=np.int64)), *(share(times) for times in draws)]
    shares = np.vstack(rows)
    usable = np.isfinite(shares.sum(axis=1))
    if usable[1:].mean() < _USABLE:
        raise EmptyWorkspaceError(
            "Too few accounts converted to say how sure a credit is.", "Widen the period."
        )
    kept: Floats = shares[usable]
    return kept


def _intervals(
    model: str, channels: tuple[str, ...], shares: Floats, level: float
) -> CreditIntervals:
    if not 0 < level < 1:
        raise InvalidParameterError(
            f"An interval cannot hold {level:g} of the resamples.",
            "Choose a part between 0 and 1, such as 0.8.",
        )
    drawn = shares[1:]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], axis=0)
    rank = (-drawn).argsort(axis=1, kind="stable").argsort(axis=1)
    frame = pl.DataFrame(
        {
            "channel": channels,
            "share": shares[0],
            "low": low,
            "high": high,
            "p_first": (rank == 0).mean(axis=0),
            "p_top3": (rank < _TOP).mean(axis=0),
        }
    )
    return CreditIntervals(model, level, frame, len(drawn))
