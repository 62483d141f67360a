"""What is known of a deal at a moment, as numbers and names: nothing that came later.

Each feature belongs to a factor, the word a reader sees; the contributions of a factor's features
are added up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from core.deals.columns import (
    ACTIVITY,
    AGE,
    AMOUNT,
    AMOUNT_CHANGE,
    CHANNELS,
    CLOSE_DATE,
    CUSTOMER,
    MOVED_BACK,
    OTHER,
    OWNER,
    OWNER_RATE,
    PEOPLE,
    PUSHES,
    SEGMENT,
    STAGE,
    TIME_IN_STAGE,
    Features,
    Name,
    Number,
)
from core.deals.moments import Record, channel_counts, moves, record, touch_counts
from core.deals.source import EXTRA, DealData
from core.forecasting.histories import DAY
from core.forecasting.landmarks import Floats, Integers, Landmarks

FEWEST_OF_A_NAME: Final = 10
"""Deals that must carry a name before it is told apart from the others."""

MOST_NAMES: Final = 12

RECORD_BELIEF: Final = 10.0
"""Deals' worth of belief that a seller wins as often as everybody."""


@dataclass(frozen=True)
class Vocabulary:
    """The names a model tells apart, from what was known when it was made.

    Parameters
    ----------
    stages
        Stages, in pipeline order.
    channels
        The most frequent channels.
    names
        Levels of each named column of deals and traits, the most frequent first.
    """

    stages: tuple[str, ...]
    channels: tuple[str, ...]
    names: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, data: DealData, at: int) -> "Vocabulary":
        """Return the names frequent enough among deals and touches known before an instant."""
        known = data.histories.deals["created_epoch"] < at
        states = data.histories.states.filter(pl.col("from_epoch") < at)
        trusted = [name for name in SEGMENTS if name not in data.left_out]
        columns = [data.histories.deals[name] for name in trusted]
        columns += [column for column in data.traits if column.dtype == pl.String]
        found = ((column.name, _frequent(column.filter(known))) for column in columns)
        return cls(
            stages=_in_order(states["stage"], data.histories.stages),
            channels=_channels(data, at),
            names=tuple((name, levels) for name, levels in found if len(levels) > 1),
        )


SEGMENTS: Final = ("industry", "region", "kind", "source")
"""Columns of deals that say what kind of deal it is."""


def _in_order(seen: pl.Series, order: tuple[str, ...]) -> tuple[str, ...]:
    there = set(seen.unique().to_list())
    return (*[name for name in order if name in there], *sorted(there - set(order)))


def _channels(data: DealData, at: int) -> tuple[str, ...]:
    touches = data.touches
    counts = np.bincount(touches.channel[touches.known_at < at], minlength=len(touches.channels))
    order = np.argsort(-counts, kind="stable")[:MOST_NAMES]
    return tuple(touches.channels[place] for place in order if counts[place])


def _frequent(column: pl.Series) -> tuple[str, ...]:
    counts = column.fill_null("").value_counts(name="deals")
    kept = counts.filter(pl.col("deals") >= FEWEST_OF_A_NAME, pl.col(column.name) != "")
    ranked = kept.sort("deals", column.name, descending=[True, False])
    return tuple(ranked[column.name][:MOST_NAMES])


def build_features(data: DealData, seen: Landmarks, vocabulary: Vocabulary) -> Features:
    """Return what was known of each deal at each moment.

    Parameters
    ----------
    data
        The company's deals and touches.
    seen
        The snapshot rows; their hindsight columns are not looked at.
    vocabulary
        Names to tell apart.
    """
    return Features(
        (
            *_deal_numbers(data, seen),
            *_record_numbers(data, seen),
            *_touch_numbers(data, seen, vocabulary),
            *_trait_numbers(data, seen),
        ),
        tuple(_names(data, seen, vocabulary)),
    )


