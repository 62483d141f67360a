"""Rules that treat touches alike."""

from typing import ClassVar

import narwhals as nw

from core.attribution.rules.base import PositionalRule


class Linear(PositionalRule):
    """Every touch counts the same, repeats included."""

    name: ClassVar = "linear"
    title: ClassVar = "Linear"
    summary: ClassVar = "Every touch gets the same share; a channel touched twice gets two."
    formula: ClassVar = "1/n"
    caution: ClassVar = (
        "Not where one channel logs many small touches: it rewards volume, whatever the touches "
        "are worth."
    )

    def through(self, position: nw.Expr, touches: nw.Expr) -> nw.Expr:
        """Return i/n, which is exactly 1 at the end."""
        return position / touches
