"""What a rule model is: a running share of the deal, from which whole cents follow."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import ClassVar, Final, Protocol

import narwhals as nw

from core.attribution.journeys import POSITION, TOUCHES, running, total
from core.conversion import REVENUE

GRID: Final = 2.0**40
"""Shares are multiples of one over this."""


class Split(Protocol):
    """What splits deals over touches: a rule, or a data-driven model once it has been fitted."""

    @property
    def name(self) -> str:
        """Name in interfaces and files."""

    def marks(self) -> dict[str, nw.Expr]:
        """Return columns that need to look along the journey before weights can be said."""

    def weights(self) -> dict[str, nw.Expr]:
        """Return weights of touches; `due` may read their running sum and their total."""

    def furthest(self) -> dict[str, nw.Expr]:
        """Return columns whose largest value in the deal `due` reads, by `largest`."""

    def of_deal(self) -> dict[str, nw.Expr]:
        """Return columns that are the same for all touches of a deal."""

    def facts(self) -> dict[str, nw.Expr]:
        """Return columns over positions and sums that several splits read."""

    @property
    def ends_apart(self) -> bool:
        """Whether what is `due` is read before the last touch only: there it is 1."""

    def due(self) -> nw.Expr:
        """Return the share due up to and including a touch."""

    def cents(self, due: nw.Expr) -> nw.Expr:
        """Return what is due in whole minor units."""


@dataclass(frozen=True)
class Rule(ABC):
    """One way to split a deal over its touches; the fields of a subclass are its parameters.

    A rule says what is due up to and including a touch, not what the touch gets: the running
    totals are rounded to cents, and a touch gets the step from the one before to its own. So the
    parts of a deal sum to the deal whatever the rule.

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
    ends_apart: ClassVar[bool] = True

    @property
    def parameters(self) -> dict[str, object]:
        """Parameters by name, with their unit in the name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def marks(self) -> dict[str, nw.Expr]:
        """Return columns that need to look along the journey before weights can be said."""
        return {}

    def weights(self) -> dict[str, nw.Expr]:
        """Return weights of touches; `due` may read their running sum and their total."""
        return {}

    def furthest(self) -> dict[str, nw.Expr]:
        """Return columns whose largest value in the deal `due` reads, by `largest`."""
        return {}

    def of_deal(self) -> dict[str, nw.Expr]:
        """Return columns over the length and the sums of a journey, the same for its touches."""
        return {}

    def facts(self) -> dict[str, nw.Expr]:
        """Return columns over positions and sums that several rules of a family read."""
        return {}

    @abstractmethod
    def due(self) -> nw.Expr:
        """Return the share due up to and including a touch.

        It grows along the journey from 0 or more to 1; where the rule `ends_apart` the last touch
        is not asked for, since rounding on the way may have left it beside 1.
        """

    def cents(self, due: nw.Expr) -> nw.Expr:
        """Return what is due in whole minor units: floor(R x C + 0.5)."""
        return (nw.col(REVENUE) * due + 0.5).floor().cast(nw.Int64)


class WholeDealRule(Rule):
    """A rule that gives the whole deal to one touch: nothing is due before it, all from it on."""

    ends_apart: ClassVar = False

    @abstractmethod
    def reached(self) -> nw.Expr:
        """Return whether that touch is this one or an earlier one."""

    def due(self) -> nw.Expr:
        """Return 1 from the touch on, else 0."""
        return self.reached().cast(nw.Float64)

    def cents(self, due: nw.Expr) -> nw.Expr:  # noqa: ARG002
        """Return the whole deal or nothing."""
        return nw.col(REVENUE) * self.reached().cast(nw.Int64)


class WeightedRule(Rule):
    """A rule whose share of a touch is its weight over the weights of the journey."""

    def due(self) -> nw.Expr:
        """Return the running sum of weights over the deal's sum."""
        (weight,) = self.weights()
        return on_grid(running(weight) / total(weight))


def at_the_end_1(share: nw.Expr) -> nw.Expr:
    """Return the share, but exactly 1 at the last touch, whatever rounding did on the way."""
    last = nw.col(POSITION) >= nw.col(TOUCHES)
    return nw.when(last).then(nw.lit(1.0)).otherwise(share)


def on_grid(share: nw.Expr) -> nw.Expr:
    """Return a share rounded to 2^-40, about 1e-12.

    Engines add and raise to powers with errors in the last bit that differ; on the grid they
    agree, so that cents do.
    """
    return (share * GRID + 0.5).floor() / GRID
