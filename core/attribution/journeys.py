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

FIRST: Final = "is_first_of_channel"
"""Whether no earlier touch of the deal was in the channel."""

BEFORE: Final = ("channel_1_before", "channel_2_before", "channel_3_before")
"""The channels of the touches before, null where there is none."""

FOLLOWING: Final = "next_channel"
"""The channel of the next touch, null at the last."""

STORED: Final = (POSITION, "channels_met", FIRST, *BEFORE, FOLLOWING, "next_campaign")
"""What ``deal_touches`` says of a touch among all touches of its deal: true of whole journeys."""

_RUNNING: Final = "running_"
_TOTAL: Final = "total_"
_LARGEST: Final = "largest_"
_AT_END: Final = "at_end_"
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
    there = set(columns_of(touches))
    is_numbered = POSITION in there
    order = POSITION if is_numbered else SEQUENCE
    sums = [
        expression
        for name in weights
        for expression in (
            nw.col(name).cum_sum().over(DEAL, order_by=order).alias(_RUNNING + name),
            _sum_of_deal(name, there).alias(_TOTAL + name),
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


def _sum_of_deal(weight: str, there: set[str]) -> nw.Expr:
    """Return the sum of a weight over the journey, with the last touch where that is apart."""
    rest = nw.col(weight).sum().over(DEAL)
    return rest + nw.col(_AT_END + weight) if _AT_END + weight in there else rest


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
    lacks = reduce(or_, [column.is_null() for column in furthest.values()])
    ends = touches.filter(nw.col(FOLLOWING).is_null()).filter(lacks).select(DEAL)
    return (
        touches.join(ends, on=DEAL, how="semi")
        .select(DEAL, **furthest)
        .group_by(DEAL)
        .agg(*[nw.col(name).max().alias(_LARGEST + name) for name in furthest])
    )


def known_totals(**totals: nw.Expr) -> dict[str, nw.Expr]:
    """Name sums of weights over the journey as `total` reads them."""
    return {_TOTAL + name: column for name, column in totals.items()}


def known_ends(**weights: nw.Expr) -> dict[str, nw.Expr]:
    """Name weights of last touches as `numbered` adds them to sums over all others."""
    return {_AT_END + name: column for name, column in weights.items()}


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
    touches = _wanted(engine.table("deal_touches").drop(*STORED), settings)
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
