"""Which open deals to look at: a few views everybody needs, and filters on top."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import polars as pl

LIKELY: Final = 0.5
"""Chance from which a deal counts as likely to be won, or likely to slip."""

FELL: Final = 0.1
"""Fall of the win chance in 30 days, as a share of one, from which a deal counts as falling."""

MOVED_BY: Final = 0.05
"""Change of the win chance since the import before from which it counts as a change."""

SEVERAL: Final = 2
"""Risk signals from which a deal counts as needing attention."""


class DealView(StrEnum):
    """Views of the open deals."""

    ALL = "all"
    LIKELY = "likely"
    SLIPPING = "slipping"
    FALLING = "falling"
    ATTENTION = "attention"

    @property
    def label(self) -> str:
        """Name on screen."""
        return _LABELS[self]


_LABELS: Final = {
    DealView.ALL: "All open",
    DealView.LIKELY: "Likely in the period",
    DealView.SLIPPING: "Due, but likely to slip",
    DealView.FALLING: "Fell in 30 days",
    DealView.ATTENTION: "Several signals",
}


class Moved(StrEnum):
    """What became of a win chance since the import before."""

    FELL = "fell"
    ROSE = "rose"
    NEW = "new"

    @property
    def label(self) -> str:
        """Name on screen."""
        return _MOVED[self]


_MOVED: Final = {
    Moved.FELL: "Chance fell",
    Moved.ROSE: "Chance rose",
    Moved.NEW: "New",
}


@dataclass(frozen=True)
class DealFilters:
    """What narrows a view.

    Parameters
    ----------
    owner_ids
        Owners whose deals are shown; empty means everybody's.
    bands
        Risk bands; empty means all.
    signals
        Codes of risk signals; a deal needs one of them. Empty means any deal.
    moved
        What became of the chance since the import before; a deal needs one of them.
    moved_by
        Least change, as a share of one, for a chance that fell or rose.
    """

    owner_ids: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()
    moved_by: float = MOVED_BY


def viewed(
    frame: pl.DataFrame, view: DealView, ends_on: date, filters: DealFilters | None = None
) -> pl.DataFrame:
    """Return the rows of the scores' frame that a view shows, most expected revenue first.

    Parameters
    ----------
    frame
        Scored deals.
    view
        Which of them.
    ends_on
        Last day of the period.
    filters
        What narrows them further.
    """
    narrowed = filters or DealFilters()
    shown = frame.filter(_condition(view, ends_on))
    if narrowed.owner_ids:
        shown = shown.filter(pl.col("owner_id").is_in(narrowed.owner_ids))
    if narrowed.bands:
        shown = shown.filter(pl.col("band").is_in(narrowed.bands))
    if narrowed.signals:
        any_of = [pl.col("signals").list.contains(code) for code in narrowed.signals]
        shown = shown.filter(pl.any_horizontal(any_of))
    if narrowed.moved:
        shown = shown.filter(
            pl.any_horizontal([_has_moved(one, narrowed.moved_by) for one in narrowed.moved])
        )
    return shown.sort("expected_minor", "deal_id", descending=[True, False], nulls_last=True)


def _condition(view: DealView, ends_on: date) -> pl.Expr:
    if view is DealView.LIKELY:
        return pl.col("p_win") >= LIKELY
    if view is DealView.SLIPPING:
        return (pl.col("due_on") <= ends_on) & (pl.col("p_slip") >= LIKELY)
    if view is DealView.FALLING:
        return pl.col("change") <= -FELL
    if view is DealView.ATTENTION:
        return pl.col("signals").list.len() >= SEVERAL
    return pl.lit(value=True)


def _has_moved(how: Moved, by: float) -> pl.Expr:
    if how is Moved.NEW:
        return pl.col("then").is_null()
    return pl.col("moved") <= -by if how is Moved.FELL else pl.col("moved") >= by
