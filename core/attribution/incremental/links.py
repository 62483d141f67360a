"""How the fading effects of touches combine in the hazard of winning."""

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import UnknownNameError

Floats = NDArray[np.float64]

_HIGHEST: Final = 30.0  # pressure above which a multiplicative hazard is no hazard any more


@dataclass(frozen=True)
class Response:
    """Log hazard and its slopes, row by row.

    Parameters
    ----------
    log_hazard
        Natural logarithm of the hazard a day.
    by_baseline
        Slope of the log hazard along the linear predictor of the baseline.
    by_pressure
        Slope of the log hazard along the pressure of touches.
    """

    log_hazard: Floats
    by_baseline: Floats
    by_pressure: Floats


class Link(Protocol):
    """One way in which effects combine."""

    @property
    def name(self) -> str:
        """Name in results and docs."""

    def respond(self, baseline: Floats, pressure: Floats) -> Response:
        """Return the log hazard for a baseline (log scale) and a pressure of touches (>= 0)."""


@dataclass(frozen=True)
class Additive:
    """Each touch adds the same share of the account's own baseline: ``b (1 + s)``."""

    name: str = "additive"

    def respond(self, baseline: Floats, pressure: Floats) -> Response:
        """Return the log hazard and its slopes."""
        lift = 1.0 + pressure
        return Response(baseline + np.log(lift), np.ones_like(lift), 1.0 / lift)


@dataclass(frozen=True)
class Multiplicative:
    """Each touch multiplies what is there: ``b exp(s)``."""

    name: str = "multiplicative"

    def respond(self, baseline: Floats, pressure: Floats) -> Response:
        """Return the log hazard and its slopes."""
        held = np.minimum(pressure, _HIGHEST)
        ones = np.ones_like(held)
        return Response(baseline + held, ones, np.where(pressure < _HIGHEST, ones, 0.0))


@dataclass(frozen=True)
class Compounding:
    """Between adding and multiplying: ``b (1 + s / n)^n``, 1 would add and infinity multiply.

    Parameters
    ----------
    order
        The power n.
    """

    order: float

    @property
    def name(self) -> str:
        """Name with the order, because each order is a model of its own."""
        return f"compounding_{self.order:g}"

    def respond(self, baseline: Floats, pressure: Floats) -> Response:
        """Return the log hazard and its slopes."""
        factor = 1.0 + pressure / self.order
        return Response(baseline + self.order * np.log(factor), np.ones_like(factor), 1.0 / factor)


@dataclass(frozen=True)
class Saturating:
    """More touches add less and less: ``b (1 + c (1 - exp(-s / c)))``.

    Parameters
    ----------
    ceiling
        How many baselines all touches together can add.
    """

    ceiling: float

    @property
    def name(self) -> str:
        """Name with the ceiling, because each ceiling is a model of its own."""
        return f"saturating_{self.ceiling:g}"

    def respond(self, baseline: Floats, pressure: Floats) -> Response:
        """Return the log hazard and its slopes."""
        slope = np.exp(-pressure / self.ceiling)
        lift = 1.0 + self.ceiling * (1.0 - slope)
        return Response(baseline + np.log(lift), np.ones_like(lift), slope / lift)


LINKS: Final[dict[str, Link]] = {
    link.name: link
    for link in (
        Additive(), Compounding(2.0), Compounding(4.0), Multiplicative(), Saturating(3.0),
        Saturating(8.0),
    )
}  # fmt: skip


def link(name: str) -> Link:
    """Return a link by name.

    Raises
    ------
    UnknownNameError
        If there is no such link.
    """
    if name not in LINKS:
        raise UnknownNameError.among("link", name, LINKS)
    return LINKS[name]
