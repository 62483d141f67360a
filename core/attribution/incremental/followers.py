"""Channels that follow: whose touches come because others have made a purchase likelier.

Those who are close to buying search for the brand and are shown the advertisement once more. Such
touches gather before wins without causing them but, unlike those that come with every decision,
not before losses. What gives them away is that they come more often after touches of any other
channel that works, in the measure in which it works; a channel that is run for its own reasons
does not know what the others did last week.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.attribution.incremental.fit import Penalty, maximise
from core.attribution.incremental.likelihood import Coefficients, Design
from core.attribution.incremental.links import Floats, Multiplicative
from core.attribution.incremental.panel import Panel
from core.attribution.incremental.selection import first_effects, typical_blends

LEAST_FOLLOWING: Final = 0.4
"""Part of the growth of wins after the others' touches that a follower's touches share."""
LEAST_AFTER_EITHER_HALF: Final = 0.15
"""The same after either half of the others: sales that call whoever was at a webinar follow the
webinar, and not the wish to buy."""
LEAST_Z: Final = 3.5
"""Standard errors above nought: a channel taken for a follower loses all of its credit."""
FEWEST_OTHERS: Final = 4
"""Other channels it takes to tell following all from following one: two in either half."""

_EXPOSURE_PRECISION: Final = 1.0  # how often a channel comes is told by how often it came
_FOLLOWING_PRECISION: Final = 0.1
_STEPS: Final = 6


@dataclass(frozen=True)
class _Weeks:
    """Periods that another period of the same deal follows, and the touches between the two."""

    baseline: Floats
    precision: Floats
    days: Floats
    touches: Floats
    pressure: Floats

    def without(self, channel: int) -> Floats:
        """Return the pressure of the other channels, the strongest first."""
        others = np.delete(self.pressure, channel, axis=1)
        ranked: Floats = others[:, np.argsort(-others.sum(axis=0), kind="stable")]
        return ranked


@dataclass(frozen=True)
class _Growth:
    """Growth of a channel's touches over growth of wins, with its standard errors."""

    growth: Floats
    error: Floats


def followers(panel: Panel, channels: tuple[str, ...], most_rows: int) -> frozenset[str]:
    """Return the channels whose touches follow those of the others as wins do.

    Parameters
    ----------
    panel
        All rows.
    channels
        Names, in order.
    most_rows
        Rows that a fit of wins reads; one of touches reads up to twice as many.
    """
    if len(channels) <= FEWEST_OTHERS:
        return frozenset()
    weeks = _weeks(panel, most_rows)
    return frozenset(name for place, name in enumerate(channels) if _follows(weeks, place))


def _follows(weeks: _Weeks, channel: int) -> bool:
    others = weeks.without(channel)
    whole = _after(weeks, channel, others.sum(axis=1, keepdims=True))
    if whole.growth[0] < max(LEAST_FOLLOWING, LEAST_Z * whole.error[0]):
        return False
    halves = np.stack([others[:, 0::2].sum(axis=1), others[:, 1::2].sum(axis=1)], axis=1)
    return bool(_after(weeks, channel, halves).growth.min() >= LEAST_AFTER_EITHER_HALF)


def _weeks(panel: Panel, most_rows: int) -> _Weeks:
    at_risk = panel.days > 0.0
    between = np.flatnonzero(at_risk[:-1] & at_risk[1:])  # the end of a deal is not at risk
    chosen = between[:: max(between.size // most_rows, 1)]
    so_far = panel.lags.counted()
    few = panel.rows(chosen)
    effects = first_effects(panel.for_wins().thinned(most_rows))
    return _Weeks(
        few.baseline,
        np.where(panel.own_exposure, _EXPOSURE_PRECISION, panel.precision),
        few.days,
        so_far[chosen + 1] - so_far[chosen],
        few.lags.blended(typical_blends(effects.size)) * effects,
    )


def _after(weeks: _Weeks, channel: int, pressure: Floats) -> _Growth:
    """Return how touches of a channel grow with ``log(1 + pressure)``, in which wins grow by 1."""
    touches, told = weeks.touches[:, channel], pressure.shape[1]
    covariates = np.concatenate([weeks.baseline, np.log1p(pressure)], axis=1)
    design = Design(covariates, np.zeros((touches.size, 0)), weeks.days, touches)
    level = np.zeros(covariates.shape[1])
    level[0] = np.log((touches.sum() + 0.5) / weeks.days.sum())
    precision = np.concatenate([weeks.precision, np.full(told, _FOLLOWING_PRECISION)])
    start = Coefficients(level, np.zeros(0))
    estimate = maximise(design, Multiplicative(), Penalty(precision), start, _STEPS)
    spread = np.sqrt(np.diag(np.linalg.pinv(estimate.information)))
    return _Growth(estimate.coefficients.baseline[-told:], spread[-told:])
