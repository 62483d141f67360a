"""What channels get of all deals by weight, without a pass along the journeys.

Deals that met the same channels are split alike. So the share due through each channel is worked
out a set of channels, and the engine only rounds it to the cents of each deal that met them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

import narwhals as nw
import numpy as np
import numpy.typing as npt
import polars as pl

from core.attribution.channel_split import ChannelSplit, cents, weights_of
from core.attribution.paths import Codes, Floats, PathCounts
from core.attribution.reductions import set_words, words_of
from core.attribution.rules.base import GRID
from core.conversion import REVENUE
from core.engine import Engine, Frame

MOST_ROWS: Final = 200_000
"""Channels of sets up to which shares are worked out a set; beyond, the journeys are run along."""

_Number = TypeVar("_Number", np.float64, np.int64)

_ROW: Final = "row"
_DUE: Final = "due_"


@dataclass(frozen=True, eq=False)
class ChannelTotals:
    """What models give to each channel of each set of channels that won deals met.

    Parameters
    ----------
    sets
        The sets of channels of a question's closed deals, as `PathCounts.channel_sets` orders them.
    splits
        The models.
    """

    sets: PathCounts
    splits: Sequence[ChannelSplit]

    @property
    def are_few(self) -> bool:
        """Whether there are few enough sets to work them out one by one."""
        return int(self.sets.lengths[self.sets.conversions > 0].sum()) <= MOST_ROWS

    def reduction(self, engine: Engine, touches: Frame) -> Frame:
        """Return the money due through each channel of each set, over the deals that met the set.

        ``touches`` are those of won deals, as `core.attribution.kept.won_touches` gives them.
        """
        money = list(dict.fromkeys(split.money_key for split in self.splits))
        words = words_of(self._members)
        shares = pl.DataFrame(
            {
                _ROW: np.arange(len(self._code)),
                **{name: word[self._set] for name, word in words.items()},
                **{_DUE + key: self._due[key] for key in money},
            }
        )
        is_local = touches.implementation.is_polars()
        lent = nw.from_native(shares.lazy()) if is_local else engine.lend(shares, "channel_shares")
        deals = set_words(touches, self.sets.channels, alike=(REVENUE,))
        return (
            deals.join(lent, on=list(words))
            .group_by(_ROW)
            .agg(*[cents(nw.col(_DUE + key)).sum().cast(nw.Int64).alias(key) for key in money])
        )

    def credit(self, reduced: pl.DataFrame) -> pl.DataFrame:
        """Return what each channel gets: ``model, channel, deals, revenue_minor``."""
        rows = pl.DataFrame({_ROW: np.arange(len(self._code))})
        due = rows.join(reduced, on=_ROW, how="left", maintain_order="left").fill_null(0)
        won = self._won[self._set]
        names = pl.Series(self.sets.channels, dtype=pl.String).gather(self._code)
        return pl.concat(
            pl.DataFrame(
                {
                    "channel": names,
                    "deals": self._own(self._due[split.deals_key]) * won,
                    "revenue_minor": self._own(due[split.money_key].to_numpy()),
                }
            )
            .group_by("channel")
            # Sums of shares carry errors in the last bits; a deal is not told to 1e-10.
            .agg(pl.col("deals").sum().round(10) + 0.0, pl.col("revenue_minor").sum())
            .select(pl.lit(split.name).alias("model"), pl.all())
            for split in self.splits
        )

    @cached_property
    def _won(self) -> Floats:
        return self.sets.conversions[self.sets.conversions > 0]

    @cached_property
    def _members(self) -> npt.NDArray[np.bool_]:
        members = np.zeros((len(self.sets.conversions), len(self.sets.channels)), dtype=bool)
        members[self.sets.path_of_step, self.sets.steps] = True
        kept: npt.NDArray[np.bool_] = members[self.sets.conversions > 0]
        return kept

    @cached_property
    def _set(self) -> Codes:
        """The set each row is of."""
        return np.nonzero(self._members)[0]

    @cached_property
    def _code(self) -> Codes:
        """The channel of each row; within a set in the order of names."""
        return np.nonzero(self._members)[1]

    @cached_property
    def _due(self) -> dict[str, Floats]:
        """By weights, the share of a deal due through each row's channel."""
        return {key: self._passed(weights) for key, weights in weights_of(self.splits).items()}

    def _passed(self, weights: Mapping[str, float]) -> Floats:
        of_channels = np.array([weights.get(name, 1.0) for name in self.sets.channels])
        passed = np.cumsum(self._members * of_channels, axis=1)
        shares: Floats = np.floor(passed / passed[:, -1:] * GRID + 0.5) / GRID
        return shares[self._members]

    def _own(self, due: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
        """Turn what is due through each row into the row's own."""
        before = np.roll(due, 1)
        before[np.diff(self._set, prepend=-1) != 0] = 0
        return due - before
