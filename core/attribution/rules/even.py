"""Rules that treat touches alike."""

from typing import ClassVar

import narwhals as nw

from core.attribution.journeys import CHANNELS, CHANNELS_MET, POSITION, TOUCHES
from core.attribution.rules.base import Rule


class Linear(Rule):
    """Every touch counts the same, repeats included."""

    name: ClassVar = "linear"
    title: ClassVar = "Linear"
    summary: ClassVar = "Every touch gets the same share; a channel touched twice gets two."
    formula: ClassVar = "1/n"
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
    caution: ClassVar = (
        "Not by campaign: within a channel only the first touch counts. It equals the Shapley "
        "value of deal totals."
    )

    def due(self) -> nw.Expr:
        """Return channels met so far over all of them, which is exactly 1 at the end."""
        return nw.col(CHANNELS_MET) / nw.col(CHANNELS)
