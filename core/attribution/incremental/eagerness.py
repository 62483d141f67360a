"""How eager each deal is, told by what its channels have in common.

Deals that want to buy are reached more, by every channel that follows interest; some are reached
more for no reason at all. Either way the counts of channels move together, and chance alone does
not make them. So the touches of channel c in a deal are taken as Poisson with mean ``expected_c
exp(loading_c . u)``, u standard normal: the loadings come from how the counts of two channels vary
together, which the noise of each leaves alone, and u from all touches so far. What u explains of
winning is explained by *who* is reached, and what is left by *when*.
"""

from typing import Final

import numpy as np

from core.attribution.incremental.decay import Ints
from core.attribution.incremental.links import Floats

FACTORS: Final = 2
"""What channels can have in common: who is reached much by all, and who by some more than by
others."""

FEWEST_CHANNELS: Final = 5
"""Channels from which two factors can be told apart: ten pairs for nine free loadings."""

_ROUNDS: Final = 300
_SCORING_STEPS: Final = 4
_LARGEST_STEP: Final = 1.0
_LARGEST_LOG: Final = 5.0
_MOST_COMMON: Final = 3.0  # a variance on the log scale that no count of touches has
_LEAST_TOGETHER: Final = -0.5
_RIDGE: Final = 1e-3


def factors_of(channels: int) -> int:
    """Return how many factors the channels of a workspace can tell apart.

    >>> [factors_of(channels) for channels in (1, 2, 3, 4, 5, 12)]
    [0, 0, 1, 1, 2, 2]
    """
    if channels >= FEWEST_CHANNELS:
        return FACTORS
    return int(channels > FACTORS)


def eagerness(touches: Floats, expected: Floats, deal: Ints) -> Floats:
    """Return where each deal stands on each factor by its touches so far, and how unsure that is.

    Only touches before a row count, so that the outcome is not in it; a young deal is nearly
    average, because few touches tell little. If winning follows ``exp(slope . u)``, a deal of which
    u is known with spread V is won as often as ``exp(slope . u + slope V slope / 2)`` says: so the
    spread belongs beside the standing.

    Parameters
    ----------
    touches
        Touches so far, rows x channels.
    expected
        Touches an average deal would have by then.
    deal
        Deal of each row, ascending; the last row of a deal tells of its whole journey.

    Returns
    -------
    Floats
        A row each: the factors, in standard deviations of deals, then their variances and
        covariances.
    """
    factors = factors_of(touches.shape[1])
    whole = np.flatnonzero(np.diff(deal, append=-1))
    loading = loadings(touches[whole], expected[whole], factors)
    standing, information = _standing(touches, expected, loading)
    spread = np.linalg.inv(information)
    told = np.triu_indices(factors)
    return np.concatenate([standing, spread[:, told[0], told[1]]], axis=1)


def loadings(touches: Floats, expected: Floats, factors: int) -> Floats:
    """Return how strongly each channel follows each factor, channels x factors.

    With log-normal rates the touches of two channels vary together by ``expected_c expected_d
    (exp(loading_c . loading_d) - 1)``. The loadings are those that come nearest to the logarithms,
    pairs that occur more often weighing more; the diagonal, which holds the noise of counts, is
    left out.
    """
    if factors == 0:
        return np.zeros((touches.shape[1], 0))
    beyond, both = touches - expected, expected.T @ expected
    ratio = (beyond.T @ beyond) / np.maximum(both, np.finfo(float).tiny)
    together = np.log1p(np.maximum(ratio, _LEAST_TOGETHER))
    weight = both / max(both.max(), np.finfo(float).tiny)
    np.fill_diagonal(weight, 0.0)
    return _refined(_principal(together, factors), together, weight)


def _principal(together: Floats, factors: int) -> Floats:
    """Return the first factors of a matrix whose diagonal they have to fill themselves."""
    whole = together.copy()
    loading = np.zeros((whole.shape[0], factors))
    for _ in range(_ROUNDS):
        values, vectors = np.linalg.eigh(whole)
        loading = vectors[:, ::-1][:, :factors] * np.sqrt(np.maximum(values[::-1][:factors], 0.0))
        np.fill_diagonal(whole, np.minimum((loading**2).sum(axis=1), _MOST_COMMON))
    return loading


def _refined(loading: Floats, together: Floats, weight: Floats) -> Floats:
    """Move each channel in turn half of the way to where it fits the others best."""
    ridge = _RIDGE * np.eye(loading.shape[1])
    met = weight.sum(axis=1) > 0.0
    loading[~met] = 0.0  # what meets no other channel has nothing in common with any
    for _ in range(_ROUNDS):
        for channel in np.flatnonzero(met):
            near = weight[channel]
            others = loading * near[:, None]
            best = np.linalg.solve(
                others.T @ loading + ridge * near.sum(), others.T @ together[channel]
            )
            loading[channel] = 0.5 * (loading[channel] + best)
    return loading


def _standing(touches: Floats, expected: Floats, loading: Floats) -> tuple[Floats, Floats]:
    """Return the most likely factors of each row, and what its touches tell of them.

    A few steps of Fisher scoring from the average deal.
    """
    factors = loading.shape[1]
    outer = loading[:, :, None] * loading[:, None, :]
    at = np.zeros((touches.shape[0], factors))
    information = np.tile(np.eye(factors), (touches.shape[0], 1, 1))
    for _ in range(_SCORING_STEPS):
        would = expected * np.exp(np.clip(at @ loading.T, -_LARGEST_LOG, _LARGEST_LOG))
        information = np.tensordot(would, outer, 1) + np.eye(factors)
        score = (touches - would) @ loading - at
        step = np.linalg.solve(information, score[:, :, None])[:, :, 0]
        at = at + np.clip(step, -_LARGEST_STEP, _LARGEST_STEP)
    return at, information