def _deal_numbers(data: DealData, seen: Landmarks) -> Iterator[Number]:
    created = data.histories.deals["created_epoch"].to_numpy()
    moved = moves(data.histories, seen)
    yield Number("days in stage", TIME_IN_STAGE, np.log1p(np.maximum(seen.age_days, 0)))
    age = (seen.at - created[seen.deal]) / DAY
    yield Number("days since creation", AGE, np.log1p(np.maximum(age, 0)))
    yield Number("days to expected close", CLOSE_DATE, np.log1p(np.maximum(seen.due_days, 0)))
    yield Number("days past expected close", CLOSE_DATE, np.log1p(np.maximum(-seen.due_days, 0)))
    yield Number("pushes", PUSHES, np.log1p(moved.pushes))
    yield Number("moves back", MOVED_BACK, np.minimum(moved.back, 3.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        yield Number("amount", AMOUNT, np.log1p(np.maximum(seen.amount, 0)))
        change = np.log1p(np.maximum(seen.amount, 0)) - np.log1p(np.maximum(moved.first_amount, 0))
    yield Number("amount against first", AMOUNT_CHANGE, np.clip(change, -2, 2))


def _record_numbers(data: DealData, seen: Landmarks) -> Iterator[Number]:
    deals = data.histories.deals
    everyone = record(np.zeros(deals.height, dtype=np.int64), data.histories, seen)
    if "owner_id" not in data.left_out:  # deals given to somebody because they were lost
        mine = record(groups(deals["owner_id"]), data.histories, seen)
        yield Number(OWNER_RATE, OWNER, _shrunk_log_odds(mine, everyone))
    customer = record(groups(deals["account"]), data.histories, seen)
    yield Number("deals won before", CUSTOMER, np.log1p(customer.won))
    yield Number("deals lost before", CUSTOMER, np.log1p(customer.lost))
    yield Number("employees", SEGMENT, np.log1p(data.employees[seen.deal]))


def _shrunk_log_odds(mine: Record, everyone: Record) -> Floats:
    """Return how the log-odds of a win differ from everybody's, pulled to nought.

    Formula: with p the company's share won so far and m = 10 deals' worth of belief,
    log((won + m p) / (lost + m (1 - p))) - log(p / (1 - p)).
    """
    p = (everyone.won + 1) / (everyone.won + everyone.lost + 2)
    odds = (mine.won + RECORD_BELIEF * p) / (mine.lost + RECORD_BELIEF * (1 - p))
    difference: Floats = np.log(odds) - np.log(p / (1 - p))
    return difference


def _touch_numbers(data: DealData, seen: Landmarks, vocabulary: Vocabulary) -> Iterator[Number]:
    counts = touch_counts(data, seen)
    yield Number("touches in 30 days", ACTIVITY, np.log1p(counts.recent))
    yield Number("touches in 90 days", ACTIVITY, np.log1p(counts.quarter))
    yield Number("touches ever", ACTIVITY, np.log1p(counts.total))
    yield Number("days since last touch", ACTIVITY, np.log1p(counts.days_since))
    yield Number("people met", PEOPLE, np.log1p(counts.people))
    by_channel = channel_counts(data.touches, seen, vocabulary.channels)
    for place, channel in enumerate(vocabulary.channels):
        yield Number(channel, CHANNELS, np.log1p(by_channel[:, place]))


def _trait_numbers(data: DealData, seen: Landmarks) -> Iterator[Number]:
    for column in data.traits:
        if column.dtype != pl.String:
            values = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
            yield Number(column.name, column.name.removesuffix(EXTRA), values[seen.deal])


def _names(data: DealData, seen: Landmarks, vocabulary: Vocabulary) -> Iterator[Name]:
    places = {name: place for place, name in enumerate(vocabulary.stages)}
    stage = np.array([places.get(name, OTHER) for name in seen.stages], dtype=np.int64)
    yield Name("stage", STAGE, stage[seen.stage], vocabulary.stages)
    for column, levels in vocabulary.names:
        codes = {level: code for code, level in enumerate(levels)}
        told = data.histories.deals if column in SEGMENTS else data.traits
        found = told[column].replace_strict(codes, default=OTHER, return_dtype=pl.Int64)
        factor = SEGMENT if column in SEGMENTS else column.removesuffix(EXTRA)
        yield Name(column, factor, found.fill_null(OTHER).to_numpy()[seen.deal], levels)


def groups(column: pl.Series) -> Integers:
    """Return a number for each name, negative where it is blank."""
    known = column.fill_null("")
    codes = known.rank("dense").cast(pl.Int64).to_numpy()
    return np.where((known == "").to_numpy(), -1, codes)
