"""Rules that give the whole deal to one touch."""

from dataclasses import dataclass
from typing import ClassVar

import narwhals as nw

from core.attribution.journeys import POSITION, SEQUENCE, TOUCHES, largest
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

    def furthest(self) -> dict[str, nw.Expr]:
        """Return the place of a touch that is not direct."""
        direct = nw.col("channel").str.to_lowercase().is_in(self.direct_channels)
        return {"not_direct": nw.when(~direct).then(nw.col(SEQUENCE))}

    def reached(self) -> nw.Expr:
        """Everything is due from the last touch that is not direct on."""
        last = largest("not_direct")
        at_the_end = nw.col(POSITION) >= nw.col(TOUCHES)
        return nw.when(last.is_null()).then(at_the_end).otherwise(nw.col(SEQUENCE) >= last)
