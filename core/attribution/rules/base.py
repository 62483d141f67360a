"""What a rule model is: a cumulative share of the deal, from which whole cents follow."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import ClassVar, NamedTuple

import narwhals as nw

from core.attribution.journeys import POSITION, TOUCHES, running, total


class Cumulative(NamedTuple):
    """The share of the deal due up to a touch: without it, and with it.

    Both lie between 0 and 1, grow along the journey, start at 0 and end at exactly 1. What one
    touch calls ``through`` the next calls ``before``, as the very same number, so that rounding
    the running totals gives parts that sum to the whole.
    """

    before: nw.Expr
    through: nw.Expr

    @property
    def share(self) -> nw.Expr:
        """The touch's own share."""
        return self.through - self.before


@dataclass(frozen=True)
class Rule(ABC):
    """One way to split a deal over its touches; the fields of a subclass are its parameters.

    Attributes
    ----------
    name
        Name in interfaces and files.
    title
        Name on screen and in print.
    summary
        What it does, in one sentence.
    formula
        The share of touch i of n.
    caution
        When not to use it.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    formula: ClassVar[str]
    caution: ClassVar[str]

    @property
    def parameters(self) -> dict[str, object]:
        """Parameters by name, with their unit in the name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def marks(self) -> dict[str, nw.Expr]:
        """Return columns that need to look along the journey before weights can be said."""
        return {}

    def weights(self) -> dict[str, nw.Expr]:
        """Return whole-number weights; `cumulative` may read their running sum and their total.

        Whole numbers, because their sums are exact on every engine and in any order.
        """
        return {}

    @abstractmethod
    def cumulative(self) -> Cumulative:
        """Return the running share as expressions over the columns of a journey."""


class PositionalRule(Rule):
    """A rule whose running share follows from the position and facts about the whole journey."""

    @abstractmethod
    def through(self, position: nw.Expr, touches: nw.Expr) -> nw.Expr:
        """Return the share due up to and including a position; 0 at 0, exactly 1 at the end."""

    def cumulative(self) -> Cumulative:
        """Return the running share up to the position before and up to this one."""
        position, touches = nw.col(POSITION), nw.col(TOUCHES)
        return Cumulative(self.through(position - 1, touches), self.through(position, touches))


class WeightedRule(Rule):
    """A rule whose share of a touch is its weight over the weights of the journey."""

    def cumulative(self) -> Cumulative:
        """Return running sums of weights over the deal's sum."""
        (weight,) = self.weights()
        through = running(weight).cast(nw.Float64)
        whole = total(weight).cast(nw.Float64)
        return Cumulative((through - nw.col(weight).cast(nw.Float64)) / whole, through / whole)
