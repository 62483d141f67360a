"""The incremental model from journeys to credit: placebo, panel, choice, split, intervals."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # it ships no types

from core.attribution.incremental.calibration import calibrated
from core.attribution.incremental.credit import (
    DealShares,
    Wins,
    averaged,
    deal_shares,
    wins_of,
)
from core.attribution.incremental.decay import Ints, faded
from core.attribution.incremental.intervals import Draws, Sample, bounds, resample
from core.attribution.incremental.journeys import Journeys
from core.attribution.incremental.links import Floats
from core.attribution.incremental.panel import ACTS_AFTER_DAYS, Panel, build_panel
from core.attribution.incremental.placebo import placebo
from core.attribution.incremental.results import (
    CAUTION,
    IncrementalResult,
    IncrementalSettings,
)
from core.attribution.incremental.selection import Choice, choose
from core.attribution.incremental.silence import read_silence
from core.schema import UNATTRIBUTED

FEWEST_WINS: Final = 100
"""Wins below which a result carries a warning: intervals are wide and effects mostly shrunk."""


@dataclass(frozen=True, eq=False)
class Learnt:
    """The chosen model and what it says about each won deal.

    Parameters
    ----------
    journeys
        The deals it was fitted to, without the touches of channels that get no credit.
    panel
        Their person-periods.
    choice
        The fit.
    wins, shares, revenue
        Each won deal at its win, how it is split, and its revenue in minor units.
    harvesters
        Channels found to gather before losses too.
    settings
        How it was fitted.
    """

    journeys: Journeys
    panel: Panel
    choice: Choice
    wins: Wins
    shares: DealShares
    revenue: Floats
    harvesters: tuple[str, ...]
    settings: IncrementalSettings

    @property
    def warnings(self) -> tuple[str, ...]:
        """Doubts to show wherever the numbers are shown."""
        return tuple(_warnings(self))

    @property
    def won_deal_ids(self) -> pl.Series:
        """Ids of the won deals, in the order of ``wins``."""
        return self.journeys.deals["deal_id"].gather(self.wins.deal)

    def of_touches(self) -> pl.DataFrame:
        """Return what each touch of a won deal gets: ``deal_key, sequence, share``.

        A channel's part of a deal goes to its touches by how fresh they were at the win. A
        touch that gets nothing has no row.
        """
        journeys = self.journeys
        row = np.full(journeys.opened.size, -1, dtype=np.int64)
        row[self.wins.deal] = np.arange(self.wins.deal.size)
        before = journeys.ended[journeys.touch_deal] - journeys.touch_day
        mine = np.flatnonzero((row[journeys.touch_deal] >= 0) & (before >= ACTS_AFTER_DAYS))
        deal, channel = row[journeys.touch_deal[mine]], journeys.touch_channel[mine]
        stock = self.wins.stock[deal, channel]
        fresh = faded(before[mine], self.choice.blends[channel]) / np.where(stock > 0.0, stock, 1.0)
        share = self.shares.credit[deal, channel] * fresh
        keys = journeys.deals["deal_key"].gather(journeys.touch_deal[mine])
        told = pl.DataFrame(
            {"deal_key": keys, "sequence": journeys.touch_sequence[mine], "share": share}
        )
        return told.filter(pl.col("share") > 0.0)


def attribute_incremental(
    journeys: Journeys, last_day: float, settings: IncrementalSettings
) -> IncrementalResult:
    """Return what each channel added, and what would have closed anyway.

    Parameters
    ----------
    journeys
        All deals, won, lost and open, with their touches; ``deals`` holds ``revenue_minor``.
    last_day
        Last day of the data, in days since 1970.
    settings
        How to fit.
    """
    learnt = learn(journeys, last_day, settings)
    draws = resample(sample_of(learnt, learnt.revenue), settings.resamples, settings.seed)
    return IncrementalResult(
        channels=_channels(learnt, draws, settings.level),
        deals=_deals(learnt),
        link=learnt.choice.estimate.link.name,
        support=learnt.choice.support,
        harvesters=learnt.harvesters,
        settings=settings,
        warnings=learnt.warnings,
    )


def learn(journeys: Journeys, last_day: float, settings: IncrementalSettings) -> Learnt:
    """Fit the model and split every won deal; parameters as of `attribute_incremental`."""
    # Threads that share matrices this small spend their time waiting for each other.
    with threadpool_limits(limits=1, user_api="blas"):
        return _learnt(journeys, last_day, settings)


def _learnt(journeys: Journeys, last_day: float, settings: IncrementalSettings) -> Learnt:
    tested = frozenset(test.channel for test in settings.lift_tests)
    harvesters = _harvesters(journeys, settings) - tested
    credited = journeys.without(harvesters | settings.excluded)
    panel = build_panel(credited, silence=read_silence(credited))
    choice = choose(panel.for_wins().thinned(settings.most_rows))
    wins = wins_of(panel, choice.blends, last_day)
    if settings.lift_tests:
        choice = calibrated(choice, wins, credited.channels, settings.lift_tests)
    return Learnt(
        journeys=credited,
        panel=panel,
        choice=choice,
        wins=wins,
        shares=_shares(wins, choice),
        revenue=_revenue(credited)[wins.deal],
        harvesters=tuple(sorted(harvesters)),
        settings=settings,
    )


def _shares(wins: Wins, choice: Choice) -> DealShares:
    fits = [one.estimate for one in choice.standing]
    return averaged(
        [one.weight for one in choice.standing],
        [deal_shares(wins, fit.link, fit.coefficients) for fit in fits],
    )


def _harvesters(journeys: Journeys, settings: IncrementalSettings) -> frozenset[str]:
    panel = build_panel(journeys, acts_after_days=0.0).thinned(settings.most_rows)
    return placebo(panel, journeys.channels).harvesters


def _revenue(journeys: Journeys) -> Floats:
    """Return revenue of each deal; a deal whose amount is not known weighs nothing in revenue."""
    amounts = journeys.deals["revenue_minor"].cast(pl.Float64)
    known: Floats = np.nan_to_num(amounts.to_numpy(), nan=0.0)
    return known


def sample_of(learnt: Learnt, weight: Floats) -> Sample:
    """Return what intervals resample; ``weight`` is what each won deal counts for."""
    panel, choice = learnt.choice.panel, learnt.choice
    accounts = learnt.journeys.accounts
    return Sample(
        standing=choice.standing,
        design=panel.design(choice.blends),
        row_account=accounts[panel.deal],
        wins=learnt.wins,
        win_account=accounts[learnt.wins.deal],
        revenue=weight,
    )


def _channels(learnt: Learnt, draws: Draws, level: float) -> pl.DataFrame:
    shares, revenue, choice = learnt.shares, learnt.revenue, learnt.choice
    share_low, share_high = bounds(np.c_[draws.share, draws.unattributed], level)
    deals_low, deals_high = bounds(draws.deals_without, level)
    revenue_low, revenue_high = bounds(draws.revenue_without, level)
    credit = np.c_[shares.credit, shares.unattributed]
    total = revenue.sum()
    return pl.DataFrame(
        {
            "channel": [*learnt.journeys.channels, UNATTRIBUTED],
            "deals": credit.sum(axis=0),
            "revenue_minor": _cents(credit, revenue).sum(axis=0),
            "share": revenue @ credit / total if total else None,
            "share_low": share_low,
            "share_high": share_high,
            "deals_without": _blank_last(shares.without.sum(axis=0)),
            "deals_without_low": _blank_last(deals_low),
            "deals_without_high": _blank_last(deals_high),
            "revenue_without_minor": _blank_last(revenue @ shares.without),
            "revenue_without_low": _blank_last(revenue_low),
            "revenue_without_high": _blank_last(revenue_high),
            "effect": _blank_last(choice.estimate.coefficients.effects),
            "half_life_days": _blank_last(choice.half_lives_days),
        }
    )


def _blank_last(values: Floats) -> list[float | None]:
    return [*values.tolist(), None]


def _cents(credit: Floats, revenue: Floats) -> Ints:
    """Split each deal in whole cents: running totals are rounded, so the parts sum to the deal."""
    through = np.cumsum(credit, axis=1) / credit.sum(axis=1, keepdims=True)
    running = np.floor(revenue[:, None] * through + 0.5)
    parts: Ints = np.diff(running, axis=1, prepend=0.0).astype(np.int64)
    return parts


def _deals(learnt: Learnt) -> pl.DataFrame:
    credit = np.c_[learnt.shares.credit, learnt.shares.unattributed]
    row, column = np.nonzero(credit > 0.0)
    names = pl.Series([*learnt.journeys.channels, UNATTRIBUTED])
    return pl.DataFrame(
        {
            "deal_id": learnt.won_deal_ids.gather(row),
            "channel": names.gather(column),
            "share": credit[row, column],
            "revenue_minor": _cents(credit, learnt.revenue)[row, column],
        }
    )


def _warnings(learnt: Learnt) -> list[str]:
    found = [CAUTION]
    wins = learnt.revenue.size
    if wins < FEWEST_WINS:
        found.append(
            f"Only {wins} won deals: effects are mostly noise below {FEWEST_WINS}; "
            "read the intervals."
        )
    if learnt.harvesters:
        found.append(
            f"{', '.join(learnt.harvesters)}: touches gather before lost deals too, so they come "
            "because a decision is near; no credit."
        )
    if settings_tests := learnt.settings.lift_tests:
        known = [test.channel for test in settings_tests]
        unknown = sorted(set(known) - set(learnt.journeys.channels))
        found.append(f"Calibrated by lift tests of {', '.join(known)}.")
        if unknown:
            found.append(f"No touch of {', '.join(unknown)}: those lift tests calibrate nothing.")
    return found
