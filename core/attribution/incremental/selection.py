"""Choose by likelihood how effects combine and how fast the touches of each channel fade."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.attribution.incremental.decay import HALF_LIVES_DAYS
from core.attribution.incremental.fit import Estimate, Penalty, maximise
from core.attribution.incremental.likelihood import Coefficients, Design
from core.attribution.incremental.links import LINKS, Additive, Floats, Link
from core.attribution.incremental.panel import Panel

TYPICAL_HALF_LIFE_DAYS: Final = 28.0
"""Where the prior of half-lives is centred: four weeks, between ad clicks and events."""

_FIRST_EFFECT: Final = 0.1
_EFFECT_PRECISION: Final = 0.05
_SWEEPS: Final = 1
_DOUBLINGS_SPREAD: Final = 0.7  # most half-lives lie within a factor of two


@dataclass(frozen=True)
class Choice:
    """A fitted model with everything that was chosen on the way.

    Parameters
    ----------
    panel
        The rows it was fitted to.
    half_lives_days
        One for each channel.
    estimate
        The fit, which holds its link.
    support
        Log likelihood of each link less the best, at the half-lives chosen.
    """

    panel: Panel
    half_lives_days: Floats
    estimate: Estimate
    support: dict[str, float]

    @property
    def penalty(self) -> Penalty:
        """Return the prior the estimate was made with."""
        return _penalty(self.panel)


def choose(panel: Panel) -> Choice:
    """Fit the model whose parts the likelihood supports best: half-lives first, then the link."""
    half_lives = np.full(panel.lags.shape[1], TYPICAL_HALF_LIFE_DAYS)
    estimate = fit(panel, half_lives, Additive())
    half_lives = _own_half_lives(panel, estimate)
    fits = {
        name: fit(panel, half_lives, link, estimate.coefficients) for name, link in LINKS.items()
    }
    best = max(fits.values(), key=lambda one: one.objective)
    if best.link.name != Additive().name:
        half_lives = _own_half_lives(panel, best)
        best = fit(panel, half_lives, best.link, best.coefficients)
    support = {name: one.objective - best.objective for name, one in fits.items()}
    return Choice(panel, half_lives, best, support)


def fit(
    panel: Panel, half_lives_days: Floats, link: Link, start: Coefficients | None = None
) -> Estimate:
    """Fit one model: a link and half-lives given."""
    design = panel.design(half_lives_days)
    return maximise(design, link, _penalty(panel), start or _start(design))


def _penalty(panel: Panel) -> Penalty:
    return Penalty(panel.precision, _EFFECT_PRECISION)


def _start(design: Design) -> Coefficients:
    baseline = np.zeros(design.baseline.shape[1])
    baseline[0] = np.log(design.events.sum() / design.days.sum())
    return Coefficients(baseline, np.full(design.stock.shape[1], _FIRST_EFFECT))


def _own_half_lives(panel: Panel, estimate: Estimate) -> Floats:
    """Let each channel leave the typical half-life, where the likelihood outweighs the prior.

    The baseline is held while half-lives move, which makes a step cheap; the fit that follows
    sets it free again.
    """
    channels = panel.lags.shape[1]
    half_lives = np.full(channels, TYPICAL_HALF_LIFE_DAYS)
    by_channel = [panel.lags.of_channel(channel) for channel in range(channels)]
    faded = [
        {days: lags.stock(np.array([days]))[:, 0] for days in HALF_LIVES_DAYS}
        for lags in by_channel
    ]
    stock = panel.design(half_lives).stock
    held = _held(panel, estimate)
    at = Coefficients(np.zeros(1), estimate.coefficients.effects)
    penalty = Penalty(np.zeros(1), _EFFECT_PRECISION)
    for _ in range(_SWEEPS):
        before = half_lives.copy()
        for channel in range(channels):
            scores = {}
            for days in HALF_LIVES_DAYS:
                stock[:, channel] = faded[channel][days]
                tried = maximise(held.with_stock(stock), estimate.link, penalty, at, steps=4)
                scores[days] = tried.objective - _distance(days)
            half_lives[channel] = max(scores, key=lambda days: scores[days])
            stock[:, channel] = faded[channel][half_lives[channel]]
        if np.array_equal(before, half_lives):
            break
    return half_lives


def _distance(days: float) -> float:
    return 0.5 * (math.log2(days / TYPICAL_HALF_LIFE_DAYS) / _DOUBLINGS_SPREAD) ** 2


def _held(panel: Panel, estimate: Estimate) -> Design:
    """Return rows whose baseline is fixed but for its level."""
    rows = panel.days.size
    return Design(
        np.ones((rows, 1)),
        np.zeros((rows, panel.lags.shape[1])),
        panel.days,
        panel.won,
        panel.baseline @ estimate.coefficients.baseline,
    )
