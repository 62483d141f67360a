"""Running shares of several rules at once, in as few passes along the journeys as they need."""

from collections.abc import Iterable, Sequence
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.journeys import DEAL, POSITION, columns_of, is_known, numbered
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
    to_sum = [model for model in rules if runs_along(touches, model)]
    marks = _together(model.marks() for model in to_sum)
    weights = _together(model.weights() for model in to_sum)
    furthest = _together(model.furthest() for model in to_sum)
    touches = _with(_with(touches, marks), {**weights, **furthest})
    touches = numbered(touches, weights, furthest, **along)
    touches = _with(touches, facts_of_deals(touches, rules))
    touches = _with(touches, _together(model.facts() for model in rules))
    return touches.with_columns(**{SHARE + model.name: model.due() for model in rules})


def facts_of_deals(rows: Frame, rules: Sequence[Split]) -> dict[str, nw.Expr]:
    """Return what rules say of each deal and rows do not hold yet."""
    facts, there = _together(model.of_deal() for model in rules), set(columns_of(rows))
    return {name: fact for name, fact in facts.items() if name not in there}


def runs_along(touches: Frame, model: Split) -> bool:
    """Tell whether a model has weights whose sums along the journeys are not known yet."""
    return not all(is_known(touches, name) for name in (*model.weights(), *model.furthest()))


def _together(columns: Iterable[dict[str, nw.Expr]]) -> dict[str, nw.Expr]:
    return {name: column for each in columns for name, column in each.items()}


def _with(touches: Frame, columns: dict[str, nw.Expr]) -> Frame:
    return touches.with_columns(**columns) if columns else touches


def steps(touches: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Turn what is due through each touch into the touch's own.

    ``touches`` holds whole journeys; they come back in order.
    """
    before = {name: pl.col(name).shift(1, fill_value=0).over(DEAL) for name in columns}
    return touches.sort(DEAL, POSITION).with_columns(
        pl.col(name) - amount for name, amount in before.items()
    )
