"""Rules that give the whole deal to one touch."""

from dataclasses import dataclass
from typing import ClassVar

import narwhals as nw

from core.attribution.journeys import POSITION, TOUCHES, running, total
from core.attribution.rules.base import WholeDealRule


class FirstTouch(WholeDealRule):
    """What opened the door gets the deal: the whole of it, for the first eligible touch."""

    name: ClassVar = "first_touch"
    title: ClassVar = "First touch"
    summary: ClassVar = "The first touch in the lookback gets the whole deal."
    formula: ClassVar = "1 for i = 1, else 0"
    caution: ClassVar = (
        "Not for judging what closes deals; it also moves with the lookback, which decides what "
        "is first."
    )

    def reached(self) -> nw.Expr:
        """Everything is due from the first touch on."""
        return nw.col(POSITION) >= 1


class LastTouch(WholeDealRule):
    """What came last before the anchor gets the deal."""

    name: ClassVar = "last_touch"
    title: ClassVar = "Last touch"
    summary: ClassVar = "The last touch before the anchor gets the whole deal."
    formula: ClassVar = "1 for i = n, else 0"
    caution: ClassVar = (
        "Not for judging what creates demand: channels that harvest it late, such as branded "
        "search or a contract call, take the credit."
    )

    def reached(self) -> nw.Expr:
        """Nothing is due until the last touch."""
        return nw.col(POSITION) >= nw.col(TOUCHES)


@dataclass(frozen=True)
class LastNonDirect(WholeDealRule):
    """The last touch that is not a direct visit gets the deal.

    When every touch is direct, the last of them gets it.
    """

    name: ClassVar = "last_non_direct"
    title: ClassVar = "Last non-direct touch"
    summary: ClassVar = "The last touch that is not direct gets the whole deal."
    formula: ClassVar = "1 for the last i whose channel is not direct, else 0; all direct: i = n"
    caution: ClassVar = "Not where direct visits are themselves the result of untracked marketing."

    direct_channels: tuple[str, ...] = ("direct",)

    def weights(self) -> dict[str, nw.Expr]:
        """Return 1 for a touch that is not direct, else 0."""
        direct = nw.col("channel").str.to_lowercase().is_in(self.direct_channels)
        return {"non_direct": (~direct).cast(nw.Float64)}

    def reached(self) -> nw.Expr:
        """Everything is due once all touches that are not direct have passed."""
        every = total("non_direct")
        last = nw.col(POSITION) >= nw.col(TOUCHES)
        return last | ((every > 0) & (running("non_direct") >= every))
