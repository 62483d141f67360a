"""Journeys: which touches of a deal are eligible for credit, in what order.

A touch belongs to a deal if it names the deal, or its contact takes part in the deal, or (a
setting) it is of the deal's company and names no deal; each touch once a deal. `core.derived` keeps
the touches of deals in the table ``deal_touches``, in order; here the question's window applies.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Final

import narwhals as nw

from core.attribution.closed_won import (
    ANCHOR_FROM,
    ANCHOR_UNTIL,
    CREATED_UNTIL,
    LAST_SECOND_OF_DAY,
    LEAD_UNTIL,
)
from core.attribution.results import JourneySettings
from core.conversion import REVENUE
from core.engine import Engine, Frame

SECONDS_A_DAY: Final = 86_400

POSITION: Final = "position"
"""Place of the touch in its deal's journey, from 1; ordered by time, then touch id."""

TOUCHES: Final = "touches"
"""Number of eligible touches of the deal."""

DEAL: Final = "deal_key"
"""What journeys are told apart by: a whole number, quicker to sort and join than the id."""

SEQUENCE: Final = "sequence"
"""The order of a journey, by time and then touch id: total, whatever the order of the rows."""

_RUNNING: Final = "running_"
_TOTAL: Final = "total_"
_LARGEST: Final = "largest_"
_FROM_DEAL: Final = (
    "deal_key",
    "deal_id",
    REVENUE,
    ANCHOR_FROM,
    ANCHOR_UNTIL,
    CREATED_UNTIL,
    LEAD_UNTIL,
)


def journeys(engine: Engine, deals: Frame, settings: JourneySettings) -> Frame:
    """Return one row a deal and an eligible touch, numbered in the order of the journey.

    Parameters
    ----------
    engine
        Where the touches are.
    deals
        Deals with an anchor and revenue, as `core.attribution.closed_won.won_deals` returns them.
    settings
        Lookback, anchor and whether touches of the company count.

    Returns
    -------
    Frame
        ``deal_key, deal_id, revenue_minor``, the anchor, the milestones, the columns of
        ``deal_touches``, ``position`` and ``touches``.
    """
    return numbered(eligible_touches(engine, deals, settings))


def numbered(
    touches: Frame, weights: Iterable[str] = (), furthest: Iterable[str] = (), **along: nw.Expr
) -> Frame:
    """Add position, number of touches, and each weight's running sum and total, in one pass.

    Of what is ``furthest`` the largest value in the deal is added.
    Where the journeys come numbered, their numbers stay.
    """
    is_numbered = POSITION in columns_of(touches)
    order = POSITION if is_numbered else SEQUENCE
    sums = [
        expression
        for name in weights
        for expression in (
            nw.col(name).cum_sum().over(DEAL, order_by=order).alias(_RUNNING + name),
            nw.col(name).sum().over(DEAL).alias(_TOTAL + name),
        )
    ]
    numbers = {
        POSITION: nw.col(SEQUENCE).cum_count().over(DEAL, order_by=SEQUENCE).cast(nw.Int64),
        TOUCHES: nw.len().over(DEAL).cast(nw.Int64),
    }
    if is_numbered:
        numbers = {}
    sums += [nw.col(name).max().over(DEAL).alias(_LARGEST + name) for name in furthest]
    if not (sums or numbers or along):
        return touches
    return touches.with_columns(*sums, **numbers, **along)


def columns_of(touches: Frame) -> list[str]:
    """Return the names of the columns there are."""
    names: list[str] = touches.collect_schema().names()
    return names


def is_all_known(touches: Frame, names: Iterable[str]) -> bool:
    """Tell whether of each weight the sum over each journey, or the largest, is known already."""
    there = set(columns_of(touches))
    return all(not there.isdisjoint({_TOTAL + name, _LARGEST + name}) for name in names)


def furthest_of_deals(touches: Frame, furthest: Mapping[str, nw.Expr]) -> Frame:
    """Return one row a deal with the largest values of columns, to be joined to its touches.

    Only deals whose last touch lacks one of them have a row: at the others nothing lies further,
    which rules read as they read that nothing is there at all.
    """
    told = touches.select(DEAL, "next_channel", **furthest)
    lacks = reduce(or_, [nw.col(name).is_null() for name in furthest])
    ends = told.filter(nw.col("next_channel").is_null(), lacks).select(DEAL)
    return (
        told.join(ends, on=DEAL, how="semi")
        .group_by(DEAL)
        .agg(*[nw.col(name).max().alias(_LARGEST + name) for name in furthest])
    )


def known_totals(**totals: nw.Expr) -> dict[str, nw.Expr]:
    """Name sums of weights over the journey as `total` reads them."""
    return {_TOTAL + name: column for name, column in totals.items()}


def known_running(**sums: nw.Expr) -> dict[str, nw.Expr]:
    """Name running sums of weights as `running` reads them."""
    return {_RUNNING + name: column for name, column in sums.items()}


def next_in_journey(column: str) -> nw.Expr:
    """Return a column of the deal's next touch, null at the last."""
    return nw.col(column).shift(-1).over(DEAL, order_by=SEQUENCE)


def running(weight: str) -> nw.Expr:
    """Return the sum of a weight from the first touch up to this one."""
    return nw.col(_RUNNING + weight)


def total(weight: str) -> nw.Expr:
    """Return the sum of a weight over the journey."""
    return nw.col(_TOTAL + weight)


def largest(column: str) -> nw.Expr:
    """Return the largest value of a column in the journey."""
    return nw.col(_LARGEST + column)


def eligible_touches(
    engine: Engine, deals: Frame, settings: JourneySettings, also: Iterable[str] = ()
) -> Frame:
    """Return one row a deal and a touch of it inside the lookback before the anchor.

    A touch known only by its day counts if any second of that day lies inside the window.
    ``also`` names further columns of the deals to keep.
    """
    touches = _wanted(engine.table("deal_touches"), settings)
    last_second = nw.col("occurred_at_epoch") + nw.when(nw.col("occurred_at_is_date")).then(
        nw.lit(LAST_SECOND_OF_DAY)
    ).otherwise(0)
    opens = nw.col(ANCHOR_FROM) - settings.lookback_days * SECONDS_A_DAY
    eligible = touches.join(deals.select(*_FROM_DEAL, *also), on=DEAL).filter(
        nw.col("occurred_at_epoch") <= nw.col(ANCHOR_UNTIL), last_second >= opens
    )
    if settings.since_creation:
        return eligible.filter(nw.col("occurred_at_epoch") > nw.col(CREATED_UNTIL))
    return eligible


def _wanted(touches: Frame, settings: JourneySettings) -> Frame:
    """Return the touches that the settings let count, before any window."""
    if not settings.account_touches:
        touches = touches.filter(nw.col("belongs_by") != "account")
    if settings.excluded_channels:
        touches = touches.filter(~nw.col("channel").is_in(settings.excluded_channels))
    if settings.excluded_kinds:
        touches = touches.filter(~nw.col("kind").is_in(settings.excluded_kinds))
    return touches


def untouched(engine: Engine, deals: Frame, settings: JourneySettings) -> Frame:
    """Return the deals that no eligible touch explains: they make up ``(unattributed)``."""
    touched = eligible_touches(engine, deals, settings).select(DEAL).unique()
    return deals.join(touched, on=DEAL, how="anti")
