"""Journeys of every deal, won or not, read through an engine."""

from typing import Final

import narwhals as nw

from core import conversion
from core.attribution.closed_won import ANCHOR_FROM, ANCHOR_UNTIL, CREATED_UNTIL, last_second
from core.attribution.incremental.journeys import Journeys, read_journeys
from core.attribution.journeys import eligible_touches
from core.attribution.results import JourneySettings
from core.conversion import REVENUE
from core.engine import Engine, Frame, collect

_DEAL: Final = (
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
        Lookback before the end of each deal, and whether touches of the company count.
    as_of_epoch
        Moment at which open deals were last seen.

    Raises
    ------
    EmptyWorkspaceError
        If no deal was won by then.
    """
    deals = _deals(engine, currency, as_of_epoch)
    touches = eligible_touches(engine, deals, settings)
    accounts = engine.table("accounts").select("account_id", "employees")
    told = deals.select(*_DEAL).join(accounts, on="account_id", how="left")
    pairs = touches.select("deal_id", "channel", "occurred_at_epoch")
    return read_journeys(collect(told), collect(pairs), as_of_epoch)


def _deals(engine: Engine, currency: str, as_of_epoch: int) -> Frame:
    """Return every deal with its revenue and its end as the anchor of its touches."""
    facts = engine.table("deal_facts")
    priced = conversion.into_currency(facts, engine.table("exchange_rates"), currency)
    end = nw.coalesce(nw.col("closed_at_epoch"), nw.lit(as_of_epoch))
    created = last_second("created_at")
    return priced.with_columns(
        end.alias(ANCHOR_FROM), end.alias(ANCHOR_UNTIL), created.alias(CREATED_UNTIL)
    )
