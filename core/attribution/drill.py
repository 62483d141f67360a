"""What is behind a number: the campaigns, touches and deals of a bar, and the touches of a deal.

All run the pipeline of `core.attribution.splitting` and only group it differently, so that the
credits of the campaigns, of the touches and of the deals each sum to the bar, and a deal's to the
deal.
"""

from dataclasses import replace
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.closed_won import ANCHOR_FROM, won_deals
from core.attribution.fitted import TouchSplit, fitted_splits
from core.attribution.journeys import (
    DEAL,
    POSITION,
    SECONDS_A_DAY,
    TOUCHES,
    untouched,
)
from core.attribution.results import Level, Question
from core.attribution.rules.running import CREDIT, SHARE
from core.attribution.splitting import NEXT, touches_due, touches_split
from core.conversion import REVENUE
from core.engine import Engine, Frame, collect
from core.errors import UnknownNameError
from core.schema import UNATTRIBUTED

_DEAL_COLUMNS: Final = ("deal_id", "name", "account", "owner", "closed_at")


def credited_deals(
    engine: Engine, question: Question, model: str, name: str, campaign: str | None = None
) -> pl.DataFrame:
    """Return the deals behind a bar: what each of them gives to a channel or campaign.

    ``credit_minor`` sums to the bar. A deal without an amount has no credit in money, but a share.

    Parameters
    ----------
    engine
        Where the data are.
    question
        The question the bar answers.
    model
        Name of the model.
    name
        The channel or campaign, as ``question.level`` says, or ``(unattributed)``.
    campaign
        One campaign of a channel; None for all of them.

    Returns
    -------
    polars.DataFrame
        ``deal_id, name, account, owner, closed_at, amount_minor, credit_minor, share, touches``,
        the largest credit first; amounts in minor units of the reporting currency.

    Raises
    ------
    UnknownNameError
        If the model does not exist.
    """
    deals = won_deals(engine, question.scope, question.journeys.anchor)
    asked = replace(question, models=(model,))
    parts = (
        _nobodys_parts(engine, asked, deals)
        if name == UNATTRIBUTED
        else _parts(engine, asked, deals, _its_own(question, name, campaign))
    )
    facts = deals.select(DEAL, *_DEAL_COLUMNS, amount_minor=REVENUE)
    rows = collect(facts.join(parts, on=DEAL))
    return rows.select(*_DEAL_COLUMNS, "amount_minor", "credit_minor", "share", "touches").sort(
        "credit_minor", "share", "deal_id", descending=[True, True, False], nulls_last=True
    )


def credited_campaigns(
    engine: Engine, question: Question, model: str, channel: str
) -> pl.DataFrame:
    """Return the campaigns behind a channel's bar; their credits sum to it.

    Returns
    -------
    polars.DataFrame
        ``campaign, touches, deals, credit_minor``, the largest credit first; ``deals`` in
        fractions of a deal.

    Raises
    ------
    UnknownNameError
        If the model does not exist.
    """
    deals = won_deals(engine, question.scope, question.journeys.anchor, names=False)
    asked = replace(question, models=(model,), level=Level.CAMPAIGN)
    touches = touches_split(engine, asked, deals, fitted_splits(engine, asked).splits)
    own = touches.filter(nw.col("channel") == channel)
    return collect(
        own.group_by("campaign").agg(
            nw.len().cast(nw.Int64).alias("touches"),
            nw.col(SHARE + model).sum().alias("deals"),
            nw.col(CREDIT + model).sum().cast(nw.Int64).alias("credit_minor"),
        )
    ).sort("credit_minor", "campaign", descending=[True, False])


def credited_touches(
    engine: Engine, question: Question, model: str, name: str, campaign: str | None = None
) -> pl.DataFrame:
    """Return the touches behind a bar, or behind a campaign of it; their credits sum to it.

    Returns
    -------
    polars.DataFrame
        ``touch_id, occurred_at, channel, campaign, kind, deal_id, deal, account, position,
        touches, credit_minor, share``, the largest credit first. A touch that belongs to several
        deals has a row for each. The credit of an unknown amount is unknown.

    Raises
    ------
    UnknownNameError
        If the model does not exist.
    """
    deals = won_deals(engine, question.scope, question.journeys.anchor, names=False)
    asked = replace(question, models=(model,))
    touches = touches_split(engine, asked, deals, fitted_splits(engine, asked).splits)
    own = touches.filter(_its_own(question, name, campaign))
    names = engine.table("deal_facts").select(
        "deal_id", "account", deal=nw.coalesce("name", "deal_id")
    )
    about = engine.table("touches").select("touch_id", "occurred_at")
    rows = collect(own.join(names, on="deal_id").join(about, on="touch_id"))
    return rows.select(
        *("touch_id", "occurred_at", "channel", "campaign", "kind"),
        *("deal_id", "deal", "account", POSITION, TOUCHES),
        credit_minor=CREDIT + model,
        share=SHARE + model,
    ).sort("credit_minor", "share", "touch_id", descending=[True, True, False], nulls_last=True)


