"""Rules that favour the ends of the journey."""

from dataclasses import dataclass
from typing import ClassVar, Final

import narwhals as nw

from core.attribution.journeys import POSITION, TOUCHES
from core.attribution.rules.base import Rule
from core.errors import InvalidParameterError

_BETWEEN: Final = "touches_between"


@dataclass(frozen=True)
class PositionBased(Rule):
    """The first and the last touch get fixed shares, the touches between share the rest.

    With one touch it gets all; with two, the two shares are scaled up to 1.

    Raises
    ------
    InvalidParameterError
        If a share is negative, both are zero, or they sum to more than 1.
    """

    name: ClassVar = "position_based"
    title: ClassVar = "Position based"
    summary: ClassVar = "The first and last touch get fixed shares, the ones between the rest."
    formula: ClassVar = "f for i = 1, l for i = n, (1 - f - l)/(n - 2) between; n = 2: f/(f + l)"
    caution: ClassVar = "Not for journeys of one or two touches, where the middle is empty."

    first_share: float = 0.4
    last_share: float = 0.4

    def __post_init__(self) -> None:
        ends = self.first_share + self.last_share
        if min(self.first_share, self.last_share) < 0 or not 0 < ends <= 1:
            raise InvalidParameterError(
                f"The first and last share cannot be {self.first_share} and {self.last_share}.",
                "Choose shares that are not negative and sum to more than 0 and at most 1.",
            )

    def of_deal(self) -> dict[str, nw.Expr]:
        """Return what the first touch gets, and among how many the middle is shared."""
        ends, two_alone = self.first_share + self.last_share, nw.col(TOUCHES) == 2  # noqa: PLR2004
        opening = nw.when(two_alone).then(nw.lit(self.first_share / ends))
        between = nw.when(two_alone).then(nw.lit(1)).otherwise(nw.col(TOUCHES) - 2)
        return {
            f"opening_{self.name}": opening.otherwise(nw.lit(self.first_share)),
            _BETWEEN: between,
        }

    def due(self) -> nw.Expr:
        """Return f plus the middle shares passed."""
        middle = 1.0 - (self.first_share + self.last_share)
        passed = middle * ((nw.col(POSITION) - 1) / nw.col(_BETWEEN))
        return passed + nw.col(f"opening_{self.name}")


@dataclass(frozen=True)
class JShaped(PositionBased):
    """Position based with the weight on what closed: 20/20/60."""

    name: ClassVar = "j_shaped"
    title: ClassVar = "J-shaped"
    summary: ClassVar = "20 % for the first touch, 60 % for the last, 20 % for those between."
    caution: ClassVar = "Not for judging what creates demand: most of the deal goes to its end."

    first_share: float = 0.2
    last_share: float = 0.6


@dataclass(frozen=True)
class InverseJ(PositionBased):
    """Position based with the weight on what opened: 60/20/20."""

    name: ClassVar = "inverse_j"
    title: ClassVar = "Inverse J"
    summary: ClassVar = "60 % for the first touch, 20 % for the last, 20 % for those between."
    caution: ClassVar = "Not for judging what closes deals: most of the deal goes to its start."

    first_share: float = 0.6
    last_share: float = 0.2
