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
        Precision of a normal prior for every effect, or one for each.
    middle
        Centre of the prior of each effect; 0 for all where none is given.
    """

    baseline: Floats
    effects: float | Floats = 0.0
    middle: Floats | None = None

    def prior(self, channels: int) -> "Prior":
        """Return the prior of each coefficient."""
        middle = np.zeros(channels) if self.middle is None else self.middle
        return Prior(
            np.concatenate([self.baseline, np.broadcast_to(self.effects, channels)]),
            np.concatenate([np.zeros_like(self.baseline), middle]),
        )


@dataclass(frozen=True)
class Prior:
    """A normal prior of each coefficient."""

    precision: Floats
    middle: Floats

    def pull(self, at: Coefficients) -> Floats:
        """Return the slope of the prior: how hard it pulls each coefficient back."""
        slope: Floats = self.precision * (at.joined() - self.middle)
        return slope

    def cost(self, at: Coefficients) -> float:
        """Return what the coefficients cost in log likelihood."""
        return 0.5 * float(self.precision @ (at.joined() - self.middle) ** 2)


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
    prior = penalty.prior(start.effects.size)
    at = start
    here = _penalised(slope(design, link, at), at, prior)
    for _ in range(steps):
        step = bounded_step(here.information, here.score, at)
        at, there = _climb((design, link, prior), at, step, here)
        gained = there.value - here.value
        here = there
        if gained <= _TOLERANCE:
            break
    return Estimate(link, at, here.value, here.value + prior.cost(at), here.information)


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
    model: tuple[Design, Link, Prior], at: Coefficients, step: Floats, here: Slope
) -> tuple[Coefficients, Slope]:
    design, link, prior = model
    for halving in range(_HALVINGS):
        moved = at.moved(step * 0.5**halving)
        there = _penalised(slope(design, link, moved), moved, prior)
        if there.value >= here.value:
            return moved, there
    return at, here


def _penalised(raw: Slope, at: Coefficients, prior: Prior) -> Slope:
    return Slope(
        raw.value - prior.cost(at),
        raw.score - prior.pull(at),
        raw.information + np.diag(prior.precision),
    )
