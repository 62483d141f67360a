"""Why a model splits one deal as it does, in words: a sentence for each family of models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import singledispatch
from typing import Final

from core import formats
from core.attribution.channel_split import ChannelSplit
from core.attribution.fitted import TouchSplit
from core.attribution.rules.base import Split
from core.attribution.rules.decay import StepDecay, TimeDecay
from core.attribution.rules.even import Linear, LinearDistinct
from core.attribution.rules.milestones import MilestoneRule
from core.attribution.rules.position import PositionBased
from core.attribution.rules.single import FirstTouch, LastNonDirect, LastTouch

MILESTONES: Final = {
    "first": "first touch",
    "lead": "lead",
    "deal": "deal creation",
    "close": "close",
}
"""Milestones in the order they happen, as a sentence names them."""


@dataclass(frozen=True)
class Met:
    """One touch of the deal, as a sentence tells it.

    Parameters
    ----------
    channel, day, days_before
        What it was, and how many days before the anchor.
    share
        Its part of the deal by the model told of.
    """

    channel: str
    day: date
    days_before: float
    share: float

    def __str__(self) -> str:
        return f"{self.channel} on {formats.day(self.day)}"


@dataclass(frozen=True)
class Story:
    """One deal's journey and what a model made of it.

    Parameters
    ----------
    touches
        The eligible touches in order; at least one.
    milestones
        By milestone, the position of the touch behind it, from 1; none where no touch came
        before it.
    anchor
        What the journey leads up to, as a sentence names it.
    """

    touches: tuple[Met, ...]
    milestones: Mapping[str, int]
    anchor: str = "the close"

    @property
    def by_channel(self) -> dict[str, float]:
        """The part of the deal each channel gets, the largest first."""
        shares: dict[str, float] = {}
        for touch in self.touches:
            shares[touch.channel] = shares.get(touch.channel, 0.0) + touch.share
        return dict(sorted(shares.items(), key=lambda entry: -entry[1]))

    @property
    def count(self) -> str:
        """How many touches there are, in words."""
        return formats.counted(len(self.touches), "eligible touch", "eligible touches")


@singledispatch
def why(split: Split | ChannelSplit, story: Story) -> str:
    """Say why a model splits a deal as it does.

    Parameters
    ----------
    split
        The model, ready to split deals.
    story
        The deal's journey with the model's shares.
    """
    return f"The model {split.name} gives {_parts(story.by_channel)}."


@why.register
def _(split: FirstTouch, story: Story) -> str:  # noqa: ARG001 - the rule is the sentence
    return f"Of {story.count} the first takes it all: {story.touches[0]}."


@why.register
def _(split: LastTouch, story: Story) -> str:  # noqa: ARG001
    return f"Of {story.count} the last before {story.anchor} takes it all: {story.touches[-1]}."


@why.register
def _(split: LastNonDirect, story: Story) -> str:
    taker = max(story.touches, key=lambda touch: touch.share)
    if taker.channel.lower() in split.direct_channels:
        return f"All of {story.count} are direct, so the last takes it all: {taker}."
    return f"The last touch that is not direct takes it all: {taker}; {story.count} in all."


@why.register
def _(split: Linear, story: Story) -> str:  # noqa: ARG001
    each = formats.percent(1 / len(story.touches))
    times = {name: _times(story, name) for name in story.by_channel}
    said = [
        f"{name} {number} {'time' if number == 1 else 'times'}" for name, number in times.items()
    ]
    return f"Every touch gets the same, {each} each of {story.count}: {formats.listed(said)}."


@why.register
def _(split: LinearDistinct, story: Story) -> str:  # noqa: ARG001
    channels = list(story.by_channel)
    return (
        f"Every channel gets the same, {formats.percent(1 / len(channels))} each of "
        f"{len(channels)}, at its first touch: {formats.listed(channels)}."
    )


@why.register
def _(split: TimeDecay, story: Story) -> str:
    newest, oldest = story.touches[-1], story.touches[0]
    said = (
        f"A touch loses half its weight every {formats.days(split.half_life_days)} before "
        f"{story.anchor}. {_weighs(newest)}"
    )
    return said + ("." if newest is oldest else f", {_weighs(oldest)}.")


@why.register
def _(split: StepDecay, story: Story) -> str:
    newest, oldest = story.touches[-1], story.touches[0]
    said = (
        f"Each step back from the last of {story.count} keeps {split.kept_a_step:.0%} of the "
        f"weight. {newest} gets {formats.percent(newest.share)}"
    )
    if newest is oldest:
        return f"{said}."
    return f"{said}, the first, {oldest}, {formats.percent(oldest.share)}."


@why.register
def _(split: PositionBased, story: Story) -> str:  # noqa: ARG001
    first, last = story.touches[0], story.touches[-1]
    between = len(story.touches) - 2
    if first is last:
        return f"It is the only eligible touch and takes it all: {first}."
    ends = (
        f"The first touch, {first}, gets {formats.percent(first.share)} and the last, {last}, "
        f"{formats.percent(last.share)}"
    )
    if not between:
        return f"{ends}; with no touch between them their shares are scaled up to the whole."
    rest = formats.percent(1 - first.share - last.share)
    return f"{ends}; the {formats.counted(between, 'touch', 'touches')} between share {rest}."


@why.register
def _(split: MilestoneRule, story: Story) -> str:
    weights = split.milestones
    counts = [name for name in MILESTONES if getattr(weights, name)]
    there = [name for name in counts if name in story.milestones]
    missing = [MILESTONES[name] for name in counts if name not in story.milestones]
    said = [f"{MILESTONES[name]}: {_at(story, name)}" for name in there]
    behind = {story.milestones[name] for name in there}
    others = [touch for place, touch in enumerate(story.touches, start=1) if place not in behind]
    sentences = [f"Touches behind milestones get fixed weights. {_sentence('; '.join(said))}"]
    if len(behind) < len(there):
        sentences.append("Milestones on one touch add up.")
    if missing:
        sentences.append(
            f"No touch came before the {formats.listed(missing)}: its weight is spread."
        )
    if others and weights.others:
        rest = formats.percent(sum(touch.share for touch in others))
        sentences.append(
            f"The other {formats.counted(len(others), 'touch', 'touches')} share {rest}."
        )
    return " ".join(sentences)


@why.register
def _(split: ChannelSplit, story: Story) -> str:
    channels = list(story.by_channel)
    weights = {name: split.by_deals.get(name, 1.0) for name in channels}
    shared = "A channel's part is shared equally by its touches."
    if len(set(weights.values())) == 1:
        each = formats.percent(1 / len(channels))
        return f"Every channel of the journey weighs the same here, {each} each. {shared}"
    said = [f"{name} {weight:.3g}" for name, weight in weights.items()]
    return (
        "Learnt from all closed journeys, so that deals add up to what the model gives each "
        f"channel, the channels of this one weigh {formats.listed(said)}; that makes "
        f"{_parts(story.by_channel)}. {shared}"
    )


@why.register
def _(split: TouchSplit, story: Story) -> str:  # noqa: ARG001 - the estimate is in the shares
    given = {name: share for name, share in story.by_channel.items() if share > 0.0}
    if not given:
        return (
            "By the estimate this deal would have closed anyway: no touch gets a part, all of it "
            "stays with nobody."
        )
    anyway = formats.percent(max(1.0 - sum(given.values()), 0.0))
    return (
        f"By the estimate it would have closed anyway with chance {anyway}; that part stays with "
        f"nobody. What touches added goes to {_parts(given)}, by the effect of the channel and "
        "how fresh the touch was at the win; one of the last three days gets nothing."
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _times(story: Story, channel: str) -> int:
    return sum(touch.channel == channel for touch in story.touches)


def _weighs(touch: Met) -> str:
    return (
        f"{touch.channel}, {formats.days(touch.days_before)} before, gets "
        f"{formats.percent(touch.share)}"
    )


def _at(story: Story, milestone: str) -> str:
    touch = story.touches[story.milestones[milestone] - 1]
    return f"{touch} ({formats.percent(touch.share)})"


def _parts(shares: Mapping[str, float]) -> str:
    said: Sequence[str] = [f"{name} {formats.percent(share)}" for name, share in shares.items()]
    return formats.listed(said)
