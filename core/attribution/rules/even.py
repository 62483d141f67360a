"""Rules that treat touches alike."""

from typing import ClassVar, Final

import narwhals as nw

from core.attribution.journeys import DEAL, POSITION, SEQUENCE, TOUCHES, running, total
from core.attribution.rules.base import Rule

_EARLIER: Final = "earlier_in_channel"
FIRST_OF_CHANNEL: Final = "first_of_channel"
"""Weight of 1 for the first touch of each channel."""


class Linear(Rule):
    """Every touch counts the same, repeats included."""

    name: ClassVar = "linear"
    title: ClassVar = "Linear"
    summary: ClassVar = "Every touch gets the same share; a channel touched twice gets two."
    formula: ClassVar = "1/n"
    ends_apart: ClassVar = False
    caution: ClassVar = (
        "Not where one channel logs many small touches: it rewards volume, whatever the touches "
        "are worth."
    )

    def due(self) -> nw.Expr:
        """Return i/n, which is exactly 1 at the end."""
        return nw.col(POSITION) / nw.col(TOUCHES)


class LinearDistinct(Rule):
    """Every channel of the journey counts the same, however often it was touched.

    A channel's share goes to its first touch in the journey, so that campaigns and touches have
    credit too.
    """

    name: ClassVar = "linear_distinct"
    title: ClassVar = "Linear over channels"
    summary: ClassVar = "Every channel of a journey gets the same share, however often touched."
    formula: ClassVar = "1/k for the first touch of each of k channels, else 0"
    ends_apart: ClassVar = False
    caution: ClassVar = (
        "Not by campaign: within a channel only the first touch counts. It equals the Shapley "
        "value of deal totals."
    )

    def marks(self) -> dict[str, nw.Expr]:
        """Return the deal's previous touch in the same channel."""
        earlier = nw.col(SEQUENCE).shift(1).over(DEAL, "channel", order_by=SEQUENCE)
        return {_EARLIER: earlier}

    def weights(self) -> dict[str, nw.Expr]:
        """Return 1 for the first touch of a channel, else 0."""
        return {FIRST_OF_CHANNEL: nw.col(_EARLIER).is_null().cast(nw.Float64)}

    def due(self) -> nw.Expr:
        """Return channels met so far over all of them, which is exactly 1 at the end."""
        return running(FIRST_OF_CHANNEL) / total(FIRST_OF_CHANNEL)
