"""What data-driven models need of a workspace, reduced by the engine to a few rows.

However many touches there are, a Markov model needs only how often each short run of channels was
followed by what, and a Shapley game only how often each set of channels occurred. Both are
counted without building a list for any deal.
"""

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Final

import narwhals as nw
import numpy as np
import polars as pl

from core.attribution.chains import Chain, chain_of_grams, require_order
from core.attribution.journeys import DEAL, SEQUENCE
from core.attribution.paths import PathCounts
from core.engine import Frame, collect

GROUP: Final = "account_group"
"""Number of the account, or small group of accounts, a deal belongs to, from 0."""

WON: Final = "won"
"""1 for a touch of a deal that was won, 0 for one that was lost."""

WORTH: Final = "worth_minor"
"""Value of the touch's deal in minor units; null when it is not known, or the deal was lost."""

_CODE: Final = "channel_code"
_NEXT: Final = "next_code"
_STATE: Final = "state_key"
_BITS: Final = 62


def channels_of(touches: Frame) -> tuple[str, ...]:
    """Return the names of the channels that occur, sorted."""
    names = collect(touches.select("channel").unique())["channel"]
    return tuple(names.sort())


def chain_of_journeys(touches: Frame, channels: Sequence[str], order: int) -> Chain:
    """Count the transitions of journeys.

    Parameters
    ----------
    touches
        One row a deal and a touch: ``deal_key, sequence, channel, won, worth_minor``.
    channels
        The channels that occur, as `channels_of` returns them.
    order
        The highest order wanted; the counts of lower orders follow from it.
    """
    require_order(order)
    # Two channels at least, so that a state shows whether a touch was the first.
    rows = collect(transitions(touches, channels, max(order, 2)))
    chain = chain_of_grams(rows, tuple(channels), max(order, 2))
    return chain if chain.order == order else chain.shortened(order)


def transitions(
    touches: Frame, channels: Sequence[str], order: int, *, by: Sequence[str] = ()
) -> Frame:
    """Return how often each state was followed by each channel, or by the end of the journey.

    Parameters
    ----------
    touches, channels, order
        As `chain_of_journeys`.
    by
        Columns to count apart by, such as a group of accounts.

    Returns
    -------
    Frame
        ``state_key, next_code, visits, won, worth_minor``; ``next_code`` is null at the end of a
        journey, and only there ``won`` and ``worth_minor`` are to be read.
    """
    base = len(channels) + 1
    coded = touches.with_columns(_code(channels).alias(_CODE))
    earlier = [
        nw.col(_CODE).shift(back).over(DEAL, order_by=SEQUENCE).alias(f"{_CODE}_{back}")
        for back in range(1, order)
    ]
    following = nw.col(_CODE).shift(-1).over(DEAL, order_by=SEQUENCE).alias(_NEXT)
    digits = [nw.col(_CODE)] + [
        _or_zero(nw.col(f"{_CODE}_{back}")) * base**back for back in range(1, order)
    ]
    return (
        coded.with_columns(*earlier, following)
        .with_columns(reduce(add, digits).alias(_STATE))
        .group_by(*by, _STATE, _NEXT)
        .agg(
            nw.len().cast(nw.Int64).alias("visits"),
            nw.col(WON).sum().cast(nw.Int64).alias(WON),
            nw.col(WORTH).sum().cast(nw.Int64).alias(WORTH),
        )
    )


def sets_of_journeys(touches: Frame, channels: Sequence[str]) -> PathCounts:
    """Count the journeys of each set of channels; parameters as `chain_of_journeys`."""
    rows = collect(channel_sets(touches, channels))
    return sets_of_rows(rows.sort(sorted(rows.columns)), channels)


def sets_of_rows(rows: pl.DataFrame, channels: Sequence[str]) -> PathCounts:
    """Build channel sets from the rows of `channel_sets`, one set a row."""
    starts = range(0, len(channels), _BITS)
    bits = np.concatenate(
        [
            rows[f"set_{start}"].to_numpy()[:, None] >> np.arange(min(_BITS, len(channels) - start))
            & 1
            for start in starts
        ],
        axis=1,
    )
    _, steps = np.nonzero(bits)
    won = rows[WON].to_numpy().astype(np.float64)
    return PathCounts(
        channels=tuple(channels),
        steps=steps.astype(np.int64),
        starts=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(bits.sum(axis=1))]),
        conversions=won,
        nulls=rows["journeys"].to_numpy() - won,
        # The sum over deals of which none has a known value is the sum of nothing.
        values=rows[WORTH].fill_null(0).cast(pl.Float64).to_numpy(),
    )


def channel_sets(touches: Frame, channels: Sequence[str], *, by: Sequence[str] = ()) -> Frame:
    """Return how many journeys met each set of channels: ``set_…, journeys, won, worth_minor``.

    A set is one whole number with a bit a channel, or several where there are more than 62.
    ``by`` names columns that are the same for all touches of a deal, to count apart by.
    """
    met = [
        (nw.col("channel") == name).cast(nw.Int64).max().alias(f"met_{code}")
        for code, name in enumerate(channels)
    ]
    deals = touches.group_by(DEAL, *by).agg(*met, nw.col(WON).max(), nw.col(WORTH).max())
    words = {
        f"set_{start}": reduce(
            add,
            [
                nw.col(f"met_{code}") * (1 << code - start)
                for code in range(start, min(start + _BITS, len(channels)))
            ],
        )
        for start in range(0, len(channels), _BITS)
    }
    return (
        deals.with_columns(**words)
        .group_by(*by, *words)
        .agg(
            nw.len().cast(nw.Int64).alias("journeys"),
            nw.col(WON).sum().cast(nw.Int64).alias(WON),
            nw.col(WORTH).sum().cast(nw.Int64).alias(WORTH),
        )
    )


def _code(channels: Sequence[str]) -> nw.Expr:
    """Return the channel's place from 1; a chain of comparisons runs on every engine."""
    code = nw.lit(0)
    for place, name in enumerate(channels, start=1):
        code = nw.when(nw.col("channel") == name).then(nw.lit(place)).otherwise(code)
    return code.cast(nw.Int64)


def _or_zero(column: nw.Expr) -> nw.Expr:
    return nw.when(column.is_null()).then(nw.lit(0)).otherwise(column)
