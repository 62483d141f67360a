"""Absorbing chains: how often a journey passes each state, with every channel and without each.

With Q the probabilities between states and a the shares of journeys that start in each, a journey
passes the states v = a (I - Q)^-1 times. Without channel c the states S that contain it are struck
out, which leaves v - v_S (N_SS)^-1 N_S passes, where N = (I - Q)^-1. What a journey yields is the
sum over states of passes times the yield right after the state.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.attribution.chains import Chain
from core.attribution.paths import Codes, Floats, summed
from core.errors import DataError

DENSE_STATES: Final = 100
"""Up to here the matrix is inverted; beyond, a sparse system is solved for each channel.

The inverse of some hundred states keeps the threads of the linear algebra library busy waiting.
"""

TOLERANCE: Final = 1e-12
"""Largest error of a sparse solution, as a part of the conversion rate."""

_MAX_ROUNDS: Final = 500
_MAX_STEPS: Final = 100_000


@dataclass(frozen=True, eq=False)
class Passages:
    """How often a journey passes each state.

    Parameters
    ----------
    chain
        The chain.
    whole
        Passes of each state by a journey that may meet every channel.
    without
        One row a channel: passes of each state before the journey meets that channel.
    """

    chain: Chain
    whole: Floats
    without: Floats

    def yields(self, gains: Floats) -> tuple[float, Floats]:
        """Return what a journey yields, and what it yields without each channel.

        Parameters
        ----------
        gains
            What journeys yielded right after each state, in total.
        """
        gain = gains / self.chain.visits
        without: Floats = np.einsum("cs,s->c", self.without, gain)
        return float(np.einsum("s,s->", self.whole, gain)), without


def passages(chain: Chain) -> Passages:
    """Solve a chain: how often a journey passes each state, and how often without each channel.

    Raises
    ------
    DataError
        If the system of a very large chain did not settle.
    """
    return _dense(chain) if len(chain.visits) <= DENSE_STATES else _sparse(chain)


def _dense(chain: Chain) -> Passages:
    matrix = np.eye(len(chain.visits))
    matrix[chain.sources, chain.targets] -= chain.moves / chain.visits[chain.sources]
    inverse = np.linalg.inv(matrix)
    whole = chain.entries / chain.journeys @ inverse
    without = np.tile(whole, (len(chain.channels), 1))
    for channel, inside in enumerate(chain.contains.T):
        states = np.flatnonzero(inside)
        met = np.linalg.solve(inverse[np.ix_(states, states)].T, whole[states])
        without[channel] -= met @ inverse[states]
        without[channel, states] = 0.0
    return Passages(chain, whole, without)


def _sparse(chain: Chain) -> Passages:
    system = _System.of(chain)
    without = np.zeros((len(chain.channels), len(chain.visits)))
    for channel, inside in enumerate(chain.contains.T):
        without[channel, ~inside] = system.restricted(~inside).solution()
    return Passages(chain, system.solution(), without)


@dataclass(frozen=True, eq=False)
class _System:
    """v = a + v Q, the passes of each state; ``limit`` bounds the sum of errors in passes."""

    sources: Codes
    targets: Codes
    shares: Floats
    start: Floats
    limit: float

    @classmethod
    def of(cls, chain: Chain) -> "_System":
        rate = float(chain.conversions.sum()) / chain.journeys
        return cls(
            chain.sources,
            chain.targets,
            chain.moves / chain.visits[chain.sources],
            chain.entries / chain.journeys,
            TOLERANCE * (rate or 1.0),
        )

    def restricted(self, kept: npt.NDArray[np.bool_]) -> "_System":
        """Strike out states; a journey that reaches one of them ends there."""
        number = np.cumsum(kept) - 1
        stays = kept[self.sources] & kept[self.targets]
        return _System(
            number[self.sources[stays]],
            number[self.targets[stays]],
            self.shares[stays],
            self.start[kept],
            self.limit,
        )

    def solution(self) -> Floats:
        """Return the passes v.

        With r what is left of a + v Q - v, the error of a yield is the sum of r times the yield
        from each state on; the yield of conversions is at most 1, so |r| summed bounds it.
        """
        if not self.start.any():
            return self.start
        found = self._by_gradients()
        return self._by_steps() if found is None else found

    def _follow(self, passes: Floats) -> Floats:
        """Return v Q: where journeys are one touch later."""
        return summed(self.targets, self.shares * passes[self.sources], len(passes))

    def _by_gradients(self) -> Floats | None:
        """Stabilised bi-conjugate gradients; None when they break down, which is rare."""
        x = self.start.copy()
        residual = shadow = self._follow(x)
        rho = alpha = omega = 1.0
        direction = image = np.zeros_like(x)
        for _ in range(_MAX_ROUNDS):
            if float(np.abs(residual).sum()) <= self.limit:
                left = self.start - x + self._follow(x)
                return x if float(np.abs(left).sum()) <= 2 * self.limit else None
            previous, rho = rho, _dot(shadow, residual)
            if rho == 0.0 or omega == 0.0:
                return None
            direction = residual + rho / previous * alpha / omega * (direction - omega * image)
            image = direction - self._follow(direction)
            alpha = rho / _dot(shadow, image)
            half = residual - alpha * image
            change = half - self._follow(half)
            size = _dot(change, change)
            omega = _dot(change, half) / size if size else 0.0
            x = x + alpha * direction + omega * half
            residual = half - omega * change
        return None

    def _by_steps(self) -> Floats:
        """Follow the journeys touch by touch until next to none is on its way any more."""
        passes, arriving = self.start.copy(), self.start
        for _ in range(_MAX_STEPS):
            arriving = self._follow(arriving)
            passes = passes + arriving
            if float(arriving.sum()) <= self.limit:
                return passes
        raise DataError(
            "The Markov model of this data could not be solved to full precision.",
            "Choose a lower order, or leave out journeys with thousands of touches.",
        )


def _dot(left: Floats, right: Floats) -> float:
    """Return the inner product; not through the linear algebra library, whose threads wait."""
    return float(np.einsum("i,i->", left, right))