def deal_credits(engine: Engine, question: Question, deal_id: str) -> pl.DataFrame:
    """Return the journey of one won deal: each eligible touch with what each model gives it.

    Returns
    -------
    polars.DataFrame
        ``touch_id, occurred_at, occurred_at_is_date, channel, campaign, kind, belongs_by,
        contact_id, days_before_anchor, position, touches, import_id, source_line`` and for each
        model ``share_<model>`` and ``credit_<model>`` in minor units; no rows when no touch is
        eligible.

    Raises
    ------
    UnknownNameError
        If no deal of that id was won in scope.
    """
    won = won_deals(engine, question.scope, question.journeys.anchor, names=False)
    deal = won.filter(nw.col("deal_id") == deal_id)
    if collect(deal.select("deal_id")).is_empty():
        raise UnknownNameError(
            f"No deal '{deal_id}' was won in this period by these owners.",
            "Choose a deal of the list, or widen the period.",
        )
    models = fitted_splits(engine, question).splits
    days = (nw.col(ANCHOR_FROM) - nw.col("occurred_at_epoch")) / float(SECONDS_A_DAY)
    about = engine.table("touches").select(*_ABOUT_A_TOUCH)
    touches = touches_split(engine, question, deal, models).with_columns(
        # A touch on the day of a close that is known only by day lies no days before it.
        days_before_anchor=nw.when(days > 0).then(days).otherwise(nw.lit(0.0))
    )
    rows = collect(touches.join(about, on="touch_id")).sort(POSITION)
    return rows.select(
        *_TOUCH_COLUMNS, *(prefix + model.name for model in models for prefix in (SHARE, CREDIT))
    )


_NOTHING: Final = 1e-12
"""Shares below it are the last bits of sums, not credit."""

_ABOUT_A_TOUCH: Final = ("touch_id", "occurred_at", "contact_id", "import_id", "source_line")
_TOUCH_COLUMNS: Final = (
    "touch_id",
    "occurred_at",
    "occurred_at_is_date",
    "channel",
    "campaign",
    "kind",
    "belongs_by",
    "contact_id",
    "days_before_anchor",
    POSITION,
    TOUCHES,
    "import_id",
    "source_line",
)


def _its_own(question: Question, name: str, campaign: str | None) -> nw.Expr:
    """Return whether a touch is behind the bar, or behind a campaign of it."""
    own = nw.col(question.level.value) == name
    return own if campaign is None else own & (nw.col("campaign") == campaign)


def _parts(engine: Engine, question: Question, deals: Frame, its_own: nw.Expr) -> Frame:
    """Return what each deal gives to those touches."""
    (model,) = fitted_splits(engine, question).splits
    touches = touches_split(engine, question, deals, [model])
    return (
        touches.filter(its_own)
        .group_by(DEAL)
        .agg(
            nw.col(CREDIT + model.name).sum().cast(nw.Int64).alias("credit"),
            nw.col(SHARE + model.name).sum().alias("share"),
            nw.len().cast(nw.Int64).alias("touches"),
            nw.col(REVENUE).max().alias("known"),
        )
        .filter((nw.col("share") > _NOTHING) | (nw.col("credit") != 0))
        # Engines differ on the sum of nothing; the credit of an unknown amount is unknown.
        .with_columns(credit_minor=nw.when(~nw.col("known").is_null()).then(nw.col("credit")))
        .drop("known", "credit")
    )


def _nobodys_parts(engine: Engine, question: Question, deals: Frame) -> Frame:
    """Return what no touch gets: deals without one, and what a model leaves of the others."""
    untouched_parts = _untouched_parts(untouched(engine, deals, question.journeys))
    (model,) = fitted_splits(engine, question).splits
    if not isinstance(model, TouchSplit):
        return untouched_parts
    ends = touches_due(engine, question, deals, [model]).filter(nw.col(NEXT).is_null())
    rest = ends.select(
        DEAL,
        (nw.col(REVENUE) - nw.col(CREDIT + model.name)).alias("credit_minor"),
        (1.0 - nw.col(SHARE + model.name)).alias("share"),
        nw.col(TOUCHES).alias("touches"),
    )
    left = rest.filter((nw.col("share") > _NOTHING) | (nw.col("credit_minor") != 0))
    return nw.concat([untouched_parts, left])


def _untouched_parts(deals: Frame) -> Frame:
    return deals.select(
        DEAL,
        nw.col(REVENUE).alias("credit_minor"),
        nw.lit(1.0).alias("share"),
        nw.lit(0).cast(nw.Int64).alias("touches"),
    )
