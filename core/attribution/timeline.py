"""One account's timeline: its touches, deals and stage changes, in order."""

from dataclasses import dataclass
from typing import Final

import narwhals as nw
import polars as pl

from core import conversion
from core.conversion import REVENUE
from core.engine import Engine, Frame, collect
from core.errors import UnknownNameError
from core.scope import Scope

MOST_ACCOUNTS: Final = 50
"""Accounts listed at a time; a search narrows them down."""


@dataclass(frozen=True)
class AccountTimeline:
    """What happened with one account.

    Parameters
    ----------
    account_id, name
        The account.
    deals
        One row a deal: ``deal_id, name, owner, stage, outcome, created_at, closed_at,
        amount_minor``, the oldest first; all deals, whatever the period.
    touches
        One row a touch of the account, its people or its deals: ``touch_id, occurred_at,
        channel, campaign, kind, contact_id, deal_id``, the oldest first.
    stages
        One row a stage change: ``deal_id, changed_at, stage``, the oldest first.
    """

    account_id: str
    name: str
    deals: pl.DataFrame
    touches: pl.DataFrame
    stages: pl.DataFrame

    @property
    def events(self) -> pl.DataFrame:
        """Everything in one list: ``happened_at, what, detail, deal, channel``, oldest first."""
        names = self.deals.select("deal_id", deal=pl.coalesce("name", "deal_id"))
        parts = (
            _touch_events(self.touches, names),
            _stage_events(self.stages, names),
            _deal_events(self.deals),
        )
        return pl.concat(parts).sort("happened_at", "what", "detail", maintain_order=True)


def find_accounts(engine: Engine, scope: Scope, text: str = "") -> pl.DataFrame:
    """Return accounts with deals, those that won most first; at most fifty.

    Parameters
    ----------
    engine, scope
        Amounts in its currency; deals of its owners, whenever they were closed.
    text
        Part of the name of an account, of one of its deals, or an id of either.

    Returns
    -------
    polars.DataFrame
        ``account_id, account, deals, won, won_minor``.
    """
    deals = engine.table("deal_facts").filter(~nw.col("account_id").is_null())
    if scope.owner_ids:
        deals = deals.filter(nw.col("owner_id").is_in(scope.owner_ids))
    deals = conversion.into_currency(engine, deals, scope.currency)
    if text.strip():
        found = deals.filter(_contains(text.strip().lower())).select("account_id").unique()
        deals = deals.join(found, on="account_id")
    won = nw.col("outcome") == "won"
    priced = won & ~nw.col(REVENUE).is_null()
    accounts = deals.group_by("account_id").agg(
        nw.col("account").max(),
        nw.len().cast(nw.Int64).alias("deals"),
        won.cast(nw.Int64).sum().cast(nw.Int64).alias("won"),
        priced.cast(nw.Int64).sum().cast(nw.Int64).alias("priced"),
        nw.when(won).then(nw.col(REVENUE)).otherwise(None).sum().cast(nw.Int64).alias("won_minor"),
    )
    ordered = accounts.sort("won_minor", "deals", "account_id", descending=[True, True, False])
    # What was won with no amount at all is not known; nothing won is worth nothing.
    known = (pl.col("priced") > 0) | (pl.col("won") == 0)
    rows = collect(ordered.head(MOST_ACCOUNTS))
    return rows.with_columns(won_minor=pl.when(known).then("won_minor")).drop("priced")


def account_timeline(engine: Engine, account_id: str, currency: str) -> AccountTimeline:
    """Return what happened with one account.

    Raises
    ------
    UnknownNameError
        If no deal is of that account.
    """
    facts = engine.table("deal_facts").filter(nw.col("account_id") == account_id)
    own = conversion.into_currency(engine, facts, currency)
    deals = collect(own.select("account", *_DEAL_COLUMNS, amount_minor=REVENUE))
    if deals.is_empty():
        raise UnknownNameError(
            f"There is no account '{account_id}' with a deal.", "Choose one of the list."
        )
    ids = own.select("deal_id")
    stages = engine.table("stage_changes").join(ids, on="deal_id")
    return AccountTimeline(
        account_id=account_id,
        name=str(deals["account"][0]),
        deals=deals.drop("account").sort("created_at", "deal_id"),
        touches=_touches(engine, ids, account_id),
        stages=collect(stages.select("deal_id", "changed_at", "stage")).sort(
            "changed_at", "deal_id", "stage"
        ),
    )


_DEAL_COLUMNS: Final = (
    "deal_id", "name", "owner", "stage", "outcome", "created_at", "closed_at"
)  # fmt: skip
_TOUCH_COLUMNS: Final = (
    "touch_id", "occurred_at", "channel", "campaign", "kind", "contact_id", "deal_id"
)  # fmt: skip


def _contains(text: str) -> nw.Expr:
    places = ("account", "name", "account_id", "deal_id")
    found = [nw.col(place).str.to_lowercase().str.contains(text, literal=True) for place in places]
    return nw.any_horizontal(*found, ignore_nulls=True)


def _touches(engine: Engine, deals: Frame, account_id: str) -> pl.DataFrame:
    """Return the touches of the account, of its deals, and of the people in those deals."""
    touches = engine.table("touches")
    people = engine.table("deal_people").join(deals, on="deal_id").select("contact_id").unique()
    ways = (
        touches.filter(nw.col("account_id") == account_id).select(*_TOUCH_COLUMNS),
        touches.join(deals, on="deal_id").select(*_TOUCH_COLUMNS),
        touches.join(people, on="contact_id").select(*_TOUCH_COLUMNS),
    )
    found = pl.concat([collect(way) for way in ways]).unique("touch_id")
    return found.sort("occurred_at", "touch_id")


def _touch_events(touches: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    named = touches.join(names, on="deal_id", how="left", maintain_order="left")
    detail = pl.concat_str(
        "channel", "campaign", pl.col("kind").replace("", None), separator=", ", ignore_nulls=True
    )
    return named.select(
        "deal",
        happened_at="occurred_at",
        what=pl.lit("Touch"),
        detail=detail,
        channel="channel",
    ).select(*_EVENT)


def _stage_events(stages: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    named = stages.join(names, on="deal_id", how="left", maintain_order="left")
    return named.select(
        "deal",
        happened_at="changed_at",
        what=pl.lit("Stage"),
        detail="stage",
        channel=pl.lit(None, pl.String),
    ).select(*_EVENT)


def _deal_events(deals: pl.DataFrame) -> pl.DataFrame:
    named = deals.with_columns(deal=pl.coalesce("name", "deal_id"))
    created = named.select(
        "deal",
        happened_at="created_at",
        what=pl.lit("Deal created"),
        detail="deal",
        channel=pl.lit(None, pl.String),
    )
    closed = named.filter(pl.col("outcome") != "open").select(
        "deal",
        happened_at="closed_at",
        what=pl.format("Deal {}", "outcome"),
        detail="deal",
        channel=pl.lit(None, pl.String),
    )
    return pl.concat([created.select(*_EVENT), closed.select(*_EVENT)])


_EVENT: Final = ("happened_at", "what", "detail", "deal", "channel")
