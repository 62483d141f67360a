"""Running shares of several rules at once, in as few passes along the journeys as they need."""

from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl

from core.attribution.journeys import DEAL, POSITION, placed
from core.attribution.rules.base import Split
from core.engine import Frame

SHARE: Final = "share_"
"""Prefix of the column with a model's share of the deal."""


def with_running_shares(touches: Frame, rules: Sequence[Split], names: Sequence[str] = ()) -> Frame:
    """Add the share each rule deems due through a touch, as ``share_<model>``, in journey order.

    `core.attribution.journeys.placed` says what is known of places, at the cost of one pass along
    the journeys where a rule asks for running sums. `steps` turns running into own shares.
    ``names`` are columns whose next value in the journey is wanted.
    """
    of_deal = {name: amount for model in rules for name, amount in model.of_deal().items()}
    marks = {name: mark for model in rules for name, mark in model.marks().items()}
    weights = {name: weight for model in rules for name, weight in model.weights().items()}
    facts = {name: fact for model in rules for name, fact in model.facts().items()}
    for columns in (marks, weights):
        touches = touches.with_columns(**columns) if columns else touches
    touches = placed(touches, tuple(weights), names, **of_deal)
    touches = touches.with_columns(**facts) if facts else touches
    return touches.with_columns(**{SHARE + model.name: model.due() for model in rules})


def steps(touches: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Turn what is due through each touch into the touch's own.

    ``touches`` holds whole journeys; they come back in order.
    """
    before = {name: pl.col(name).shift(1, fill_value=0).over(DEAL) for name in columns}
    return touches.sort(DEAL, POSITION).with_columns(
        pl.col(name) - amount for name, amount in before.items()
    )
