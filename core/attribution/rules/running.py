"""Running shares of several rules at once, in as few passes along the journeys as they need."""

from collections.abc import Iterable, Sequence
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.journeys import DEAL, POSITION, numbered
from core.attribution.rules.base import Split
from core.engine import Frame

SHARE: Final = "share_"
"""Prefix of the column with a model's share of the deal."""


def with_running_shares(touches: Frame, rules: Sequence[Split], **along: nw.Expr) -> Frame:
    """Add the share each rule deems due through a touch, as ``share_<model>``, in journey order.

    One pass along the journeys for what weights depend on, where a rule asks for it, and one for
    positions, running sums and whatever else is to be seen ``along`` the journey. `steps` turns
    running into own shares.
    """
    marks = {name: mark for model in rules for name, mark in model.marks().items()}
    weights = {name: weight for model in rules for name, weight in model.weights().items()}
    facts = {name: fact for model in rules for name, fact in model.facts().items()}
    for columns in (marks, weights):
        touches = touches.with_columns(**columns) if columns else touches
    touches = numbered(touches, weights, **along)
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
