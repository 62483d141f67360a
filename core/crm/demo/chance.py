"""Random numbers that belong to events, not to the order in which they are drawn.

A draw is a function of the seed, a name and the keys of the event it decides (a deal, a channel,
the third touch). Replaying a world without one channel therefore leaves every other draw as it
was, and a difference between the two worlds is an effect and never luck.

The mixing function is the finaliser of SplitMix64 (Steele, Lea and Flood, 2014).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_MOST: Final = 400  # events a Poisson draw can reach; rates here stay far below


@dataclass(frozen=True)
class Chance:
    """The source of every draw of one company.

    Parameters
    ----------
    seed
        Decides everything.

    >>> chance = Chance(7)
    >>> both = chance.uniform("skill", [1, 2])
    >>> bool(both[1] == chance.uniform("skill", [2])[0])
    True
    """

    seed: int

    def uniform(self, name: str, *keys: ArrayLike) -> Floats:
        """Draw from the open interval (0, 1), one number for each combination of keys."""
        digest = hashlib.blake2b(f"{self.seed}/{name}".encode(), digest_size=8).digest()
        state = np.array([int.from_bytes(digest, "little")], dtype=np.uint64)
        for key in keys:
            state = _mixed(state ^ (np.atleast_1d(key).astype(np.uint64) * _STEP + _STEP))
        numbers: Floats = ((_mixed(state) >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
        return numbers

    def normal(self, name: str, *keys: ArrayLike) -> Floats:
        """Draw from the standard normal distribution (Box and Muller, 1958)."""
        radius = np.sqrt(-2.0 * np.log(self.uniform(f"{name}/radius", *keys)))
        numbers: Floats = radius * np.cos(2.0 * np.pi * self.uniform(f"{name}/angle", *keys))
        return numbers

    def exponential(self, name: str, *keys: ArrayLike) -> Floats:
        """Draw waiting times with mean 1."""
        numbers: Floats = -np.log(self.uniform(name, *keys))
        return numbers

    def below(self, name: str, limit: ArrayLike, *keys: ArrayLike) -> Ints:
        """Draw whole numbers from 0 up to but not including a limit."""
        numbers: Ints = np.floor(self.uniform(name, *keys) * np.asarray(limit)).astype(np.int64)
        return numbers

    def pick(self, name: str, weights: Sequence[float] | Floats, *keys: ArrayLike) -> Ints:
        """Draw positions in proportion to weights."""
        share = np.cumsum(np.asarray(weights, dtype=np.float64))
        drawn: Ints = np.searchsorted(share / share[-1], self.uniform(name, *keys)).astype(np.int64)
        return drawn

    def poisson(self, name: str, rate: Floats, *keys: ArrayLike) -> Ints:
        """Draw counts by inverting the distribution, so that a higher rate never means fewer."""
        drawn = np.broadcast_to(self.uniform(name, *keys), rate.shape).ravel()
        flat = rate.ravel()
        counts = np.zeros(flat.size, dtype=np.int64)
        term = np.exp(-flat)
        reached, going = term, np.arange(flat.size)
        for number in range(1, _MOST):
            further = drawn[going] > reached  # few go on: each step looks at those only
            going, term, reached = going[further], term[further], reached[further]
            if not going.size:
                break
            counts[going] = number
            term = term * flat[going] / number
            reached = reached + term
        return counts.reshape(rate.shape)


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    state = (state ^ (state >> np.uint64(30))) * _FIRST
    state = (state ^ (state >> np.uint64(27))) * _SECOND
    mixed: NDArray[np.uint64] = state ^ (state >> np.uint64(31))
    return mixed
