"""Journeys: which touches of a deal are eligible for credit, in what order.

A touch belongs to a deal if it names the deal, or its contact takes part in the deal, or (a
setting) it is of the deal's company and names no deal. The three ways are kept apart, so that no
touch joins a deal twice and no sort is needed to make them distinct.
"""

from typing import Final

import narwhals as nw

from core.attribution.closed_won import ANCHOR_FROM, ANCHOR_UNTIL, LAST_SECOND_OF_DAY
from core.attribution.results import JourneySettings
from core.conversion import REVENUE
from core.engine import Engine, Frame

SECONDS_A_DAY: Final = 86_400

POSITION: Final = "position"
"""Place of the touch in its deal's journey, from 1; ordered by time, then touch id."""

TOUCHES: Final = "touches"
"""Number of eligible touches of the deal."""

ORDER: Final = ("occurred_at_epoch", "touch_id")
"""The order of a journey: total, and the same whatever the order of the rows."""

_FROM_DEAL: Final = ("deal_id", "account_id", REVENUE, ANCHOR_FROM, ANCHOR_UNTIL)
_FROM_TOUCH: Final = (
    "touch_id",
    "occurred_at",
    "occurred_at_epoch",
    "occurred_at_is_date",
    "channel",
    "campaign",
    "kind",
    "contact_id",
    "import_id",
    "source_line",
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
        ``deal_id, revenue_minor, anchor_from_epoch, anchor_until_epoch``, the columns of the
        touch, ``position`` and ``touches``.
    """
    return eligible_touches(engine, deals, settings).with_columns(
        nw.col("touch_id")
        .cum_count()
        .over("deal_id", order_by=list(ORDER))
        .cast(nw.Int64)
        .alias(POSITION),
        nw.len().over("deal_id").cast(nw.Int64).alias(TOUCHES),
    )


def eligible_touches(engine: Engine, deals: Frame, settings: JourneySettings) -> Frame:
    """Return one row a deal and a touch of it inside the lookback before the anchor.

    A touch known only by its day counts if any second of that day lies inside the window.
    """
    last_second = nw.col("occurred_at_epoch") + nw.when(nw.col("occurred_at_is_date")).then(
        nw.lit(LAST_SECOND_OF_DAY)
    ).otherwise(0)
    opens = nw.col(ANCHOR_FROM) - settings.lookback_days * SECONDS_A_DAY
    return _belonging(engine, deals.select(*_FROM_DEAL), settings).filter(
        nw.col("occurred_at_epoch") <= nw.col(ANCHOR_UNTIL), last_second >= opens
    )


def untouched(engine: Engine, deals: Frame, settings: JourneySettings) -> Frame:
    """Return the deals that no eligible touch explains: they make up ``(unattributed)``."""
    touched = eligible_touches(engine, deals, settings).select("deal_id")
    return deals.join(touched, on="deal_id", how="anti")


def _belonging(engine: Engine, deals: Frame, settings: JourneySettings) -> Frame:
    touches = engine.table("touches").select(
        *_FROM_TOUCH, named_deal="deal_id", touch_account="account_id"
    )
    roles = _roles(engine)
    ways = [_named(touches, deals), _of_contacts(touches, deals, roles)]
    if settings.account_touches:
        ways.append(_of_account(touches, deals, roles))
    columns = [column for column in _FROM_DEAL if column != "account_id"]
    return nw.concat([way.select(*columns, *_FROM_TOUCH) for way in ways])


def _roles(engine: Engine) -> Frame:
    """Return who takes part in which deal; a converted lead as the contact it became."""
    became = engine.table("contacts").select("contact_id", "merged_into")
    named = engine.table("deal_contacts").select("deal_id", "contact_id")
    return (
        named.join(became, on="contact_id", how="left")
        .select("deal_id", contact_id=nw.coalesce("merged_into", "contact_id"))
        .unique()
    )


def _named(touches: Frame, deals: Frame) -> Frame:
    return touches.join(deals, left_on="named_deal", right_on="deal_id").with_columns(
        deal_id=nw.col("named_deal")
    )


def _of_contacts(touches: Frame, deals: Frame, roles: Frame) -> Frame:
    taking_part = roles.join(deals, on="deal_id")
    elsewhere = nw.col("named_deal").is_null() | (nw.col("named_deal") != nw.col("deal_id"))
    return touches.join(taking_part, on="contact_id").filter(elsewhere)


def _of_account(touches: Frame, deals: Frame, roles: Frame) -> Frame:
    unnamed = touches.filter(nw.col("named_deal").is_null())
    of_company = unnamed.join(deals, left_on="touch_account", right_on="account_id")
    return of_company.join(roles, on=["deal_id", "contact_id"], how="anti")
