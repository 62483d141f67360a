"""Trust: how sure a model's credits on a workspace are, and whether they hold a signal at all."""

from dataclasses import replace
from typing import Final, cast

import narwhals as nw
import numpy as np
import polars as pl

from core.attribution.closed_won import closed_deals, won_deals
from core.attribution.data_driven import MODELS, Game, Incremental, Markov, data_driven
from core.attribution.fitted import fitted_splits
from core.attribution.incremental.evidence import incremental_intervals, incremental_signal
from core.attribution.incremental.model import Learnt
from core.attribution.incremental.offered import touch_credit
from core.attribution.journeys import DEAL
from core.attribution.kept import closed_touches, closed_touches_of_engine
from core.attribution.reductions import (
    GROUP,
    chain_of_journeys,
    channels_of,
    sets_of_journeys,
)
from core.attribution.results import Question
from core.attribution.rules.running import SHARE
from core.attribution.signal import Signal, game_signal, markov_signal
from core.attribution.splitting import NEXT, touches_due
from core.attribution.uncertainty import (
    CreditIntervals,
    GroupedSets,
    GroupedTransitions,
    additive_intervals,
    game_intervals,
    markov_intervals,
)
from core.engine import Engine, Frame, collect
from core.errors import EmptyWorkspaceError

MOST_GROUPS: Final = 1_000
"""Accounts beyond are put together into so many groups."""


SHARE_DIGITS: Final = 12
"""Decimal places a sum of shares is exact to."""


def model_signal(engine: Engine, question: Question, model: str, seed: int) -> Signal:
    """Tell whether a data-driven model sees more in the deals of a question than in shuffled ones.

    Raises
    ------
    UnknownNameError
        If there is no such data-driven model.
    EmptyWorkspaceError
        If no deal with a touch was won.
    """
    chosen = data_driven(model)
    if isinstance(chosen, Incremental):
        return incremental_signal(_learnt(engine, question), seed)
    touches = closed_touches(engine, question)
    channels = _channels(touches)
    if isinstance(chosen, Markov):
        return markov_signal(chain_of_journeys(touches, channels, chosen.order), seed)
    return game_signal(cast("Game", chosen), sets_of_journeys(touches, channels), seed)


def model_intervals(
    engine: Engine, question: Question, model: str, seed: int, level: float = 0.8
) -> CreditIntervals:
    """Return intervals on each channel's share of won deals, by drawing accounts again.

    Raises
    ------
    UnknownNameError
        If there is no such model.
    EmptyWorkspaceError
        If too few accounts have touches or won.
    """
    if model == Incremental.name:
        won = won_deals(engine, question.scope, question.journeys.anchor, names=False)
        asked = collect(won.select("deal_id"))["deal_id"]
        return incremental_intervals(_learnt(engine, question), asked, seed, level)
    grouped, groups = _grouped(engine, question)
    if model not in MODELS:
        return _rule_intervals(engine, replace(question, models=(model,)), grouped, (seed, level))
    touches = closed_touches_of_engine(engine, question).join(grouped, on=DEAL)
    channels = _channels(touches)
    chosen = data_driven(model)
    if isinstance(chosen, Markov):
        counts = GroupedTransitions.of(touches, channels, chosen.order, groups)
        return markov_intervals(chosen, counts, seed, level)
    sets = GroupedSets.of(touches, channels, groups)
    return game_intervals(cast("Game", chosen), sets, seed, level)


def _learnt(engine: Engine, question: Question) -> Learnt:
    credit = touch_credit(engine, question.scope.currency, question.journeys, question.lift_tests)
    if credit.learnt is None:
        raise EmptyWorkspaceError(credit.warnings[0], "Import more deals, lost and open ones too.")
    return credit.learnt


def _grouped(engine: Engine, question: Question) -> tuple[Frame, int]:
    """Return each closed deal's group of accounts, and how many groups there are.

    A deal without an account is an account of its own.
    """
    deals = closed_deals(engine, question.scope, question.journeys.anchor)
    whose = deals.select(DEAL, whose=nw.coalesce("account_id", "deal_id"))
    number = nw.col("whose").rank("dense").cast(nw.Int64) - 1
    grouped = whose.select(DEAL, number.alias(GROUP)).with_columns(nw.col(GROUP) % MOST_GROUPS)
    largest = collect(grouped.select(nw.col(GROUP).max())).item()
    return grouped, 0 if largest is None else int(largest) + 1


def _rule_intervals(
    engine: Engine, question: Question, grouped: Frame, draw: tuple[int, float]
) -> CreditIntervals:
    """Add up a rule's shares by group and channel: due through touches, less due before them."""
    (split,) = fitted_splits(engine, question).along
    deals = won_deals(engine, question.scope, question.journeys.anchor, names=False)
    due = touches_due(engine, question, deals, [split]).join(grouped, on=DEAL)
    share = nw.col(SHARE + split.name).sum().alias("share")
    pairs = collect(due.group_by(GROUP, "channel", NEXT).agg(share))
    before = pairs.filter(pl.col(NEXT).is_not_null()).select(
        GROUP, channel=NEXT, share=-pl.col("share")
    )
    both = pl.concat([pairs.select(GROUP, "channel", "share"), before])
    wide = both.pivot("channel", index=GROUP, values="share", aggregate_function="sum")
    channels = tuple(sorted(column for column in wide.columns if column != GROUP))
    # Sums run in no fixed order, so their last bits vary; equal data must give equal answers.
    summed = pl.col(channels).fill_null(0.0).round(SHARE_DIGITS)
    credit = wide.sort(GROUP).select(summed).to_numpy()
    seed, level = draw
    return additive_intervals(split.name, channels, np.maximum(credit, 0.0), seed, level)


def _channels(touches: Frame) -> tuple[str, ...]:
    channels = channels_of(touches)
    if not channels:
        raise EmptyWorkspaceError(
            "No deal that closed in this period has a touch.", "Widen the period or the lookback."
        )
    return channels
