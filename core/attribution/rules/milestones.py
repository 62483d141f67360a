"""Rules that favour the touches behind milestones: first contact, lead, deal, close.

The milestone of an event is the last eligible touch not after it: what led to the person entering
the CRM (the oldest one, where a deal has several), to the deal being created, to the close.
Milestones that fall on one touch add up. A milestone with no touch before it is dropped and the
others scaled up; so is the share of the other touches where there are none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import ClassVar

import narwhals as nw

from core.attribution.closed_won import CREATED_UNTIL, LEAD_UNTIL
from core.attribution.journeys import total
from core.attribution.results import MilestoneWeights
from core.attribution.rules.base import PositionalRule


class _MilestoneRule(PositionalRule):
    """Fixed weights on milestones, the rest shared by the other touches."""

    formula: ClassVar = (
        "sum of the weights of the milestones on touch i, plus, for a touch without a milestone, "
        "the rest / number of such touches; scaled to sum to 1"
    )

    @property
    def milestones(self) -> MilestoneWeights:
        """What each milestone gets."""
        raise NotImplementedError

    def weights(self) -> dict[str, nw.Expr]:
        """Return 1 for touches up to an event: their total is the position of its milestone."""
        return {"until_lead": _until(LEAD_UNTIL), "until_creation": _until(CREATED_UNTIL)}

    def through(self, position: nw.Expr, touches: nw.Expr) -> nw.Expr:
        """Return the weights of milestones and other touches passed, over those the deal has."""
        marks = list(self._marks(touches))
        weights = [(weight, place) for weight, place in marks if weight > 0]
        passed = _sum(
            nw.when((place > 0) & (place <= position)).then(nw.lit(weight)).otherwise(0.0)
            for weight, place in weights
        )
        there = _sum(
            nw.when(place > 0).then(nw.lit(weight)).otherwise(0.0) for weight, place in weights
        )
        places = [place for _, place in weights]
        plain = position - _distinct(places, position)
        all_plain = touches - _distinct(places, touches)
        rest = self.milestones.others
        rest_passed = nw.when(all_plain > 0).then(rest * plain / all_plain).otherwise(0.0)
        rest_there = nw.when(all_plain > 0).then(nw.lit(rest)).otherwise(0.0)
        whole = there + rest_there
        share = (passed + rest_passed) / whole
        return (
            nw.when(position >= touches)
            .then(nw.lit(1.0))
            .when(position <= 0)
            .then(nw.lit(0.0))
            .when(whole <= 0)  # no weight applies to this journey: all touches count the same
            .then(position / touches)
            .when(share > 1)
            .then(nw.lit(1.0))
            .otherwise(share)
        )

    def _marks(self, touches: nw.Expr) -> Iterator[tuple[float, nw.Expr]]:
        """Yield each milestone's weight and the position of its touch, 0 where there is none."""
        weights = self.milestones
        yield weights.first, nw.lit(1)
        yield weights.lead, total("until_lead")
        yield weights.deal, total("until_creation")
        yield weights.close, touches


@dataclass(frozen=True)
class UShaped(_MilestoneRule):
    """The touch that opened and the one that made the lead: 40/40, the rest 20."""

    name: ClassVar = "u_shaped"
    title: ClassVar = "U-shaped"
    summary: ClassVar = "40 % each for the first touch and the lead's, 20 % for the others."
    caution: ClassVar = (
        "Not for judging what closes deals. Some products call U-shaped what is position based "
        "here: first and last touch."
    )

    @property
    def milestones(self) -> MilestoneWeights:
        """40 first, 40 lead, 20 others."""
        return MilestoneWeights(first=0.4, lead=0.4, deal=0.0, close=0.0, others=0.2)


@dataclass(frozen=True)
class WShaped(_MilestoneRule):
    """The touches that opened, made the lead and made the deal: 30 each, the rest 10."""

    name: ClassVar = "w_shaped"
    title: ClassVar = "W-shaped"
    summary: ClassVar = "30 % each for first touch, lead and deal creation, 10 % for the others."
    caution: ClassVar = "Not for judging what closes deals: touches after creation share a tenth."

    @property
    def milestones(self) -> MilestoneWeights:
        """30 first, 30 lead, 30 deal, 10 others."""
        return MilestoneWeights(first=0.3, lead=0.3, deal=0.3, close=0.0, others=0.1)


@dataclass(frozen=True)
class FullPath(_MilestoneRule):
    """The touches behind all four milestones: 22.5 each, the rest 10."""

    name: ClassVar = "full_path"
    title: ClassVar = "Full path"
    summary: ClassVar = (
        "22.5 % each for first touch, lead, deal creation and close, 10 % for the others."
    )
    caution: ClassVar = "Not where creation dates are entered late: milestones move with them."

    @property
    def milestones(self) -> MilestoneWeights:
        """22.5 for each of the four, 10 others."""
        return MilestoneWeights(first=0.225, lead=0.225, deal=0.225, close=0.225, others=0.1)


@dataclass(frozen=True)
class Custom(_MilestoneRule):
    """Weights of your own for the four milestones and the other touches."""

    name: ClassVar = "custom"
    title: ClassVar = "Custom weights"
    summary: ClassVar = "Your own weights for first touch, lead, deal creation, close and others."
    caution: ClassVar = "Not to find a result: choose the weights before looking at the numbers."

    chosen: MilestoneWeights

    @property
    def milestones(self) -> MilestoneWeights:
        """What was chosen."""
        return self.chosen


def _until(event: str) -> nw.Expr:
    before = nw.col("occurred_at_epoch") <= nw.col(event)
    return nw.when(before).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64)


def _distinct(places: list[nw.Expr], position: nw.Expr) -> nw.Expr:
    """Count the touches up to a position that carry a milestone, each once."""
    counted = []
    for index, place in enumerate(places):
        new = (place > 0) & (place <= position)
        for earlier in places[:index]:
            new = new & (place != earlier)
        counted.append(nw.when(new).then(nw.lit(1)).otherwise(nw.lit(0)))
    return _sum(counted) if counted else nw.lit(0)


def _sum(parts: "Iterator[nw.Expr] | list[nw.Expr]") -> nw.Expr:
    return reduce(add, parts, nw.lit(0.0))
