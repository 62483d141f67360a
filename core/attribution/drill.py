"""What is behind a number: the deals of a bar, and the touches of a deal.

Both run the pipeline of `core.attribution.credit` and only group it differently, so that the
credits of the deals sum to the bar and those of the touches to the deal.
"""

from dataclasses import replace
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.closed_won import ANCHOR_FROM, won_deals
from core.attribution.credit import CREDIT, SHARE, credited_touches, rules_of, with_credits
from core.attribution.journeys import POSITION, SECONDS_A_DAY, TOUCHES, eligible_touches, untouched
from core.attribution.results import Question
from core.conversion import REVENUE
from core.engine import Engine, Frame, collect
from core.errors import UnknownNameError
from core.schema import UNATTRIBUTED

_DEAL_COLUMNS: Final = ("deal_id", "name", "account", "owner", "closed_at")


def credited_deals(engine: Engine, question: Question, model: str, name: str) -> pl.DataFrame:
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
        _untouched_parts(untouched(engine, deals, question.journeys))
        if name == UNATTRIBUTED
        else _parts(engine, asked, name)
    )
    facts = deals.select(*_DEAL_COLUMNS, amount_minor=REVENUE)
    rows = collect(facts.join(parts, on="deal_id"))
    return rows.select(*_DEAL_COLUMNS, "amount_minor", "credit_minor", "share", "touches").sort(
        "credit_minor", "share", "deal_id", descending=[True, True, False], nulls_last=True
    )


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
    won = won_deals(engine, question.scope, question.journeys.anchor)
    deal = won.filter(nw.col("deal_id") == deal_id)
    if collect(deal.select("deal_id")).is_empty():
        raise UnknownNameError(
            f"No deal '{deal_id}' was won in this period by these owners.",
            "Choose a deal of the list, or widen the period.",
        )
    rules = rules_of(question)
    days = (nw.col(ANCHOR_FROM) - nw.col("occurred_at_epoch")) / float(SECONDS_A_DAY)
    touches = eligible_touches(engine, deal, question.journeys).with_columns(
        # A touch on the day of a close that is known only by day lies no days before it.
        days_before_anchor=nw.when(days > 0).then(days).otherwise(nw.lit(0.0))
    )
    credits_of = [prefix + model.name for model in rules for prefix in (SHARE, CREDIT)]
    about = engine.table("touches").select(*_ABOUT_A_TOUCH)
    rows = collect(with_credits(touches, rules).join(about, on="touch_id"))
    return rows.select(*_TOUCH_COLUMNS, *credits_of).sort(POSITION)


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


def _parts(engine: Engine, question: Question, name: str) -> Frame:
    """Return what each deal gives to the name."""
    model = rules_of(question)[0]
    share, credit = nw.col(SHARE + model.name), nw.col(CREDIT + model.name)
    touches = credited_touches(engine, question, [model]).filter(
        nw.col(question.level.value) == name
    )
    return (
        touches.group_by("deal_id")
        .agg(
            credit.sum().cast(nw.Int64).alias("credit_minor"),
            share.sum().alias("share"),
            nw.len().cast(nw.Int64).alias("touches"),
            nw.col(REVENUE).max().alias("known"),
        )
        .filter(nw.col("share") > 0)
        .with_columns(  # engines differ on the sum of nothing; it is unknown, not zero
            credit_minor=nw.when(~nw.col("known").is_null()).then(nw.col("credit_minor"))
        )
        .drop("known")
    )


def _untouched_parts(deals: Frame) -> Frame:
    return deals.select(
        "deal_id",
        nw.col(REVENUE).alias("credit_minor"),
        nw.lit(1.0).alias("share"),
        nw.lit(0).cast(nw.Int64).alias("touches"),
    )
