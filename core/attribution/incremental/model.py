"""The incremental model from journeys to credit: placebo, panel, choice, split, intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from core.attribution.incremental.credit import DealShares, Wins, deal_shares, wins_of
from core.attribution.incremental.decay import Ints
from core.attribution.incremental.intervals import Draws, Sample, bounds, resample
from core.attribution.incremental.journeys import Journeys
from core.attribution.incremental.links import Floats
from core.attribution.incremental.panel import Panel, build_panel
from core.attribution.incremental.placebo import placebo
from core.attribution.incremental.results import (
    CAUTION,
    IncrementalResult,
    IncrementalSettings,
)
from core.attribution.incremental.selection import Choice, choose
from core.schema import UNATTRIBUTED

FEWEST_WINS: Final = 100
"""Wins below which a result carries a warning: intervals are wide and effects mostly shrunk."""


@dataclass(frozen=True)
class _Split:
    """The chosen model and what it says about each won deal."""

    journeys: Journeys
    panel: Panel
    choice: Choice
    wins: Wins
    shares: DealShares
    revenue: Floats


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
    harvesters = _harvesters(journeys, settings)
    left_out = harvesters | settings.excluded
    split = _split(journeys.without(left_out), last_day, settings)
    draws = resample(_sample(split), settings.resamples, settings.seed)
    return IncrementalResult(
        channels=_channels(split, draws, settings.level),
        deals=_deals(split),
        link=split.choice.estimate.link.name,
        support=split.choice.support,
        harvesters=tuple(sorted(harvesters)),
        settings=settings,
        warnings=tuple(_warnings(split, sorted(harvesters))),
    )


def _harvesters(journeys: Journeys, settings: IncrementalSettings) -> frozenset[str]:
    panel = build_panel(journeys, acts_after_days=0.0).thinned(settings.most_rows)
    return placebo(panel, journeys.channels).harvesters


def _split(journeys: Journeys, last_day: float, settings: IncrementalSettings) -> _Split:
    alive = journeys.while_alive()
    panel = build_panel(alive)
    choice = choose(panel.thinned(settings.most_rows))
    wins = wins_of(panel, choice.half_lives_days, last_day)
    return _Split(
        journeys=alive,
        panel=panel,
        choice=choice,
        wins=wins,
        shares=deal_shares(wins, choice.estimate.link, choice.estimate.coefficients),
        revenue=_revenue(alive)[wins.deal],
    )


def _revenue(journeys: Journeys) -> Floats:
    """Return revenue of each deal; a deal whose amount is not known weighs nothing in revenue."""
    amounts = journeys.deals["revenue_minor"].cast(pl.Float64)
    known: Floats = np.nan_to_num(amounts.to_numpy(), nan=0.0)
    return known


def _sample(split: _Split) -> Sample:
    panel, choice = split.choice.panel, split.choice
    accounts = split.journeys.accounts
    effects = choice.estimate.coefficients.effects.size
    return Sample(
        estimate=choice.estimate,
        design=panel.design(choice.half_lives_days),
        precision=choice.penalty.precision(effects),
        row_account=accounts[panel.deal],
        wins=split.wins,
        win_account=accounts[split.wins.deal],
        revenue=split.revenue,
    )


def _channels(split: _Split, draws: Draws, level: float) -> pl.DataFrame:
    shares, revenue, choice = split.shares, split.revenue, split.choice
    share_low, share_high = bounds(np.c_[draws.share, draws.unattributed], level)
    deals_low, deals_high = bounds(draws.deals_without, level)
    revenue_low, revenue_high = bounds(draws.revenue_without, level)
    credit = np.c_[shares.credit, shares.unattributed]
    total = revenue.sum()
    return pl.DataFrame(
        {
            "channel": [*split.journeys.channels, UNATTRIBUTED],
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


def _deals(split: _Split) -> pl.DataFrame:
    credit = np.c_[split.shares.credit, split.shares.unattributed]
    row, column = np.nonzero(credit > 0.0)
    names = pl.Series([*split.journeys.channels, UNATTRIBUTED])
    return pl.DataFrame(
        {
            "deal_id": split.journeys.deals["deal_id"].gather(split.wins.deal[row]),
            "channel": names.gather(column),
            "share": credit[row, column],
            "revenue_minor": _cents(credit, split.revenue)[row, column],
        }
    )


def _warnings(split: _Split, harvesters: Sequence[str]) -> list[str]:
    found = [CAUTION]
    wins = split.revenue.size
    if wins < FEWEST_WINS:
        found.append(
            f"Only {wins} won deals: effects are mostly noise below {FEWEST_WINS}; "
            "read the intervals."
        )
    if harvesters:
        found.append(
            f"{', '.join(harvesters)}: touches gather before lost deals too, so they come "
            "because a decision is near; no credit."
        )
    return found
