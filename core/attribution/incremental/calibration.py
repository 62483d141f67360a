"""Fit once more with what experiments found as prior knowledge of some channels."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.attribution.incremental.credit import Wins, deal_shares
from core.attribution.incremental.fit import Penalty, maximise
from core.attribution.incremental.lift import LiftTest, prior_of
from core.attribution.incremental.likelihood import Coefficients
from core.attribution.incremental.selection import EFFECT_PRECISION, Choice, Standing


def calibrated(
    choice: Choice, wins: Wins, channels: Sequence[str], tests: Sequence[LiftTest]
) -> Choice:
    """Return the fit with the priors that lift tests give.

    Half-lives and the likeliest link are kept.

    Parameters
    ----------
    choice
        The fit without tests.
    wins
        Each won deal at its win, from which the lift of an effect follows.
    channels
        Names, in the order of the effects.
    tests
        Results of experiments; those of other channels are passed over.
    """
    estimate = choice.estimate
    fitted = estimate.coefficients
    middle = np.zeros(len(channels))
    precision = np.full(len(channels), EFFECT_PRECISION)
    for test in tests:
        if test.channel not in channels:
            continue
        place = list(channels).index(test.channel)

        def lift_at(effect: float, place: int = place) -> float:
            effects = fitted.effects.copy()
            effects[place] = effect
            moved = Coefficients(fitted.baseline, effects)
            return float(deal_shares(wins, estimate.link, moved).without[:, place].mean())

        middle[place], precision[place] = prior_of(test, lift_at)
    penalty = Penalty(choice.panel.precision, precision, middle)
    design = choice.panel.design(choice.blends)
    told = maximise(design, estimate.link, penalty, fitted)
    return replace(choice, estimate=told, standing=(Standing(1.0, told),), penalty=penalty)
