"""Deals split over their channels by weight, as data-driven models do once they are fitted.

A deal is split over its channels in the order of their names, and a channel's part equally over
its touches in the order of time; what is due on that way is rounded to cents. So what a channel
gets of a deal depends on which channels the deal met, and not on when, and totals need no pass
along the journeys (`core.attribution.channel_totals`).

Weights are multiples of 2^-40, so their sums are exact in whatever order they are added.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import narwhals as nw

from core.attribution.journeys import DEAL, SEQUENCE
from core.attribution.rules.base import GRID, on_grid
from core.attribution.rules.running import CREDIT, SHARE
from core.conversion import REVENUE
from core.engine import Frame

_PLACE: Final = "place_in_channel"
_IN_CHANNEL: Final = "touches_in_channel"
_FIRST: Final = "first_"
_PASSED: Final = "passed_"
_WHOLE: Final = "whole_"
_BEFORE: Final = "before_"
_PART: Final = "part_"


@dataclass(frozen=True)
class ChannelSplit:
    """A deal split over its channels by weight, and a channel's part equally over its touches.

    Parameters
    ----------
    name
        Name of the model.
    by_deals
        Weight of each channel when a deal is counted; a channel that is not named weighs 1.
        Rounded to 2^-40.
    by_money
        Weight of each channel when its revenue is split.
    """

    name: str
    by_deals: Mapping[str, float] = field(default_factory=dict)
    by_money: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("by_deals", "by_money"):
            weights = getattr(self, name).items()
            exact = {channel: round(weight * GRID) / GRID for channel, weight in weights}
            object.__setattr__(self, name, exact)

    @property
    def deals_key(self) -> str:
        """Name of the weights of deals; equal ones have the same name for every model."""
        return f"{self.name}_deals" if self.by_deals else "equal"

    @property
    def money_key(self) -> str:
        """Name of the weights of money."""
        if self.by_money == self.by_deals:
            return self.deals_key
        return f"{self.name}_money" if self.by_money else "equal"


def weights_of(splits: Iterable[ChannelSplit]) -> dict[str, Mapping[str, float]]:
    """Return the weights of all models by their name, each once."""
    named: dict[str, Mapping[str, float]] = {}
    for split in splits:
        named[split.deals_key] = split.by_deals
        named[split.money_key] = split.by_money
    return named


def with_channel_parts(touches: Frame, splits: Sequence[ChannelSplit]) -> Frame:
    """Add what each model gives to each touch, as ``share_<model>`` and ``credit_<model>``.

    ``touches`` holds whole journeys: ``deal_key, sequence, channel, revenue_minor``.
    """
    if not splits:
        return touches
    named = weights_of(splits)
    within = touches.with_columns(
        nw.col(SEQUENCE).cum_count().over(DEAL, "channel", order_by=SEQUENCE).alias(_PLACE),
        nw.len().over(DEAL, "channel").alias(_IN_CHANNEL),
    )
    parts = _with_parts(within, named)
    return parts.with_columns(
        *[
            (_due(split.deals_key, 0) - _due(split.deals_key, 1)).alias(SHARE + split.name)
            for split in splits
        ],
        *[
            (cents(_due(split.money_key, 0)) - cents(_due(split.money_key, 1))).alias(
                CREDIT + split.name
            )
            for split in splits
        ],
    )


def cents(due: nw.Expr) -> nw.Expr:
    """Return what is due in whole minor units: floor(R x C + 0.5)."""
    return (nw.col(REVENUE) * due + 0.5).floor().cast(nw.Int64)


def _with_parts(touches: Frame, named: Mapping[str, Mapping[str, float]]) -> Frame:
    """Add what is due before each touch's channel, and the channel's part."""
    opens = nw.col(_PLACE) == 1
    firsts = {
        _FIRST + key: nw.when(opens).then(_weight(weights)).otherwise(nw.lit(0.0))
        for key, weights in named.items()
    }
    passed = {
        _PASSED + key: nw.col(_FIRST + key).cum_sum().over(DEAL, order_by=["channel", SEQUENCE])
        for key in named
    }
    wholes = {_WHOLE + key: nw.col(_FIRST + key).sum().over(DEAL) for key in named}
    own = {key: _weight(weights) for key, weights in named.items()}
    bounds = {
        _BEFORE + key: on_grid((nw.col(_PASSED + key) - own[key]) / nw.col(_WHOLE + key))
        for key in named
    }
    parts = {
        _PART + key: on_grid(nw.col(_PASSED + key) / nw.col(_WHOLE + key)) - nw.col(_BEFORE + key)
        for key in named
    }
    summed = touches.with_columns(**firsts).with_columns(**passed, **wholes)
    return summed.with_columns(**bounds).with_columns(**parts)


def _due(key: str, touches_back: int) -> nw.Expr:
    """Return the share due through a touch, or through the one before it in its channel."""
    passed = (nw.col(_PLACE) - touches_back) / nw.col(_IN_CHANNEL)
    return nw.col(_BEFORE + key) + nw.col(_PART + key) * passed


def _weight(weights: Mapping[str, float]) -> nw.Expr:
    weight = nw.lit(1.0)
    for channel, value in weights.items():
        weight = nw.when(nw.col("channel") == channel).then(nw.lit(value)).otherwise(weight)
    return weight
