"""One deal explained: why a model splits it as it does, and how it would be split without a touch.

The counterfactual keeps the model as it is and takes a touch, or a channel, out of this one deal.
It says what the model would answer, not whether the deal would have been won.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.channel_split import ChannelSplit
from core.attribution.closed_won import (
    ANCHOR_FROM,
    ANCHOR_UNTIL,
    CREATED_UNTIL,
    LEAD_UNTIL,
    won_deals,
)
from core.attribution.fitted import fitted_splits
from core.attribution.journeys import SECONDS_A_DAY, SEQUENCE, eligible_touches
from core.attribution.reasons import Met, Story, why
from core.attribution.results import Anchor, Question
from core.attribution.rules.base import Split
from core.attribution.rules.running import CREDIT, SHARE
from core.attribution.splitting import split
from core.conversion import REVENUE
from core.engine import Engine, collect
from core.errors import UnknownNameError
from core.schema import UNATTRIBUTED

NOW: Final = "now_"
THEN: Final = "then_"


@dataclass(frozen=True)
class Removal:
    """What is imagined not to have happened: one touch, or all touches of a channel.

    Parameters
    ----------
    channel
        The channel; blank where a touch is meant.
    touch_id
        The touch; blank where a channel is meant.
    """

    channel: str = ""
    touch_id: str = ""


@dataclass(frozen=True)
class Explanation:
    """Why each model splits a deal as it does.

    Parameters
    ----------
    deal
        Name of the deal, or its id where it has none.
    reasons
        By model, a sentence or a few.
    shares
        One row a channel and a column a model: ``channel, share_<model>, credit_<model>``.
    """

    deal: str
    reasons: dict[str, str]
    shares: pl.DataFrame


@dataclass(frozen=True)
class Counterfactual:
    """How a deal would be split if something had not happened.

    Parameters
    ----------
    removal
        What is taken out.
    frame
        One row a channel, and ``(unattributed)`` where no touch is left: ``channel``, and for
        each model ``now_<model>`` and ``then_<model>`` in minor units; null for an unknown amount.
    removed
        Number of touches taken out.
    left
        Number of touches that remain.
    """

    removal: Removal
    frame: pl.DataFrame
    removed: int
    left: int


def explain_deal(engine: Engine, question: Question, deal_id: str) -> Explanation:
    """Return why each model of a question splits a won deal as it does.

    Raises
    ------
    UnknownNameError
        If no deal of that id was won in scope, or none of its touches is eligible.
    """
    touches = _journey(engine, question, deal_id)
    splits = fitted_splits(engine, question).splits
    rows = _split(touches, splits)
    reasons = {
        model.name: why(model, _story(rows, model.name, question.journeys.anchor))
        for model in splits
    }
    amounts = [prefix + model.name for model in splits for prefix in (SHARE, CREDIT)]
    shares = rows.group_by("channel").agg(pl.col(amounts).sum()).sort(amounts[0], descending=True)
    deal = touches.select(pl.coalesce("name", "deal_id")).item(0, 0)
    return Explanation(str(deal), reasons, shares)


def counterfactual(
    engine: Engine, question: Question, deal_id: str, removal: Removal
) -> Counterfactual:
    """Return how each model would split a won deal without a touch, or without a channel.

    Raises
    ------
    UnknownNameError
        If no deal of that id was won in scope, or none of its touches is eligible.
    """
    touches = _journey(engine, question, deal_id)
    splits = fitted_splits(engine, question).splits
    gone = (pl.col("channel") == removal.channel) | (pl.col("touch_id") == removal.touch_id)
    left = touches.filter(~gone)
    then = _by_channel(left, splits, THEN) if left.height else _nobody(touches, splits)
    both = _by_channel(touches, splits, NOW).join(then, on="channel", how="full", coalesce=True)
    known = touches[REVENUE][0] is not None
    amounts = pl.exclude("channel")
    frame = both.with_columns(amounts.fill_null(0) if known else amounts).sort(
        NOW + splits[0].name, "channel", descending=[True, False], nulls_last=True
    )
    return Counterfactual(removal, frame, touches.height - left.height, left.height)


def _journey(engine: Engine, question: Question, deal_id: str) -> pl.DataFrame:
    """Return the eligible touches of the deal with all that splitting it needs."""
    won = won_deals(engine, question.scope, question.journeys.anchor)
    deal = won.filter(nw.col("deal_id") == deal_id)
    rows = collect(eligible_touches(engine, deal, question.journeys, also=("name",))).sort(SEQUENCE)
    if rows.is_empty():
        raise UnknownNameError(
            f"No deal '{deal_id}' with an eligible touch was won in this period.",
            "Choose a deal of the list, or widen the period or the lookback.",
        )
    return rows


Models = Sequence[Split | ChannelSplit]


def _split(touches: pl.DataFrame, splits: Models) -> pl.DataFrame:
    return collect(split(nw.from_native(touches.lazy()), splits)).sort(SEQUENCE)


def _by_channel(touches: pl.DataFrame, splits: Models, prefix: str) -> pl.DataFrame:
    """Return what each channel gets, and what a model leaves with nobody."""
    worth = touches[REVENUE][0]
    columns = {prefix + model.name: CREDIT + model.name for model in splits}
    rows = (
        _split(touches, splits)
        .group_by("channel")
        .agg(
            pl.lit(None, pl.Int64).alias(column)
            if worth is None
            else pl.col(credit).sum().alias(column)
            for column, credit in columns.items()
        )
    )
    left = {column: 0 if worth is None else worth - rows[column].sum() for column in columns}
    if not any(left.values()):
        return rows
    return pl.concat([rows, pl.DataFrame({"channel": UNATTRIBUTED, **left}, schema=rows.schema)])


def _nobody(touches: pl.DataFrame, splits: Models) -> pl.DataFrame:
    """Return the whole deal as nobody's: no touch is left to explain it."""
    worth = pl.Series([touches[REVENUE][0]], dtype=pl.Int64)
    return pl.DataFrame(
        {"channel": [UNATTRIBUTED], **{THEN + model.name: worth for model in splits}}
    )


def _story(rows: pl.DataFrame, model: str, anchor: Anchor) -> Story:
    days = (pl.col(ANCHOR_FROM) - pl.col("occurred_at_epoch")) / SECONDS_A_DAY
    told = rows.select(
        "channel",
        pl.from_epoch("occurred_at_epoch").dt.date().alias("day"),
        days.clip(0).alias("days_before"),
        pl.col(SHARE + model).alias("share"),
    )
    return Story(
        touches=tuple(Met(*row) for row in told.iter_rows()),
        milestones=_milestones(rows),
        anchor="the close" if anchor is Anchor.WON else "the deal's creation",
    )


def _milestones(rows: pl.DataFrame) -> dict[str, int]:
    """Return the position of the touch behind each milestone that has one."""
    until = {"lead": LEAD_UNTIL, "deal": CREATED_UNTIL, "close": ANCHOR_UNTIL}
    places = {
        name: rows.filter(pl.col("occurred_at_epoch") <= pl.col(event)).height
        for name, event in until.items()
    }
    return {"first": 1, **{name: place for name, place in places.items() if place}}
