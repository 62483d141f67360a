"""What the data cannot tell: deals no touch explains, with the reason, and doubtful touches."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import narwhals as nw
import polars as pl

from core import formats
from core.attribution.closed_won import ANCHOR_UNTIL, without_rate, won_deals
from core.attribution.journeys import DEAL, eligible_touches, untouched
from core.attribution.results import Question
from core.conversion import REVENUE
from core.engine import Engine, Frame, collect


class Reason(StrEnum):
    """Why a won deal is nobody's, or not counted at all."""

    NO_TOUCHES = "no touch names the deal, its people or its company"
    NOT_BEFORE = "its touches all come after the moment the journey leads up to"
    NOT_ELIGIBLE = "its touches are older than the lookback, or excluded by a setting"
    NO_RATE = "there is no exchange rate for the deal's amount on its day"

    @property
    def of_many(self) -> str:
        """The reason as said of several deals."""
        return self.value.replace("the deal", "the deals").replace("its ", "their ")


@dataclass(frozen=True)
class Gaps:
    """The doubts to read before any number.

    Parameters
    ----------
    unexplained
        Won deals without an eligible touch: ``deal_id, name, account, owner, closed_at,
        amount_minor, reason``.
    left_out
        Won deals that no sum holds, with the same columns; their amount is not known.
    tied_touches
        Eligible touches that share their second with another of the deal: their order is by id.
    day_only_touches
        Eligible touches known only by their day.
    """

    unexplained: pl.DataFrame
    left_out: pl.DataFrame
    tied_touches: int
    day_only_touches: int

    @property
    def every(self) -> pl.DataFrame:
        """All deals without credit, those that are not even counted last."""
        return pl.concat([self.unexplained, self.left_out])

    def in_words(self, currency: str) -> tuple[str, ...]:
        """Say why no touch explains some won deals, one sentence a reason."""
        return tuple(
            f"{formats.counted(deals.height, 'won deal')} "
            f"({formats.money(int(deals['amount_minor'].sum()), currency)}) unattributed because "
            f"{Reason(reason).of_many}."
            for (reason,), deals in self.unexplained.group_by("reason", maintain_order=True)
        )


def gaps(engine: Engine, question: Question) -> Gaps:
    """Return what the data leave open about the deals a question is asked of."""
    deals = won_deals(engine, question.scope, question.journeys.anchor)
    eligible = eligible_touches(engine, deals, question.journeys)
    day_only = nw.col("occurred_at_is_date").cast(nw.Int64).sum().cast(nw.Int64)
    ties = (
        eligible.group_by(DEAL, "occurred_at_epoch")
        .agg(nw.len().cast(nw.Int64).alias("tied"))
        .filter(nw.col("tied") > 1)
        .select(nw.col("tied").sum().cast(nw.Int64))
    )
    return Gaps(
        unexplained=_unexplained(engine, question, deals),
        left_out=_left_out(engine, question),
        tied_touches=int(collect(ties)["tied"].sum()),
        day_only_touches=int(collect(eligible.select(day_only.alias("days")))["days"].sum()),
    )


def _unexplained(engine: Engine, question: Question, deals: Frame) -> pl.DataFrame:
    lacking = untouched(engine, deals, question.journeys)
    rows = collect(
        lacking.join(_earliest(engine, lacking), on="deal_id", how="left").select(
            *_ABOUT, "earliest", ANCHOR_UNTIL, amount_minor=REVENUE
        )
    )
    reason = (
        pl.when(pl.col("earliest").is_null())
        .then(pl.lit(Reason.NO_TOUCHES.value))
        .when(pl.col("earliest") > pl.col(ANCHOR_UNTIL))
        .then(pl.lit(Reason.NOT_BEFORE.value))
        .otherwise(pl.lit(Reason.NOT_ELIGIBLE.value))
    )
    return rows.select(*_ABOUT, "amount_minor", reason.alias("reason")).sort(
        "amount_minor", "deal_id", descending=[True, False], nulls_last=True
    )


_ABOUT: Final = ("deal_id", "name", "account", "owner", "closed_at")


def _left_out(engine: Engine, question: Question) -> pl.DataFrame:
    lacking = without_rate(engine, question.scope)
    rows = collect(lacking.select(*_ABOUT)).sort("deal_id")
    return rows.with_columns(
        amount_minor=pl.lit(None, pl.Int64), reason=pl.lit(Reason.NO_RATE.value)
    )


def _earliest(engine: Engine, deals: Frame) -> Frame:
    """Return when the first touch of each deal was, also if it came after the close.

    ``deal_touches`` holds none after the close, so whose a touch is is worked out here again.
    """
    touches = engine.table("touches")
    people = engine.table("deal_people").join(deals.select("deal_id"), on="deal_id")
    when = nw.col("occurred_at_epoch")
    ways = (
        touches.join(deals.select("deal_id"), on="deal_id").select("deal_id", when),
        people.join(touches.select("contact_id", when), on="contact_id").select("deal_id", when),
        touches.filter(nw.col("deal_id").is_null())
        .select("account_id", when)
        .join(deals.select("deal_id", "account_id"), on="account_id")
        .select("deal_id", when),
    )
    return nw.concat(list(ways)).group_by("deal_id").agg(earliest=when.min())
