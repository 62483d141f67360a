"""How much credit a model gives to the wrong names, where the truth is known."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.schema import UNATTRIBUTED


@dataclass(frozen=True)
class Misallocated:
    """Two distances from the truth, parts of one.

    Parameters
    ----------
    of_won
        Part of won revenue credited to the wrong name, nobody being one of the names.
    among_channels
        The same among channels only, after both sides are scaled to what channels caused: the
        fairer figure for a model that hands out all revenue by construction.
    """

    of_won: float
    among_channels: float


def misallocated(truth: Mapping[str, float], given: Mapping[str, float]) -> Misallocated:
    """Return half the sum of absolute differences between shares: what would have to move.

    >>> told = {"Email": 0.3, "Web": 0.3, "(unattributed)": 0.4}
    >>> found = misallocated(told, {"Email": 0.5, "Web": 0.5})
    >>> round(found.of_won, 3), round(found.among_channels, 3)
    (0.4, 0.0)
    """
    names = {*truth, *given}
    of_won = sum(abs(truth.get(name, 0.0) - given.get(name, 0.0)) for name in names)
    channels = names - {UNATTRIBUTED}
    caused = sum(truth.get(name, 0.0) for name in channels) or 1.0
    credited = sum(given.get(name, 0.0) for name in channels) or 1.0
    among = sum(
        abs(truth.get(name, 0.0) / caused - given.get(name, 0.0) / credited) for name in channels
    )
    return Misallocated(of_won / 2, among / 2)
