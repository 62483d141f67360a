"""Signal: whether a data-driven split is more than what shuffled outcomes would give as well.

The outcomes are dealt out anew at random among the same journeys. A model whose credits lie inside
the band of shuffled data tells nothing about what works: its ranking is the traffic's.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from core.attribution.absorption import passages
from core.attribution.chains import Chain
from core.attribution.data_driven import Game
from core.attribution.paths import Floats, PathCounts
from core.errors import EmptyWorkspaceError, InvalidParameterError

FALSE_ALARM: Final = 0.01
"""How often shuffled outcomes may be taken for a signal; below the 5 % that is promised."""

_SHUFFLES: Final = 199
_STILL: Final = 1e-12
"""Below this a share does not move at all when outcomes are shuffled."""


@dataclass(frozen=True)
class Signal:
    """What a permutation test says of one model.

    Parameters
    ----------
    model
        Name of the model.
    found
        Whether the outcomes depend on the channels in a way the model can see.
    p_value
        Part of shuffled data sets that differ from their mean as much as the real one does.
    frame
        One row a channel: ``channel, share, low, high``, the last two the band in which the share
        lies in 95 % of shuffled data sets.
    """

    model: str
    found: bool
    p_value: float
    frame: pl.DataFrame

    @property
    def verdict(self) -> str:
        """One sentence to show beside the model's numbers."""
        if self.found:
            return "The split differs from what shuffled outcomes give."
        return "No signal: shuffled outcomes give a split like this one."


def markov_signal(chain: Chain, seed: int, shuffles: int = _SHUFFLES) -> Signal:
    """Test whether it matters, to a Markov model, for who converts which channels were met.

    Shuffling outcomes among journeys changes nothing but the conversions after each last state,
    so the chain is solved once.

    Raises
    ------
    InvalidParameterError
        If journeys are not counted in whole numbers.
    EmptyWorkspaceError
        If no journey converted.
    """
    solved = passages(chain)
    shuffled = _shuffled(chain.ends, chain.conversions, seed, shuffles)
    gains = shuffled / chain.visits
    rates = np.einsum("rs,s->r", gains, solved.whole)
    without = np.einsum("rs,cs->rc", gains, solved.without)
    effects = np.clip(1.0 - without / rates[:, None], 0.0, 1.0)
    shares = effects / effects.sum(axis=1, keepdims=True)
    return _judged(f"markov_{chain.order}", chain.channels, shares)


def game_signal(model: Game, sets: PathCounts, seed: int, shuffles: int = _SHUFFLES) -> Signal:
    """Test a Shapley game on channel sets; raises as `markov_signal` does."""
    weights = sets.conversions + sets.nulls
    shares = []
    for conversions in _shuffled(weights, sets.conversions, seed, shuffles):
        dealt = replace(sets, conversions=conversions, nulls=weights - conversions, values=None)
        credit = model.of_sets(dealt).conversions
        shares.append(credit / credit.sum())
    return _judged(model.name, sets.channels, np.array(shares))


def _shuffled(journeys: Floats, conversions: Floats, seed: int, shuffles: int) -> Floats:
    """Return the real conversions and, below, those of each shuffle of all outcomes."""
    whole = np.rint(journeys).astype(np.int64)
    won = np.rint(conversions).astype(np.int64)
    if not (np.allclose(whole, journeys) and np.allclose(won, conversions)):
        raise InvalidParameterError(
            "Outcomes can only be shuffled where journeys are counted in whole numbers.",
            "Use counts that were not weighted.",
        )
    if not won.any():
        raise EmptyWorkspaceError(
            "No journey in this data converted, so there is no outcome to shuffle.",
            "Add journeys that converted, or widen the period.",
        )
    dealt = np.random.default_rng(seed).multivariate_hypergeometric(
        whole, int(won.sum()), size=shuffles, method="marginals"
    )
    return np.vstack([won, dealt]).astype(np.float64)


def _judged(model: str, channels: tuple[str, ...], shares: Floats) -> Signal:
    """Compare the first row, the real data, with the others.

    How far a row lies from the mean of all rows, real one included, in standard deviations: under
    shuffled outcomes each row is as likely as any other to lie farthest.
    """
    spread = shares.std(axis=0)
    away = np.divide(
        shares - shares.mean(axis=0), spread, out=np.zeros_like(shares), where=spread > _STILL
    )
    distance = (away**2).sum(axis=1)
    p_value = float(np.mean(distance >= distance[0] * (1 - 1e-9)))
    low, high = np.quantile(shares[1:], [0.025, 0.975], axis=0)
    frame = pl.DataFrame({"channel": channels, "share": shares[0], "low": low, "high": high})
    return Signal(model, p_value <= FALSE_ALARM, p_value, frame)
