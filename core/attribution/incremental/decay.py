"""How a touch fades: half of its effect is gone after each half-life."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.attribution.incremental.links import Floats

Ints = NDArray[np.int64]

HALF_LIVES_DAYS: Final = (7.0, 10.0, 14.0, 20.0, 28.0, 40.0, 56.0, 80.0, 112.0)
"""Half-lives a channel can have, half an octave apart. Data hardly tell them apart, but with steps
twice as wide a channel that lies between two of them has nowhere to go that its prior allows."""


def faded(days: Floats, blend: Floats) -> Floats:
    """Return what is left of touches after some days under a blend of half-lives.

    Parameters
    ----------
    days
        Days since each touch.
    blend
        Weights of `HALF_LIVES_DAYS`, a row for each touch.

    >>> weeks = np.isin(HALF_LIVES_DAYS, (14.0, 28.0))
    >>> faded(np.array([28.0]), np.where(weeks, 0.5, 0.0)[None, :]).tolist()  # .25 and .5
    [0.375]
    """
    left = np.zeros_like(days)
    for place, half_life in enumerate(HALF_LIVES_DAYS):
        left += blend[:, place] * np.exp2(-days / half_life)
    return left


@dataclass(frozen=True)
class Lags:
    """For each row, the touches before it and how long ago they were.

    Parameters
    ----------
    row, channel
        Positions, one pair for each touch that precedes a row.
    days
        Days between the touch and the row, not negative.
    shape
        Number of rows and of channels.
    """

    row: Ints
    channel: Ints
    days: Floats
    shape: tuple[int, int]

    def stock(self, half_lives_days: Floats) -> Floats:
        """Return faded touches, rows x channels: ``sum 2^(-days / half-life)``.

        >>> lags = Lags(np.array([0, 0]), np.array([0, 0]), np.array([0.0, 10.0]), (1, 1))
        >>> lags.stock(np.array([10.0])).tolist()
        [[1.5]]
        """
        return self._summed(np.exp2(-self.days / half_lives_days[self.channel]))

    def blended(self, blends: Floats) -> Floats:
        """Return touches faded by each channel's blend of half-lives (channels x half-lives)."""
        return self._summed(faded(self.days, blends[self.channel]))

    def _summed(self, left: Floats) -> Floats:
        rows, channels = self.shape
        flat = np.bincount(self.row * channels + self.channel, left, rows * channels)
        return flat.astype(np.float64).reshape(rows, channels)

    def of_channel(self, channel: int) -> "Lags":
        """Return the pairs of one channel, as if it were the only one."""
        mine = self.channel == channel
        return Lags(
            self.row[mine], np.zeros(int(mine.sum()), np.int64), self.days[mine], (self.shape[0], 1)
        )

    def of_rows(self, chosen: Ints) -> "Lags":
        """Return the pairs of some rows, renumbered in the order given."""
        place = np.full(self.shape[0], -1, dtype=np.int64)
        place[chosen] = np.arange(chosen.size)
        kept = place[self.row] >= 0
        return Lags(
            place[self.row[kept]], self.channel[kept], self.days[kept],
            (chosen.size, self.shape[1]),
        )  # fmt: skip


def pair_lags(
    rows: tuple[Ints, Floats],
    touches: tuple[Ints, Floats, Ints],
    channels: int,
    acts_after_days: float = 0.0,
) -> Lags:
    """Pair every row with the touches that precede it in the same journey.

    Parameters
    ----------
    rows
        Journey of each row, ascending, and its moment in days, ascending within a journey.
    touches
        Journey, moment and channel of each touch.
    channels
        Number of channels.
    acts_after_days
        Days that have to pass before a touch counts at all; it fades from the beginning.
    """
    row_journey, row_time = rows
    journey, moment, channel = touches
    ends = np.searchsorted(row_journey, journey, side="right")
    starts = _first_after(row_journey, row_time, journey, moment + acts_after_days)
    count = np.maximum(ends - starts, 0)
    touch = np.repeat(np.arange(journey.size), count)
    within = np.arange(touch.size) - np.repeat(np.cumsum(count) - count, count)
    row = starts[touch] + within
    return Lags(row, channel[touch], row_time[row] - moment[touch], (row_time.size, channels))


def _first_after(row_journey: Ints, row_time: Floats, journey: Ints, moment: Floats) -> Ints:
    """Find the first row of each touch's journey that is not before the touch."""
    # rows first among equals, touches after: a row at the touch's own moment counts as after it
    order = np.lexsort(
        (
            np.concatenate([np.ones(row_time.size), np.zeros(moment.size)]),
            np.concatenate([row_time, moment]),
            np.concatenate([row_journey, journey]),
        )
    )
    is_row = order < row_time.size
    rows_before = np.cumsum(is_row)
    found = np.empty(journey.size, dtype=np.int64)
    found[order[~is_row] - row_time.size] = rows_before[~is_row]
    return found
