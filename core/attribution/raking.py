"""Raking: one weight a channel, such that splitting each deal by it gives the model's totals.

A data-driven model says what a channel earned over all deals. For every deal to add up too, each
is split over its channels in proportion to weights m_c; the weights are the ones for which the
channels sum to what the model says. They are unique up to a factor, as the minimum of the convex
function sum over sets T of V_T log(sum of m_c over c in T) - sum over c of total_c log m_c.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.attribution.paths import Floats, PathCounts

CLOSE_ENOUGH: Final = 1e-13
"""Largest difference to the model's totals, as a part of their sum."""

LARGEST_RATIO: Final = 2.0**30
"""Between the largest and the smallest weight, so that weights can be whole numbers of 2^-40."""

_MAX_ROUNDS: Final = 100
_LONGEST_STEP: Final = 4.0


@dataclass(frozen=True, eq=False)
class ChannelWeights:
    """How each deal is split over its channels.

    Parameters
    ----------
    channels
        Name of each channel.
    weights
        Above zero, the largest 1; a deal's channel gets its weight over those of the deal's
        channels.
    totals
        What the channels earn together by these weights.
    wanted
        What the model says they earn.
    """

    channels: tuple[str, ...]
    weights: Floats
    totals: Floats
    wanted: Floats

    @property
    def gap(self) -> float:
        """Part of the total that deals cannot give to the channels the model names."""
        whole = float(self.wanted.sum())
        return float(np.abs(self.totals - self.wanted).sum()) / 2 / whole if whole else 0.0


def raked(sets: PathCounts, gains: Floats, wanted: Floats) -> ChannelWeights:
    """Return the weights that split the gains of channel sets into the totals wanted.

    Where no weights can, because deals that only one channel touched exceed its total or all deals
    it touched fall short of it, the weights come as near as they can and `gap` says how near.

    Parameters
    ----------
    sets
        Channel sets, as `PathCounts.channel_sets` returns them.
    gains
        What each set earned; not negative.
    wanted
        What each channel is to get; the same sum.

    >>> sets = PathCounts.from_rows([(("A", "B"), 2, None, 0), (("B",), 1, None, 0)])
    >>> import numpy as np
    >>> found = raked(sets, sets.conversions, np.array([1.5, 1.5]))
    >>> (found.weights / found.weights[1]).round(6).tolist(), found.gap < 1e-9
    ([3.0, 1.0], True)
    """
    kept = gains > 0
    if not kept.any():
        return ChannelWeights(
            sets.channels, np.ones(len(wanted)), np.zeros(len(wanted)), np.zeros(len(wanted))
        )
    whole = float(gains.sum())
    problem = _Problem(_membership(sets)[kept], gains[kept] / whole, wanted / wanted.sum())
    logs = np.zeros(len(wanted))
    for _ in range(_MAX_ROUNDS):
        if problem.distance(logs) <= CLOSE_ENOUGH:
            break
        before, logs = logs, problem.improved(logs)
        if np.array_equal(before, logs):
            break
    totals = problem.parts(logs).sum(axis=0) * whole
    return ChannelWeights(sets.channels, np.exp(logs - logs.max()), totals, problem.wanted * whole)


@dataclass(frozen=True, eq=False)
class _Problem:
    """The convex problem in logarithms of weights; gains and totals wanted sum to 1."""

    members: npt.NDArray[np.bool_]
    gains: Floats
    wanted: Floats

    def parts(self, logs: Floats) -> Floats:
        """Return what each set (row) gives to each channel (column)."""
        weights = np.where(self.members, np.exp(logs - logs.max()), 0.0)
        parts: Floats = weights / weights.sum(axis=1, keepdims=True) * self.gains[:, None]
        return parts

    def distance(self, logs: Floats) -> float:
        """Return the largest difference to a total that a weight could still mend."""
        return float(np.abs(self.wanted - self.parts(logs).sum(axis=0)).max())

    def objective(self, logs: Floats) -> float:
        """Return the function that the weights minimise."""
        top = logs.max()
        sums = np.where(self.members, np.exp(logs - top), 0.0).sum(axis=1)
        return float(self.gains @ (np.log(sums) + top) - self.wanted @ logs)

    def improved(self, logs: Floats) -> Floats:
        """Return weights nearer to the minimum: a Newton step, or one of proportional fitting."""
        parts = self.parts(logs)
        totals = parts.sum(axis=0)
        curvature = np.diag(totals) - parts.T @ (parts / self.gains[:, None])
        step = np.linalg.lstsq(curvature, self.wanted - totals, rcond=1e-12)[0]
        step *= min(1.0, _LONGEST_STEP / max(float(np.abs(step).max()), 1e-300))
        for half in range(8):
            tried = _bounded(logs + step / 2**half)
            if self._is_better(tried, logs):
                return tried
        with np.errstate(divide="ignore", invalid="ignore"):
            fitting = np.where(totals > 0, np.log(self.wanted / totals), 0.0)
        tried = _bounded(logs + np.clip(fitting, -_LONGEST_STEP, _LONGEST_STEP))
        return tried if self._is_better(tried, logs) else logs

    def _is_better(self, tried: Floats, logs: Floats) -> bool:
        """Compare distances close to the minimum, where the function is flat to rounding."""
        if self.distance(tried) < self.distance(logs) / 2:
            return True
        return self.objective(tried) < self.objective(logs)


def _bounded(logs: Floats) -> Floats:
    shifted: Floats = np.maximum(logs - logs.max(), -np.log(LARGEST_RATIO))
    return shifted


def _membership(sets: PathCounts) -> npt.NDArray[np.bool_]:
    members = np.zeros((len(sets.conversions), len(sets.channels)), dtype=bool)
    members[sets.path_of_step, sets.steps] = True
    return members
