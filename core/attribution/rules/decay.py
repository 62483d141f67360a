"""Rules that favour recent touches."""

import math
from dataclasses import dataclass
from typing import ClassVar, Final

import narwhals as nw

from core.attribution.closed_won import ANCHOR_UNTIL
from core.attribution.journeys import POSITION, SECONDS_A_DAY, TOUCHES
from core.attribution.rules.base import Rule, WeightedRule, on_grid
from core.errors import InvalidParameterError

_ALL_STEPS: Final = "kept_in_all_steps"
_OLDEST_HALF_LIVES: Final = 1000.0
"""Half-lives beyond which touches count alike: below 2^-1022 a number has no room to differ."""


@dataclass(frozen=True)
class TimeDecay(WeightedRule):
    """A touch counts half as much for every half-life it lies before the anchor.

    Weights grow along the journey, so running sums do too, to the last bit.

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

    def weights(self) -> dict[str, nw.Expr]:
        """Return 2^(-d/h)."""
        seconds = nw.col("occurred_at_epoch") - nw.col(ANCHOR_UNTIL)
        half_lives = seconds / (self.half_life_days * SECONDS_A_DAY)
        oldest = nw.lit(-_OLDEST_HALF_LIVES)
        kept = nw.when(half_lives > oldest).then(half_lives).otherwise(oldest)
        # Added to nothing: as a bare choice SQLFrame would name it in the middle of the power.
        return {"time_decay": nw.lit(2.0) ** (kept + 0.0)}


@dataclass(frozen=True)
class StepDecay(Rule):
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

    def of_deal(self) -> dict[str, nw.Expr]:
        """Return q^n."""
        return {_ALL_STEPS: nw.lit(self.kept_a_step) ** nw.col(TOUCHES)}

    def due(self) -> nw.Expr:
        """Return (q^(n-i) - q^n) / (1 - q^n), the sum of the geometric series."""
        steps_left = nw.lit(self.kept_a_step) ** (nw.col(TOUCHES) - nw.col(POSITION))
        return on_grid((steps_left - nw.col(_ALL_STEPS)) / (1.0 - nw.col(_ALL_STEPS)))
