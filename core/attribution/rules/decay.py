"""Rules that favour recent touches."""

import math
from dataclasses import dataclass
from typing import ClassVar, Final

import narwhals as nw

from core.attribution.journeys import DEAL, SECONDS_A_DAY
from core.attribution.rules.base import PositionalRule, WeightedRule
from core.errors import InvalidParameterError

_WHOLE_WEIGHT: Final = 2.0**40
"""Weight of the last touch. Weights are whole numbers, so that their sums are exact on every
engine and in any order; a deal may have eight million touches before a sum leaves 64 bits."""

_LATEST: Final = "latest_epoch"


@dataclass(frozen=True)
class TimeDecay(WeightedRule):
    """A touch counts half as much for every half-life it lies before the last one.

    Days are counted back from the last touch of the deal: the shares are the same as counted from
    the anchor, and very old journeys do not underflow.

    Raises
    ------
    InvalidParameterError
        If the half-life is not positive.
    """

    name: ClassVar = "time_decay"
    title: ClassVar = "Time decay"
    summary: ClassVar = "A touch loses half its weight with every half-life before the close."
    formula: ClassVar = "2^(-d_i/h) / sum_j 2^(-d_j/h), d in days before the anchor, h half-life"
    caution: ClassVar = (
        "Not with a half-life far below the length of the sales cycle: it then is last touch "
        "under another name."
    )

    half_life_days: float = 7.0

    def __post_init__(self) -> None:
        if not (self.half_life_days > 0 and math.isfinite(self.half_life_days)):
            raise InvalidParameterError(
                f"A half-life of {self.half_life_days} days does not decay.",
                "Choose a number of days above 0.",
            )

    def marks(self) -> dict[str, nw.Expr]:
        """Return when the last touch of the deal was."""
        return {_LATEST: nw.col("occurred_at_epoch").max().over(DEAL)}

    def weights(self) -> dict[str, nw.Expr]:
        """Return 2^(-d/h) as a whole number of parts of the last touch's weight."""
        days = (nw.col("occurred_at_epoch") - nw.col(_LATEST)) / float(SECONDS_A_DAY)
        weight = nw.lit(2.0) ** (days / self.half_life_days) * _WHOLE_WEIGHT
        return {"time_decay": (weight + 0.5).floor().cast(nw.Int64)}


@dataclass(frozen=True)
class StepDecay(PositionalRule):
    """A touch counts a fixed factor less for every step it lies before the last one.

    Raises
    ------
    InvalidParameterError
        If the factor is not between 0 and 1.
    """

    name: ClassVar = "step_decay"
    title: ClassVar = "Step decay"
    summary: ClassVar = "Each step back from the last touch keeps a fixed part of the weight."
    formula: ClassVar = "q^(n - i) / sum_j q^(n - j), q the part kept a step"
    caution: ClassVar = "Not where days between touches differ widely: it counts steps, not time."

    kept_a_step: float = 0.7

    def __post_init__(self) -> None:
        if not 0 < self.kept_a_step < 1:
            raise InvalidParameterError(
                f"A part of {self.kept_a_step} kept a step does not decay.",
                "Choose a number between 0 and 1, both excluded; for no decay use linear.",
            )

    def through(self, position: nw.Expr, touches: nw.Expr) -> nw.Expr:
        """Return (q^(n-i) - q^n) / (1 - q^n), the sum of the geometric series."""
        kept = nw.lit(self.kept_a_step)
        all_steps = kept**touches
        return (kept ** (touches - position) - all_steps) / (1.0 - all_steps)
