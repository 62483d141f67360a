"""Journeys as steps: what came after what, with repeats in a row counted once.

A journey of at most six steps is one whole number with a digit a step, so the engine counts paths
by adding and grouping numbers and builds no list for any deal.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from operator import add
from typing import Final

import narwhals as nw

from core.attribution.closed_won import closed_deals
from core.attribution.journeys import DEAL, SECONDS_A_DAY, SEQUENCE, TOUCHES, eligible_touches
from core.attribution.results import JourneySettings, Level
from core.engine import Engine, Frame, collect
from core.errors import InvalidParameterError, UnknownNameError
from core.scope import Scope

FEWEST_STEPS: Final = 2
MOST_STEPS: Final = 6

PATH: Final = "path"
"""The steps of a deal that are looked at, a digit a step; 0 where no touch is eligible."""

STEPS: Final = "steps"
"""Number of steps of the whole journey."""

DAYS: Final = "days"
"""Days from the first eligible touch to the close."""

_CODE: Final = "code"
_LARGEST: Final = 2**62


class Side(StrEnum):
    """The end of the journey that steps are counted from."""

    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True)
class JourneyQuestion:
    """Whose journeys, which touches, and how much of each journey is looked at.

    Parameters
    ----------
    scope
        Deals closed in its period; both won and lost.
    journeys
        Which touches are eligible.
    level
        What a step is named by.
    steps
        Steps looked at, 2 to 6.
    side
        Whether they are the first or the last of the journey.

    Raises
    ------
    InvalidParameterError
        If fewer than 2 or more than 6 steps are asked for.
    """

    scope: Scope
    journeys: JourneySettings = field(default_factory=JourneySettings)
    level: Level = Level.CHANNEL
    steps: int = 4
    side: Side = Side.FIRST

    def __post_init__(self) -> None:
        if not FEWEST_STEPS <= self.steps <= MOST_STEPS:
            raise InvalidParameterError(
                f"Journeys cannot be looked at in {self.steps} steps.",
                f"Choose {FEWEST_STEPS} to {MOST_STEPS} steps.",
            )

    @property
    def whole(self) -> "JourneyQuestion":
        """The question of whole journeys: the same however many steps are looked at."""
        return JourneyQuestion(self.scope, self.journeys, self.level, FEWEST_STEPS)


@dataclass(frozen=True)
class Names:
    """The names steps can have; the digit of a name is its place, from 1.

    Parameters
    ----------
    names
        All names of the workspace, sorted.
    level
        What they are names of.
    """

    names: tuple[str, ...]
    level: Level

    @classmethod
    def of(cls, engine: Engine, level: Level) -> "Names":
        """Read the names touches of deals have."""
        rows = collect(_coded(engine, level))
        return cls(tuple(rows.sort(_CODE)[level.value]), level)

    @property
    def base(self) -> int:
        """Numbers a digit can be: 0 for no step, and one for each name."""
        return len(self.names) + 1

    def digit_of(self, name: str) -> int:
        """Return the digit of a name.

        Raises
        ------
        UnknownNameError
            If no touch has that name.
        """
        if name not in self.names:
            raise UnknownNameError.among(self.level.value, name, self.names)
        return self.names.index(name) + 1

    def require_room(self, steps: int) -> None:
        """Refuse more steps than one whole number can hold.

        Raises
        ------
        InvalidParameterError
            If there are too many names for so many steps.
        """
        if self.base**steps >= _LARGEST:
            raise InvalidParameterError(
                f"{steps} steps of {len(self.names):,} {self.level.value}s are too many to count.",
                "Choose fewer steps, or look at channels.",
            )


def closed_journeys(
    engine: Engine, question: JourneyQuestion, names: Names, *, with_names: bool = False
) -> Frame:
    """Return one row a deal won or lost in scope, with its journey.

    ``with_names`` also carries the names of deals, companies and owners.

    Returns
    -------
    Frame
        The columns of ``deal_facts``, or of ``deal_amounts`` without names, ``revenue_minor``,
        ``path``, ``steps``, ``touches`` and ``days``; a deal without an eligible touch has path,
        steps and touches 0 and no days.

    Raises
    ------
    InvalidParameterError
        If there are too many names for so many steps.
    """
    names.require_room(question.steps)
    scope, anchor = question.scope, question.journeys.anchor
    deals = closed_deals(engine, scope, anchor, names=with_names)
    first = nw.col("first_epoch")
    days = (nw.col("closed_at_epoch") - first) / float(SECONDS_A_DAY)
    # A touch on the day of a close that is known only by day lies no days before it.
    waited = nw.when(first.is_null()).then(None).when(days > 0).then(days).otherwise(nw.lit(0.0))
    return deals.join(_paths(engine, deals, question, names), on=DEAL, how="left").with_columns(
        waited.alias(DAYS), *[nw.col(name).fill_null(0) for name in (PATH, STEPS, TOUCHES)]
    )


def digit(path: nw.Expr, place: int, base: int) -> nw.Expr:
    """Return the digit of a path at a place, 0 being the one steps are counted from."""
    found: nw.Expr = (path // base**place) % base
    return found


def _paths(engine: Engine, deals: Frame, question: JourneyQuestion, names: Names) -> Frame:
    """Return the journey of each deal that has one."""
    level = question.level.value
    place = nw.col("step") - 1 if question.side is Side.FIRST else nw.col(STEPS) - nw.col("step")
    steps = _steps(eligible_touches(engine, deals, question.journeys), level)
    return (
        steps.with_columns(place=place)
        .filter(nw.col("place") < question.steps)
        .join(_coded(engine, question.level), on=level)
        .with_columns(_worth_in_path(question.steps, names.base).alias(PATH))
        .group_by(DEAL)
        .agg(
            nw.col(PATH).sum().cast(nw.Int64),
            nw.col(STEPS, TOUCHES, "first_epoch").max(),
        )
    )


def _steps(touches: Frame, level: str) -> Frame:
    """Keep the first touch of each run of one name, numbered along the journey."""
    before = nw.col(level).shift(1).over(DEAL, order_by=SEQUENCE)
    runs = touches.with_columns(
        before=before,
        first_epoch=nw.col("occurred_at_epoch").min().over(DEAL),
        **{TOUCHES: nw.len().over(DEAL).cast(nw.Int64)},
    ).filter(nw.col("before").is_null() | (nw.col("before") != nw.col(level)))
    return runs.with_columns(
        step=nw.col(SEQUENCE).cum_count().over(DEAL, order_by=SEQUENCE).cast(nw.Int64),
        **{STEPS: nw.len().over(DEAL).cast(nw.Int64)},
    )


def _coded(engine: Engine, level: Level) -> Frame:
    """Return each name with its digit; a join of it runs on every engine."""
    named = engine.table("deal_touches").select(level.value).unique()
    return named.with_columns(nw.col(level.value).rank("dense").cast(nw.Int64).alias(_CODE))


def _worth_in_path(steps: int, base: int) -> nw.Expr:
    """Return what a step adds to the path; whole numbers, for a power would be a fraction."""
    return reduce(
        add,
        [
            nw.when(nw.col("place") == place).then(nw.col(_CODE) * base**place).otherwise(nw.lit(0))
            for place in range(steps)
        ],
    )
