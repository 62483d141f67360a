"""The Markov order the journeys of a workspace support."""

from dataclasses import dataclass
from typing import Final

import narwhals as nw
import numpy as np
import polars as pl

from core import formats
from core.attribution.journeys import DEAL, SEQUENCE
from core.attribution.kept import closed_touches
from core.attribution.order import OrderSuggestion, suggest_order
from core.attribution.paths import PathCounts
from core.attribution.reductions import WON
from core.attribution.results import Question
from core.engine import Engine, Frame, collect

MOST_TOUCHES: Final = 200_000
"""Touches judged on at most; beyond, every second, third … deal is looked at."""


@dataclass(frozen=True)
class JourneyOrder:
    """What order a Markov model of a workspace should have.

    Parameters
    ----------
    suggestion
        The order, the best one and their likelihoods.
    journeys, of_journeys
        Closed deals with a touch it was judged on, and how many there are.
    """

    suggestion: OrderSuggestion
    journeys: int
    of_journeys: int

    @property
    def order(self) -> int:
        """The suggested order."""
        return self.suggestion.order

    @property
    def in_words(self) -> str:
        """The suggestion as a sentence, with what it rests on."""
        chances = ", ".join(
            f"{order}: {likelihood:.3f}"
            for order, likelihood in self.suggestion.log_likelihood.items()
        )
        every = (
            formats.counted(self.journeys, "journey")
            if self.journeys == self.of_journeys
            else f"{self.journeys:,} of {formats.counted(self.of_journeys, 'journey')}"
        )
        return (
            f"Markov of order {self.order} is suggested: the lowest that predicts journeys it has "
            f"not seen as well as the best, order {self.suggestion.best}, up to one standard "
            f"error; mean log likelihood {chances}; judged on {every}."
        )


def order_of_journeys(
    engine: Engine, question: Question, *, most_touches: int = MOST_TOUCHES
) -> JourneyOrder:
    """Return the order of the Markov model that predicts unseen journeys of a workspace best.

    Raises
    ------
    EmptyWorkspaceError
        If no deal with a touch was won.
    """
    touches = closed_touches(engine, question)
    sizes = collect(touches.select(touches=nw.len(), deals=nw.col(DEAL).n_unique())).row(0)
    every = max(1, -(-int(sizes[0]) // most_touches))
    counts = _paths(touches.filter(nw.col(DEAL) % every == 0) if every > 1 else touches)
    return JourneyOrder(suggest_order(counts), int(counts.journeys), int(sizes[1]))


def _paths(touches: Frame) -> PathCounts:
    """Return each journey as a path of its own."""
    rows = collect(touches.select(DEAL, SEQUENCE, "channel", WON)).sort(DEAL, SEQUENCE)
    channels = tuple(rows["channel"].unique().sort())
    deals = rows.group_by(DEAL, maintain_order=True).agg(pl.len(), pl.col(WON).first())
    won = deals[WON].cast(pl.Float64).to_numpy()
    return PathCounts(
        channels=channels,
        steps=rows["channel"].cast(pl.Enum(channels)).to_physical().cast(pl.Int64).to_numpy(),
        starts=np.concatenate([np.zeros(1, dtype=np.int64), deals["len"].cum_sum().to_numpy()]),
        conversions=won,
        nulls=1.0 - won,
    )
