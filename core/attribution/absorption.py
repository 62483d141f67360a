"""Absorbing chains: what a journey yields, and what it yields without each channel.

With Q the probabilities between states, b the yield right after each state and a the shares of
journeys that start in each, a journey yields a x, where (I - Q) x = b. Without channel c the
states S that contain it yield nothing; striking them out of the system leaves
a x - v_S (N_SS)^-1 x_S, where N = (I - Q)^-1 and v is how often a journey passes each state.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.attribution.chains import Chain
from core.attribution.paths import Codes, Floats, summed
from core.errors import DataError

DENSE_STATES: Final = 400
"""Up to here the matrix is inverted; beyond, a sparse system is solved for each channel."""

TOLERANCE: Final = 1e-12
"""Largest error of a sparse solution, as a part of what a journey yields."""

_MAX_ROUNDS: Final = 500
_MAX_STEPS: Final = 100_000


def yields(chain: Chain, gains: Floats) -> tuple[float, Floats]:
    """Return what a journey yields, and what it yields without each channel.

    Parameters
    ----------
    chain
        The fitted transitions.
    gains
        What journeys yielded right after each state, in total.

    Raises
    ------
    DataError
        If the system of a very large chain did not settle.
    """
    gain = gains / chain.visits
    if len(gain) <= DENSE_STATES:
        return _dense(chain, gain)
    system = _System.of(chain, gain)
    start = chain.entries / chain.journeys
    base = _dot(start, system.solution())
    without = []
    for struck_out in chain.contains.T:
        kept = ~struck_out
        without.append(_dot(start[kept], system.restricted(kept).solution()))
    return base, np.array(without)


def _dense(chain: Chain, gain: Floats) -> tuple[float, Floats]:
    matrix = np.eye(len(gain))
    matrix[chain.sources, chain.targets] -= chain.moves / chain.visits[chain.sources]
    passages = np.linalg.inv(matrix)
    worth = passages @ gain
    start = chain.entries / chain.journeys
    visits = start @ passages
    base = float(start @ worth)
    without = np.full(len(chain.channels), base)
    for channel, inside in enumerate(chain.contains.T):
        states = np.flatnonzero(inside)
        among = passages[np.ix_(states, states)]
        without[channel] -= visits[states] @ np.linalg.solve(among, worth[states])
    return base, without


@dataclass(frozen=True, eq=False)
class _System:
    """(I - Q) x = b, with Q by rows; ``limit`` bounds the error of a x."""

    sources: Codes
    targets: Codes
    shares: Floats
    gain: Floats
    visits: Floats
    limit: float

    @classmethod
    def of(cls, chain: Chain, gain: Floats) -> "_System":
        visits = chain.visits / chain.journeys
        shares = chain.moves / chain.visits[chain.sources]
        limit = TOLERANCE * _dot(visits, gain)
        return cls(chain.sources, chain.targets, shares, gain, visits, limit)

    def restricted(self, kept: npt.NDArray[np.bool_]) -> "_System":
        """Strike out states; journeys that reach one of them yield nothing."""
        number = np.cumsum(kept) - 1
        stays = kept[self.sources] & kept[self.targets]
        return _System(
            number[self.sources[stays]],
            number[self.targets[stays]],
            self.shares[stays],
            self.gain[kept],
            self.visits[kept],
            self.limit,
        )

    def solution(self) -> Floats:
        """Return x, with an error of a x below the limit.

        The error is at most v |r|, with r the residual: striking out states only makes visits
        rarer, so the visits of the whole chain bound those of any restricted one.
        """
        if not self.gain.any():
            return self.gain
        found = self._by_gradients()
        return self._by_steps() if found is None else found

    def _follow(self, x: Floats) -> Floats:
        """Return Q x."""
        return summed(self.sources, self.shares * x[self.targets], len(x))

    def _by_gradients(self) -> Floats | None:
        """Stabilised bi-conjugate gradients; None when they break down, which is rare."""
        x = self.gain.copy()
        residual = shadow = self._follow(x)
        rho = alpha = omega = 1.0
        direction = image = np.zeros_like(x)
        for _ in range(_MAX_ROUNDS):
            if _dot(self.visits, np.abs(residual)) <= self.limit:
                true_residual = self.gain - x + self._follow(x)
                settled = _dot(self.visits, np.abs(true_residual)) <= 2 * self.limit
                return x if settled else None
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
        """Follow the journeys step by step until nothing of weight is on its way any more."""
        total, arriving = self.gain.copy(), self.gain
        for _ in range(_MAX_STEPS):
            arriving = self._follow(arriving)
            total = total + arriving
            if _dot(self.visits, arriving) <= self.limit:
                return total
        raise DataError(
            "The Markov model of this data could not be solved to full precision.",
            "Choose a lower order, or leave out journeys with thousands of touches.",
        )


def _dot(left: Floats, right: Floats) -> float:
    """Return the inner product; not through the linear algebra library, whose threads wait."""
    return float(np.einsum("i,i->", left, right))
