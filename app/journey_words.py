"""How a path is written, on the Journeys page and wherever its figures are listed."""

from typing import Final

import polars as pl

from core.attribution.steps import JourneyQuestion, Side

MOST_PATHS: Final = 500
"""Paths shown, the most frequent; the download of the page has them all."""

_ARROW: Final = " → "
_MORE: Final = "…"


def path_in_words(question: JourneyQuestion) -> pl.Expr:
    """Return the names of a path in order of time, from ``names`` and ``longer``."""
    from core.charts.journeys import UNTOUCHED  # charts take time to import: see test_imports

    steps, more = pl.col("names").list.join(_ARROW), pl.lit(_MORE)
    ordered = (steps, more) if question.side is Side.FIRST else (more, steps)
    return (
        pl.when(pl.col("names").list.len() == 0)
        .then(pl.lit(UNTOUCHED))
        .when("longer")
        .then(pl.concat_str(*ordered, separator=_ARROW))
        .otherwise(steps)
    )
