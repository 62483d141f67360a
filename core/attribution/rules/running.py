"""Running shares of several rules at once, in as few passes along the journeys as they need."""

from collections.abc import Iterable, Sequence
from typing import Final

import narwhals as nw
import polars as pl

from core.attribution.journeys import DEAL, POSITION, columns_of, is_all_known, numbered
from core.attribution.rules.base import Split, at_the_end_1
from core.engine import Frame

SHARE: Final = "share_"
"""Prefix of the column with a model's share of the deal."""

CREDIT: Final = "credit_"
"""Prefix of the column with a model's credit in minor units."""


def with_running_shares(
    touches: Frame, rules: Sequence[Split], *, ends: bool = True, **along: nw.Expr
) -> Frame:
    """Add the share each rule deems due through a touch, as ``share_<model>``, in journey order.

    One pass along the journeys for what weights depend on, where a rule asks for it, and one for
    positions, running sums and whatever else is to be seen ``along`` the journey. `steps` turns
    running into own shares. Without ``ends`` what is said of the last touch is not read.
    """
    to_sum = [
        model for model in rules if not is_all_known(touches, (*model.weights(), *model.furthest()))
    ]
    marks = _together(model.marks() for model in to_sum)
    weights = _together(model.weights() for model in to_sum)
    furthest = _together(model.furthest() for model in to_sum)
    touches = _with(_with(touches, marks), {**weights, **furthest})
    touches = numbered(touches, weights, furthest, **along)
    touches = _with(touches, facts_of_deals(touches, rules))
    touches = _with(touches, _together(model.facts() for model in rules))
    shares = {
        SHARE + model.name: at_the_end_1(model.due()) if ends and model.ends_apart else model.due()
        for model in rules
    }
    return _with(touches, shares)


def facts_of_deals(rows: Frame, rules: Sequence[Split]) -> dict[str, nw.Expr]:
    """Return what rules say of each deal and rows do not hold yet."""
    facts, there = _together(model.of_deal() for model in rules), set(columns_of(rows))
    return {name: fact for name, fact in facts.items() if name not in there}


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
