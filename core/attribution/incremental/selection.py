"""Choose by likelihood how effects combine and how fast the touches of each channel fade."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.attribution.incremental.decay import HALF_LIVES_DAYS
from core.attribution.incremental.fit import Estimate, Penalty, maximise
from core.attribution.incremental.likelihood import Coefficients, Design
from core.attribution.incremental.links import LINKS, Compounding, Floats
from core.attribution.incremental.panel import Panel

TYPICAL_HALF_LIFE_DAYS: Final = 28.0
"""Where the prior of half-lives is centred: four weeks, between ad clicks and events."""

_FIRST_EFFECT: Final = 0.1
EFFECT_PRECISION: Final = 0.05
"""Precision of the prior of an effect around 0: so weak that it only keeps estimates finite."""
_HELD: Final = 1e6  # a precision that leaves no room
_ROUNDS: Final = 2
_DOUBLINGS_SPREAD: Final = 0.35  # long half-lives also fit who is reached, so data have to insist
_FEWEST_OF_EFFECT: Final = 1e-3
_IN_BETWEEN: Final = 3.0  # log units by which a link that lies between two plain ones has to win


_LEAST_WEIGHT: Final = 0.02  # a link less likely than that moves no share by a point


@dataclass(frozen=True)
class Standing:
    """A link the data leave standing: how likely it is among the others, its fit, its prior."""

    weight: float
    estimate: Estimate
    penalty: Penalty


@dataclass(frozen=True)
class Choice:
    """A fitted model with everything that was chosen on the way.

    Parameters
    ----------
    panel
        The rows it was fitted to.
    blends
        How the touches of each channel fade: weights of `HALF_LIVES_DAYS`, a row for each.
    estimate
        The fit of the likeliest link, which it holds.
    standing
        All links that are left, the likeliest first; their weights sum to 1.
    support
        Log likelihood of each link less the best, at the blends chosen.
    """

    panel: Panel
    blends: Floats
    estimate: Estimate
    standing: tuple[Standing, ...]
    support: dict[str, float]

    @property
    def half_lives_days(self) -> Floats:
        """Return one half-life for each channel that stands for its blend."""
        middle: Floats = np.exp2(self.blends @ np.log2(HALF_LIVES_DAYS))
        return middle


def choose(panel: Panel) -> Choice:
    """Fit the model whose parts the likelihood supports best: links, then half-lives, in turns.

    Links at which more touches add less have two peaks: one with large effects, and one where
    what is known of the deal explains all and touches nothing. So every link climbs from the
    effects it has when touches explain what they can first.
    """
    blends = typical_blends(panel.lags.shape[1])
    design = panel.design(blends)
    first = replace(_penalty(panel), baseline=_touches_first(panel))
    alike = dict.fromkeys(LINKS, _start(design))
    fits = _fits(design, _penalty(panel), _reached(_fits(design, first, alike)))
    for _ in range(_ROUNDS):
        blends = _blends(panel, blends, _best(fits))
        fits = _fits(panel.design(blends), _penalty(panel), _reached(fits))
    best = _best(fits)
    support = {name: _supported(one) - _supported(best) for name, one in fits.items()}
    return Choice(panel, blends, best, _standing(fits.values(), _penalty(panel)), support)


def typical_blends(channels: int) -> Floats:
    """Return what is taken for granted before data speak: one half-life for every channel."""
    blend = [float(days == TYPICAL_HALF_LIFE_DAYS) for days in HALF_LIVES_DAYS]
    return np.tile(blend, (channels, 1))


def _fits(
    design: Design, penalty: Penalty, starts: Mapping[str, Coefficients]
) -> dict[str, Estimate]:
    return {name: maximise(design, link, penalty, starts[name]) for name, link in LINKS.items()}


def _reached(fits: Mapping[str, Estimate]) -> dict[str, Coefficients]:
    return {name: one.coefficients for name, one in fits.items()}


def _best(fits: Mapping[str, Estimate]) -> Estimate:
    return max(fits.values(), key=_supported)


def _standing(fits: Iterable[Estimate], penalty: Penalty) -> tuple[Standing, ...]:
    """Weigh links by how likely each is: which of two that do as well is best is chance."""
    ranked = sorted(fits, key=_supported, reverse=True)
    likely = np.exp([_supported(one) - _supported(ranked[0]) for one in ranked])
    likely[likely < _LEAST_WEIGHT * likely.sum()] = 0.0
    weights = (likely / likely.sum()).tolist()
    return tuple(
        Standing(weight, one, penalty)
        for weight, one in zip(weights, ranked, strict=True)
        if weight > 0.0
    )


def _touches_first(panel: Panel) -> Floats:
    """Return precisions under which who is reached explains next to nothing."""
    return np.where(panel.own_exposure, _HELD, panel.precision)


def _supported(estimate: Estimate) -> float:
    """Return the penalised log likelihood; a link between plain ones has to earn its place."""
    return estimate.objective - _IN_BETWEEN * isinstance(estimate.link, Compounding)


def _penalty(panel: Panel) -> Penalty:
    return Penalty(panel.precision, EFFECT_PRECISION)


def _start(design: Design) -> Coefficients:
    baseline = np.zeros(design.baseline.shape[1])
    baseline[0] = np.log(design.events.sum() / design.days.sum())
    return Coefficients(baseline, np.full(design.stock.shape[1], _FIRST_EFFECT))


def _blends(panel: Panel, blends: Floats, estimate: Estimate) -> Floats:
    """Let the touches of each channel fade as the likelihood says, as far as it says anything.

    The likelihood is flat in half-lives, so none is picked: each counts by how well it does,
    times its prior, times the effect it would have. The baseline is held meanwhile, which makes
    a step cheap; the fit that follows sets it free again.
    """
    blends = blends.copy()
    held = _held(panel, estimate)
    stock = panel.lags.blended(blends)
    at = Coefficients(np.zeros(1), estimate.coefficients.effects)
    penalty = Penalty(np.zeros(1), EFFECT_PRECISION)
    for channel in range(blends.shape[0]):
        lags = panel.lags.of_channel(channel)
        each = [lags.stock(np.array([days]))[:, 0] for days in HALF_LIVES_DAYS]
        scores, effects = np.zeros(len(each)), np.zeros(len(each))
        for place, left in enumerate(each):
            stock[:, channel] = left
            tried = maximise(held.with_stock(stock), estimate.link, penalty, at, steps=4)
            scores[place] = tried.objective - _distance(HALF_LIVES_DAYS[place])
            effects[place] = tried.coefficients.effects[channel]
        weight = np.exp(scores - scores.max()) * np.maximum(effects, _FEWEST_OF_EFFECT)
        blends[channel] = weight / weight.sum()
        stock[:, channel] = np.stack(each, axis=1) @ blends[channel]
    return blends


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
