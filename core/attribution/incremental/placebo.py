"""A placebo for each channel: whether it comes before losses as it comes before wins.

A touch that makes companies buy does not make them decline. A channel whose touches gather
before losses too comes because a decision is near, whatever the decision; its touches before
wins prove nothing then.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.attribution.incremental.fit import Penalty, maximise
from core.attribution.incremental.likelihood import Coefficients, Design
from core.attribution.incremental.links import Floats, Multiplicative
from core.attribution.incremental.panel import Panel

PLACEBO_HALF_LIFE_DAYS: Final = 10.0
LEAST_Z: Final = 3.0
LEAST_PART_OF_WINS: Final = 0.25
LEAST_BEFORE_LOSSES: Final = 0.5
"""What a fresh touch has to add to the log hazard of losing: less is no reason to doubt a channel,
however many deals there are to tell it from nothing."""

_PRECISION: Final = 0.1


@dataclass(frozen=True)
class Placebo:
    """What each channel's fresh touches add to the log hazard of winning and of losing.

    Parameters
    ----------
    channels
        Names, in order.
    before_wins, before_losses
        Coefficients.
    z
        Coefficient before losses over its standard error.
    """

    channels: tuple[str, ...]
    before_wins: Floats
    before_losses: Floats
    z: Floats

    @property
    def harvesters(self) -> frozenset[str]:
        """Channels that gather before losses: clearly, and not much less than before wins."""
        enough = np.maximum(LEAST_PART_OF_WINS * self.before_wins, LEAST_BEFORE_LOSSES)
        late = (self.z > LEAST_Z) & (self.before_losses > enough)
        return frozenset(n for n, one in zip(self.channels, late, strict=True) if one)


def placebo(panel: Panel, channels: tuple[str, ...]) -> Placebo:
    """Estimate what fresh touches tell about wins and about losses."""
    wins, _ = _signed(panel)
    losses, error = _signed(panel.of_losses())
    return Placebo(channels, wins, losses, losses / error)


def _signed(panel: Panel) -> tuple[Floats, Floats]:
    """Return coefficients that may be negative, and their standard errors."""
    channels = panel.lags.shape[1]
    fresh = panel.lags.stock(np.full(channels, PLACEBO_HALF_LIFE_DAYS))
    # touches so far would hide a channel whose first touch is already the last
    told = ~panel.own_exposure
    covariates = np.concatenate([panel.baseline[:, told], fresh], axis=1)
    design = Design(covariates, np.zeros((panel.days.size, 0)), panel.days, panel.won)
    level = np.zeros(covariates.shape[1])
    level[0] = np.log((panel.won.sum() + 0.5) / panel.days.sum())
    penalty = Penalty(np.concatenate([panel.precision[told], np.full(channels, _PRECISION)]))
    estimate = maximise(design, Multiplicative(), penalty, Coefficients(level, np.zeros(0)))
    spread = np.sqrt(np.diag(np.linalg.pinv(estimate.information)))
    first = int(told.sum())
    return estimate.coefficients.baseline[first:], spread[first:]
