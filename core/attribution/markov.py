"""Markov models: how much would be lost without a channel, solved and not simulated.

The share of journeys that converts, with and without each channel, is the solution of a linear
system, so the same data always gives the same answer.
"""

from dataclasses import dataclass

import numpy as np

from core.attribution.absorption import Passages, passages
from core.attribution.chains import Chain
from core.attribution.paths import Floats
from core.errors import EmptyWorkspaceError


@dataclass(frozen=True, eq=False)
class RemovalEffects:
    """What would be lost without each channel.

    Parameters
    ----------
    channels
        Name of each channel.
    base
        Fitted yield of a journey: the conversion rate, or the mean value of a journey.
    effects
        By channel, the part of the base that is lost when every journey that reaches the channel
        ends there without result; between 0 and 1. Effects of several channels overlap, so they
        do not sum to 1.
    """

    channels: tuple[str, ...]
    base: float
    effects: Floats

    @property
    def shares(self) -> Floats:
        """Share of the credit of each channel: its effect over the sum of all effects."""
        shares: Floats = self.effects / self.effects.sum()
        return shares


def conversion_effects(chain: Chain, solved: Passages | None = None) -> RemovalEffects:
    """Return the part of conversions that would be lost without each channel.

    Parameters
    ----------
    chain
        The fitted transitions.
    solved
        The chain solved, where that has been done already.

    Raises
    ------
    EmptyWorkspaceError
        If no journey converted.

    >>> from core.attribution.chains import chain_of
    >>> from core.attribution.paths import PathCounts
    >>> rows = [(("Email", "Web"), 1, None, 1), (("Web",), 1, None, 1)]
    >>> found = conversion_effects(chain_of(PathCounts.from_rows(rows), order=1))
    >>> found.base, [round(effect, 3) for effect in found.effects.tolist()]
    (0.5, [0.5, 1.0])
    """
    if not chain.conversions.any():
        raise EmptyWorkspaceError(
            "No journey in this data converted, so nothing would be lost without any channel.",
            "Add journeys that converted, or widen the period.",
        )
    return removal_effects(solved or passages(chain), chain.conversions)


def value_effects(chain: Chain, solved: Passages | None = None) -> RemovalEffects | None:
    """Return the part of the value that would be lost without each channel.

    A conversion is worth the mean value of the conversions that followed the same last state.
    None when no value is known, or none is above zero.
    """
    if chain.values is None or not chain.values.any():
        return None
    return removal_effects(solved or passages(chain), chain.values)


def removal_effects(solved: Passages, gains: Floats) -> RemovalEffects:
    """Return what would be lost without each channel of what journeys yielded after each state."""
    base, without = solved.yields(gains)
    effects = np.clip(1.0 - without / base, 0.0, 1.0)
    return RemovalEffects(solved.chain.channels, base, effects)
