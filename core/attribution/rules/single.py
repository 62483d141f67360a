"""Rules that give the whole deal to one touch."""

from typing import ClassVar

import narwhals as nw

from core.attribution.rules.base import PositionalRule


class FirstTouch(PositionalRule):
    """What opened the door gets the deal: the whole of it, for the first eligible touch."""

    name: ClassVar = "first_touch"
    title: ClassVar = "First touch"
    summary: ClassVar = "The first touch in the lookback gets the whole deal."
    formula: ClassVar = "1 for i = 1, else 0"
    caution: ClassVar = (
        "Not for judging what closes deals; it also moves with the lookback, which decides what "
        "is first."
    )

    def through(self, position: nw.Expr, touches: nw.Expr) -> nw.Expr:  # noqa: ARG002
        """Everything is due from the first touch on."""
        return nw.when(position >= 1).then(nw.lit(1.0)).otherwise(nw.lit(0.0))


class LastTouch(PositionalRule):
    """What came last before the anchor gets the deal."""

    name: ClassVar = "last_touch"
    title: ClassVar = "Last touch"
    summary: ClassVar = "The last touch before the anchor gets the whole deal."
    formula: ClassVar = "1 for i = n, else 0"
    caution: ClassVar = (
        "Not for judging what creates demand: channels that harvest it late, such as branded "
        "search or a contract call, take the credit."
    )

    def through(self, position: nw.Expr, touches: nw.Expr) -> nw.Expr:
        """Nothing is due until the last touch."""
        return nw.when(position >= touches).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
