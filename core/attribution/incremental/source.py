"""Journeys of every deal, won or not, read through an engine."""

from datetime import UTC, datetime
from typing import Final

import narwhals as nw

from core import conversion
from core.attribution.closed_won import ANCHOR_FROM, ANCHOR_UNTIL, CREATED_UNTIL, last_second
from core.attribution.incremental.journeys import Journeys, read_journeys
from core.attribution.journeys import DEAL, SECONDS_A_DAY, SEQUENCE, eligible_touches
from core.attribution.results import Anchor, JourneySettings
from core.conversion import REVENUE
from core.engine import Engine, Frame, collect
from core.errors import EmptyWorkspaceError

_DEAL: Final = (
    DEAL,
    "deal_id",
    "account_id",
    "created_at_epoch",
    "closed_at_epoch",
    "outcome",
    REVENUE,
    "industry",
    "region",
    "owner_id",
    "kind",
    "source",
)


def load_journeys(
    engine: Engine, currency: str, settings: JourneySettings, as_of_epoch: int
) -> Journeys:
    """Read deals and their touches up to a moment.

    Parameters
    ----------
    engine
        Where the workspace's tables are.
    currency
        Reporting currency of the revenue.
    settings
        Which touches count; the anchor of a deal that is still open is where it was last seen.
    as_of_epoch
        Moment at which open deals were last seen.

    Raises
    ------
    EmptyWorkspaceError
        If no deal was won by then.
    """
    deals = _deals(engine, currency, settings.anchor, as_of_epoch)
    touches = eligible_touches(engine, deals, settings)
    accounts = engine.table("accounts").select("account_id", "employees")
    told = deals.select(*_DEAL).join(accounts, on="account_id", how="left")
    pairs = touches.select("deal_id", "channel", "occurred_at_epoch", SEQUENCE)
    return read_journeys(collect(told), collect(pairs), as_of_epoch)


def last_known_epoch(engine: Engine) -> int:
    """Return the last second the data can know of: no deal was seen open after it.

    A close dated in the future must not count as known: nothing is known after the last import.

    Raises
    ------
    EmptyWorkspaceError
        If there is no deal.
    """
    moments = [
        ("deal_facts", "created_at_epoch"),
        ("deal_facts", "closed_at_epoch"),
        ("touches", "occurred_at_epoch"),
    ]
    latest = [collect(engine.table(name).select(nw.col(m).max())).item() for name, m in moments]
    newest = max((int(moment) for moment in latest if moment is not None), default=None)
    if newest is None:
        raise EmptyWorkspaceError("There are no deals yet.", "Import an export of your CRM.")
    imported = collect(engine.table("imports").select(nw.col("imported_at").max())).item()
    through = newest - newest % SECONDS_A_DAY + SECONDS_A_DAY
    return through if imported is None else min(through, _epoch(imported))


def _epoch(moment: datetime) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp())


def _deals(engine: Engine, currency: str, anchor: Anchor, as_of_epoch: int) -> Frame:
    """Return every deal with its revenue and the anchor of its touches."""
    facts = engine.table("deal_facts")
    priced = conversion.into_currency(engine, facts, currency)
    created = last_second("created_at")
    end = nw.coalesce(nw.col("closed_at_epoch"), nw.lit(as_of_epoch))
    begins = end if anchor is Anchor.WON else nw.col("created_at_epoch")
    until = (
        nw.coalesce(last_second("closed_at"), nw.lit(as_of_epoch))
        if anchor is Anchor.WON
        else created
    )
    return priced.with_columns(
        begins.alias(ANCHOR_FROM), until.alias(ANCHOR_UNTIL), created.alias(CREATED_UNTIL)
    )
