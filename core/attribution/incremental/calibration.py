"""Fit once more with what experiments found as prior knowledge of some channels."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from core.attribution.incremental.credit import Wins, deal_shares
from core.attribution.incremental.fit import Penalty, maximise
from core.attribution.incremental.lift import LiftTest, prior_of
from core.attribution.incremental.likelihood import Coefficients, Design
from core.attribution.incremental.selection import EFFECT_PRECISION, Choice, Standing


def calibrated(
    choice: Choice, wins: Wins, channels: Sequence[str], tests: Sequence[LiftTest]
) -> Choice:
    """Return the fits with the priors that lift tests give.

    Half-lives are kept, and so is how likely each link is: that is what observation says.

    Parameters
    ----------
    choice
        The fits without tests.
    wins
        Each won deal at its win, from which the lift of an effect follows.
    channels
        Names, in the order of the effects.
    tests
        Results of experiments; those of other channels are passed over.
    """
    design = choice.panel.design(choice.blends)
    places = {list(channels).index(one.channel): one for one in tests if one.channel in channels}
    standing = tuple(_told(one, design, wins, places) for one in choice.standing)
    return replace(choice, estimate=standing[0].estimate, standing=standing)


def _told(link: Standing, design: Design, wins: Wins, tests: Mapping[int, LiftTest]) -> Standing:
    """Fit one link once more, each tested effect held near the one that gives the lift."""
    fitted = link.estimate.coefficients
    middle = np.zeros(fitted.effects.size)
    precision = np.full(fitted.effects.size, EFFECT_PRECISION)
    for place, test in tests.items():

        def lift_at(effect: float, place: int = place) -> float:
            effects = fitted.effects.copy()
            effects[place] = effect
            moved = Coefficients(fitted.baseline, effects)
            return float(deal_shares(wins, link.estimate.link, moved).without[:, place].mean())

        middle[place], precision[place] = prior_of(test, lift_at)
    penalty = Penalty(link.penalty.baseline, precision, middle)
    return Standing(link.weight, maximise(design, link.estimate.link, penalty, fitted), penalty)
