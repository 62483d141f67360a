"""Rules that favour the touches behind milestones: first contact, lead, deal, close.

The milestone of an event is the last eligible touch not after it: what led to the person entering
the CRM (the oldest one, where a deal has several), to the deal being created, to the close.
Milestones that fall on one touch add up. A milestone with no touch before it is dropped and the
others scaled up; so is the share of the other touches where there are none.
"""

from dataclasses import dataclass
from typing import ClassVar, Final

import narwhals as nw

from core.attribution.closed_won import CREATED_UNTIL, LEAD_UNTIL
from core.attribution.journeys import POSITION, TOUCHES, total
from core.attribution.results import MilestoneWeights
from core.attribution.rules.base import Rule

UNTIL_LEAD: Final = "until_lead"
"""Weight of 1 for a touch up to the lead: summed, the position of its milestone."""

UNTIL_CREATION: Final = "until_creation"
"""The same of the deal's creation."""


class MilestoneRule(Rule):
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
        return {UNTIL_LEAD: _until(LEAD_UNTIL), UNTIL_CREATION: _until(CREATED_UNTIL)}

    def of_deal(self) -> dict[str, nw.Expr]:
        """Return where the milestones lie, how many plain touches there are and what applies.

        A milestone takes a touch from the plain ones, unless it falls on that of an earlier one.
        """
        weight, touches = self.milestones, nw.col(TOUCHES)
        lead, deal = total(UNTIL_LEAD), total(UNTIL_CREATION)
        opening = 1 if weight.first else 0
        lead_counts, deal_counts, close_counts = lead > opening, deal > opening, touches > opening
        if weight.lead:
            deal_counts, close_counts = (
                deal_counts & (deal != lead),
                close_counts & (touches != lead),
            )
        if weight.deal:
            close_counts = close_counts & (touches != deal)
        plain: nw.Expr = touches - opening
        for applies, counts in (
            (weight.lead, lead_counts), (weight.deal, deal_counts), (weight.close, close_counts)
        ):  # fmt: skip
            plain = plain - _number(counts) if applies else plain
        there = weight.others * _number(plain > 0) + (weight.first + weight.close)
        there = there + weight.lead * _number(lead > 0) if weight.lead else there
        there = there + weight.deal * _number(deal > 0) if weight.deal else there
        return {
            "lead_place": nw.when(lead > 0).then(lead).otherwise(touches + 1),
            "deal_place": nw.when(deal > 0).then(deal).otherwise(touches + 1),
            self._counts("lead"): _number(lead_counts),
            self._counts("deal"): _number(deal_counts),
            # Where no touch is plain none is passed before the last, and 0 / 1 is nothing.
            self._of_kind("plain_touches"): nw.when(plain > 0).then(plain).otherwise(nw.lit(1.0)),
            f"there_{self.name}": there,
        }

    def facts(self) -> dict[str, nw.Expr]:
        """Return which milestones a touch has reached, and the plain touches passed."""
        weight, place = self.milestones, nw.col(POSITION)
        passed: nw.Expr = place - (1 if weight.first else 0)
        reached = {
            name: (place >= nw.col(f"{name}_place")).cast(nw.Float64) for name in ("lead", "deal")
        }
        for name, applies in (("lead", weight.lead), ("deal", weight.deal)):
            taken = nw.col(self._counts(name)) * reached[name]
            passed = passed - taken if applies else passed
        return {
            **{f"{name}_reached": expression for name, expression in reached.items()},
            self._of_kind("rest_passed"): passed / nw.col(self._of_kind("plain_touches")),
        }

    def due(self) -> nw.Expr:
        """Return the weights of milestones and other touches passed, over those the deal has.

        Only touches before the last one need it: there the first is reached, the close is not.
        """
        weight, there = self.milestones, nw.col(f"there_{self.name}")
        passed: nw.Expr = weight.others * nw.col(self._of_kind("rest_passed")) + weight.first
        if weight.lead:
            passed = passed + weight.lead * nw.col("lead_reached")
        if weight.deal:
            passed = passed + weight.deal * nw.col("deal_reached")
        share = passed / there
        if not weight.others:  # all weights may be passed before the end: not beyond 1 by rounding
            share = nw.when(share > 1).then(nw.lit(1.0)).otherwise(share)
        if not weight.first and not weight.close:  # no weight may apply: touches count the same
            share = nw.when(there > 0).then(share).otherwise(nw.col(POSITION) / nw.col(TOUCHES))
        return share

    def _counts(self, milestone: str) -> str:
        """Name whether a milestone takes a touch of its own: not that of an earlier one."""
        weight = self.milestones
        earlier = (weight.first,) if milestone == "lead" else (weight.first, weight.lead)
        return f"{milestone}_counts" + "".join("1" if one else "0" for one in earlier)

    def _of_kind(self, fact: str) -> str:
        """Name a fact that depends on which milestones count; rules alike in that share it."""
        weight = self.milestones
        counts = (weight.first, weight.lead, weight.deal, weight.close)
        return fact + "".join("1" if one else "0" for one in counts)


@dataclass(frozen=True)
class UShaped(MilestoneRule):
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
class WShaped(MilestoneRule):
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
class FullPath(MilestoneRule):
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
class Custom(MilestoneRule):
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
    return nw.when(before).then(nw.lit(1.0)).otherwise(nw.lit(0.0))


def _number(condition: nw.Expr) -> nw.Expr:
    """Return 1.0 or 0.0; unknown counts as no."""
    return nw.when(condition).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
