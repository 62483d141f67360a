"""The journeys a hazard model reads: deals with their touches, and nothing it must not know."""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
import polars as pl

from core.attribution.incremental.decay import Ints
from core.attribution.incremental.links import Floats
from core.errors import EmptyWorkspaceError

DAY_SECONDS: Final = 86_400.0
DEAL_COLUMNS: Final = ("deal_id", "account_id", "created_at_epoch", "closed_at_epoch", "outcome")
TOUCH_COLUMNS: Final = ("deal_id", "channel", "occurred_at_epoch")

_SHORTEST_DAYS: Final = 0.25  # a deal entered and closed in one go was still at risk for a while


@dataclass(frozen=True)
class Journeys:
    """Deals in the order of their ids, and the touches that may have moved them.

    Parameters
    ----------
    deals
        One row a deal: the columns of `DEAL_COLUMNS`, ``revenue_minor``, and whatever tells
        deals apart (owner, source, industry, employees).
    channels
        Names, in order.
    opened, ended
        Days since 1970 at which each deal began and stopped being at risk.
    won, lost
        How it ended, 1 or 0; both 0 while it is open.
    touch_deal, touch_channel, touch_day
        Each touch before the end of its deal: positions, and days since 1970.
    touch_sequence
        Place of each touch among all touches of its deal, where the source numbers them.
    """

    deals: pl.DataFrame
    channels: tuple[str, ...]
    opened: Floats
    ended: Floats
    won: Floats
    lost: Floats
    touch_deal: Ints
    touch_channel: Ints
    touch_day: Floats
    touch_sequence: Ints

    @property
    def accounts(self) -> Ints:
        """Return the position of each deal's company; deals without one stand alone."""
        name = pl.coalesce(pl.col("account_id"), pl.concat_str(pl.lit("deal "), "deal_id"))
        dense = self.deals.select(name.rank("dense").cast(pl.Int64) - 1)
        return np.asarray(dense.to_series().to_numpy(), dtype=np.int64)

    def without(self, channels: frozenset[str]) -> Self:
        """Return the same deals without the touches of some channels."""
        left = tuple(name for name in self.channels if name not in channels)
        place = np.array([left.index(n) if n in left else -1 for n in self.channels], np.int64)
        kept = place[self.touch_channel] >= 0 if self.channels else np.zeros(0, dtype=bool)
        return replace(
            self,
            channels=left,
            touch_deal=self.touch_deal[kept],
            touch_channel=place[self.touch_channel[kept]],
            touch_day=self.touch_day[kept],
            touch_sequence=self.touch_sequence[kept],
        )

    def first_days(self) -> Floats:
        """Return when each journey began: its first touch, or the deal's creation."""
        first = self.opened.copy()
        np.minimum.at(first, self.touch_deal, self.touch_day)
        return first


def read_journeys(deals: pl.DataFrame, touches: pl.DataFrame, as_of_epoch: int) -> Journeys:
    """Bring deals and their touches into the order and the units the model works in.

    Parameters
    ----------
    deals
        Columns of `DEAL_COLUMNS`; ``outcome`` is ``won``, ``lost`` or ``open``.
    touches
        Columns of `TOUCH_COLUMNS`: one row a touch and a deal it may have moved; ``sequence``
        numbers the touches of a deal, where it is there.
    as_of_epoch
        Moment at which open deals were last seen; nothing later is read.

    Raises
    ------
    EmptyWorkspaceError
        If no deal was won before that moment.
    """
    known = deals.filter(pl.col("created_at_epoch") < as_of_epoch).sort("deal_id")
    closes = pl.col("closed_at_epoch").fill_null(as_of_epoch).clip(upper_bound=as_of_epoch)
    seen_closed = pl.col("closed_at_epoch").is_not_null() & (
        pl.col("closed_at_epoch") <= as_of_epoch
    )
    known = known.with_columns(
        ended_epoch=closes,
        outcome=pl.when(seen_closed).then("outcome").otherwise(pl.lit("open")),
    )
    if known.filter(pl.col("outcome") == "won").is_empty():
        raise EmptyWorkspaceError(
            "No deal has been won yet, so nothing can be said about what made deals close.",
            "Import won deals with their close dates.",
        )
    positions = known.select("deal_id", "ended_epoch").with_row_index("deal")
    mine = (
        touches.join(positions, on="deal_id")
        .filter(pl.col("occurred_at_epoch") < pl.col("ended_epoch"))
        .sort("deal", "occurred_at_epoch", "channel")
    )
    channels = tuple(sorted(mine["channel"].unique()))
    place = {name: position for position, name in enumerate(channels)}
    opened = _days(known["created_at_epoch"])
    return Journeys(
        deals=known,
        channels=channels,
        opened=opened,
        ended=np.maximum(_days(known["ended_epoch"]), opened + _SHORTEST_DAYS),
        won=_flags(known["outcome"] == "won"),
        lost=_flags(known["outcome"] == "lost"),
        touch_deal=mine["deal"].to_numpy().astype(np.int64),
        touch_channel=np.array([place[name] for name in mine["channel"]], dtype=np.int64),
        touch_day=_days(mine["occurred_at_epoch"]),
        touch_sequence=_sequence(mine),
    )


def _sequence(touches: pl.DataFrame) -> Ints:
    if "sequence" in touches.columns:
        return np.asarray(touches["sequence"].to_numpy(), dtype=np.int64)
    return np.arange(touches.height)


def _days(epoch: pl.Series) -> Floats:
    return epoch.to_numpy().astype(np.float64) / DAY_SECONDS


def _flags(values: pl.Series) -> Floats:
    return values.to_numpy().astype(np.float64)
