"""Estimate a hazard whose channel effects cannot be negative: projected Fisher scoring."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.attribution.incremental.likelihood import Coefficients, Design, Slope, slope
from core.attribution.incremental.links import Floats, Link

_STEPS: Final = 60
_HALVINGS: Final = 12
_TOLERANCE: Final = 1e-5
_INWARD: Final = 1e-10


@dataclass(frozen=True)
class Penalty:
    """Shrinkage that keeps an estimate finite where data are silent.

    Parameters
    ----------
    baseline
        Precision of a normal prior around 0 for each covariate; 0 for none.
    effects
        Precision of a normal prior around 0 for every effect.
    """

    baseline: Floats
    effects: float = 0.0

    def precision(self, channels: int) -> Floats:
        """Return one precision for each coefficient."""
        return np.concatenate([self.baseline, np.full(channels, self.effects)])


@dataclass(frozen=True)
class Estimate:
    """A fitted hazard: coefficients, their penalised log likelihood and expected information."""

    link: Link
    coefficients: Coefficients
    objective: float
    log_likelihood: float
    information: Floats


def maximise(
    design: Design, link: Link, penalty: Penalty, start: Coefficients, steps: int = _STEPS
) -> Estimate:
    """Climb to the highest penalised likelihood with no effect below zero."""
    precision = penalty.precision(start.effects.size)
    at = start
    here = _penalised(slope(design, link, at), at, precision)
    for _ in range(steps):
        step = bounded_step(here.information, here.score, at)
        at, there = _climb(design, link, at, step, here, precision)
        gained = there.value - here.value
        here = there
        if gained <= _TOLERANCE:
            break
    joined = at.joined()
    prior = 0.5 * float(precision @ joined**2)
    return Estimate(link, at, here.value, here.value + prior, here.information)


def bounded_step(information: Floats, score: Floats, at: Coefficients) -> Floats:
    """Solve the quadratic model of the likelihood with effects kept at or above zero.

    An active set: effects that want to leave through zero are pinned there, pinned ones whose
    slope points inward are set free again, until neither happens.
    """
    cut = at.baseline.size
    floor = np.concatenate([np.full(cut, -np.inf), -at.effects])
    pinned = (floor == 0.0) & (score <= 0.0)
    step = np.zeros_like(score)
    for _ in range(4 * score.size):
        step = np.where(pinned, floor, 0.0)
        free = ~pinned
        target = score[free] - information[np.ix_(free, pinned)] @ step[pinned]
        step[free] = _solve(information[np.ix_(free, free)], target)
        below = free & (step < floor)
        if below.any():
            pinned |= below
            continue
        pull = score - information @ step
        inward = pinned & (pull > _INWARD)
        if not inward.any():
            break
        pinned[np.argmax(np.where(inward, pull, -np.inf))] = False
    bounded: Floats = np.maximum(step, floor)
    return bounded


def _solve(matrix: Floats, target: Floats) -> Floats:
    size = matrix.shape[0]
    if size == 0:
        return target
    ridge = 1e-9 * np.trace(matrix) / size + 1e-12
    solved: Floats = np.linalg.solve(matrix + ridge * np.eye(size), target)
    return solved


def _climb(
    design: Design, link: Link, at: Coefficients, step: Floats, here: Slope, precision: Floats
) -> tuple[Coefficients, Slope]:
    for halving in range(_HALVINGS):
        moved = at.moved(step * 0.5**halving)
        there = _penalised(slope(design, link, moved), moved, precision)
        if there.value >= here.value:
            return moved, there
    return at, here


def _penalised(raw: Slope, at: Coefficients, precision: Floats) -> Slope:
    joined = at.joined()
    return Slope(
        raw.value - 0.5 * float(precision @ joined**2),
        raw.score - precision * joined,
        raw.information + np.diag(precision),
    )
