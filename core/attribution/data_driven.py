"""Data-driven models: the data, not a rule, decide what each channel is worth.

Each model is fitted to one small reduction of the journeys, transition counts or channel sets, and
answers with the credit of each channel for conversions and for their value.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.attribution.absorption import passages
from core.attribution.chains import ORDERS, Chain, chain_of
from core.attribution.markov import conversion_effects, value_effects
from core.attribution.paths import Floats, PathCounts
from core.attribution.results import READS_LIFT_TESTS
from core.attribution.shapley import rate_values, totals_credits
from core.errors import UnknownNameError


@dataclass(frozen=True, eq=False)
class ChannelCredit:
    """What each channel earned under one model.

    Parameters
    ----------
    channels
        Name of each channel.
    conversions
        Credit in conversions; never negative, sums to the conversions of the data.
    values
        Credit in value; None when no value is known.
    effects
        What the credit for conversions is proportional to: removal effects, or Shapley values.
    warnings
        Doubts to show wherever the numbers are shown.
    """

    channels: tuple[str, ...]
    conversions: Floats
    values: Floats | None
    effects: Floats
    warnings: tuple[str, ...] = ()


class DataDriven(ABC):
    """A model fitted to journeys that converted and journeys that did not.

    Attributes
    ----------
    name
        Name in interfaces and files.
    title
        Name on screen and in print.
    summary
        What it does, in one sentence.
    formula
        The credit of channel c.
    caution
        When not to use it.
    """

    name: str
    title: str
    summary: str
    formula: str
    caution: str


class PathModel(DataDriven):
    """A data-driven model that a sequence of channels is enough for."""

    @abstractmethod
    def of_paths(self, counts: PathCounts) -> ChannelCredit:
        """Return the credit of each channel of path counts."""


class Incremental(DataDriven):
    """What touches added; the rest stays with nobody. Needs whole journeys: when, not only what.

    `core.attribution.incremental` estimates it; this class says what it is.
    """

    name = READS_LIFT_TESTS
    title = "Incremental, estimated"
    summary = "Only what touches added to the chance to win; what would have closed anyway is left."
    formula = "chance that the deal would not have closed x the touch's part of h / h0 at the win"
    caution = (
        "Not as proof: observational data cannot prove cause. An estimate whose error was measured "
        "on simulated companies; check the largest credits with an experiment."
    )


class Markov(PathModel):
    """A channel is worth what would be lost if every journey that reaches it ended there.

    Parameters
    ----------
    order
        How many channels back a journey is remembered, 1 to 4.
    """

    summary = "Credit by the part of conversions that would be lost without the channel."
    formula = "(1 - p_c / p) / sum_j (1 - p_j / p), p_c the conversion rate without channel c"
    caution = (
        "Not as proof of cause: a channel that is part of every journey gets much credit, whether "
        "or not it moved anybody."
    )

    def __init__(self, order: int) -> None:
        self.order = order
        self.name = f"markov_{order}"
        self.title = f"Markov, order {order}"

    def of_paths(self, counts: PathCounts) -> ChannelCredit:
        """Return the credit of each channel of path counts."""
        return self.of_chain(chain_of(counts, self.order))

    def of_chain(self, chain: Chain) -> ChannelCredit:
        """Return the credit of each channel of a chain of the model's order."""
        solved = passages(chain)
        effects = conversion_effects(chain, solved)
        worth = value_effects(chain, solved)
        conversions = effects.shares * chain.conversions.sum()
        if chain.values is None:
            values = None
        else:
            values = (
                np.zeros_like(conversions) if worth is None else worth.shares * chain.values.sum()
            )
        return ChannelCredit(chain.channels, conversions, values, effects.effects)


class Game(PathModel):
    """A model that needs only the set of channels of each journey."""

    def of_paths(self, counts: PathCounts) -> ChannelCredit:
        """Return the credit of each channel of path counts."""
        return self.of_sets(counts.channel_sets())

    @abstractmethod
    def of_sets(self, sets: PathCounts) -> ChannelCredit:
        """Return the credit of each channel of channel sets."""


class ShapleyTotals(Game):
    """Each journey split equally over its distinct channels: the Shapley value of totals."""

    name = "shapley"
    title = "Shapley, totals"
    summary = "The Shapley value of what each set of channels earned: an equal split per deal."
    formula = "sum over journeys with c of 1/|T|, T the distinct channels of the journey"
    caution = "Not to learn what works: journeys that did not convert play no part in it."

    def of_sets(self, sets: PathCounts) -> ChannelCredit:
        """Return the credit of each channel of channel sets."""
        sets.require_conversions()
        conversions = totals_credits(sets, sets.conversions)
        values = None if sets.values is None else totals_credits(sets, sets.values)
        return ChannelCredit(sets.channels, conversions, values, conversions)


class ShapleyOrdered(ShapleyTotals):
    """The totals game told apart by position; by channel it equals the totals game."""

    name = "shapley_ordered"
    title = "Shapley, ordered"
    summary = "The Shapley value of totals, split by the position at which a channel occurs."
    formula = "sum over journeys with c of 1/|T|, shared by the positions at which c occurs"
    caution = "Not to rank channels differently: summed over positions it is the totals game."


class ShapleyRate(Game):
    """Channels compared by the conversion rate of the journeys they make possible."""

    name = "shapley_rate"
    title = "Shapley, conversion rate"
    summary = "The Shapley value of the conversion rate over journeys inside each set of channels."
    formula = "Shapley value of v(S) = conversions / journeys over channel sets inside S"
    caution = (
        "Not with few journeys per channel set: v(S) is then the rate of a handful of journeys. "
        "Refused above 20 channels."
    )

    def of_sets(self, sets: PathCounts) -> ChannelCredit:
        """Return the credit of each channel of channel sets; negative values get none."""
        sets.require_conversions()
        effects = rate_values(sets, sets.conversions)
        values = None
        if sets.values is not None:
            worth = rate_values(sets, sets.values)
            values = _above_zero(worth) * sets.values.sum()
        conversions = _above_zero(effects) * sets.total_conversions
        return ChannelCredit(sets.channels, conversions, values, effects, _lowering(sets, effects))


def _above_zero(effects: Floats) -> Floats:
    """Return shares in proportion to the effects above zero; all zero where none is."""
    positive = np.maximum(effects, 0.0)
    whole = positive.sum()
    return positive / whole if whole > 0 else positive


def _lowering(sets: PathCounts, effects: Floats) -> tuple[str, ...]:
    names = [name for name, effect in zip(sets.channels, effects, strict=True) if effect < 0]
    if not names:
        return ()
    return (
        f"Journeys convert less with {', '.join(names)}: the Shapley value of the rate is negative "
        "there. Those channels get no credit and the others are scaled to the total.",
    )


MODELS: Final[dict[str, DataDriven]] = {
    model.name: model
    for model in (
        *map(Markov, ORDERS), ShapleyTotals(), ShapleyOrdered(), ShapleyRate(), Incremental()
    )
}  # fmt: skip
"""Every data-driven model by name."""

PATH_MODELS: Final[dict[str, PathModel]] = {
    name: model for name, model in MODELS.items() if isinstance(model, PathModel)
}
"""Those that need no more than paths with counts."""


def data_driven(name: str) -> DataDriven:
    """Return the data-driven model of that name.

    Raises
    ------
    UnknownNameError
        If there is no such model; the hint lists the names.
    """
    if name not in MODELS:
        raise UnknownNameError.among("attribution model", name, MODELS)
    return MODELS[name]
