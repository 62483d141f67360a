"""How far the outlook may miss: its own past errors, in units of what chance alone would do.

Each past forecast whose period is over is measured in the spread it would have had if deals were
independent, z = |actual - forecast| / sd. The 80 % band of the next one reaches as far as the 80 %
quantile of those z does. Errors at other horizons count a quarter; a belief worth some errors
stands in while there are few. Never narrower than independent deals.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np

from core.forecasting.landmarks import Booleans, Floats

_NOMINAL: Final = 0.8
_Z80: Final = NormalDist().inv_cdf(0.5 + _NOMINAL / 2)
_POINTS: Final = 19


@dataclass(frozen=True)
class BandRule:
    """How past errors become a width.

    Parameters
    ----------
    belief_errors
        How many past errors the belief is worth.
    belief_factor
        The width believed in, in spreads of independent deals.
    other_horizons
        What an error at another horizon counts.
    """

    belief_errors: float = 5.0
    belief_factor: float = 1.5
    other_horizons: float = 0.25


DEFAULT_BANDS: Final = BandRule()


def spread_factors(z: Floats, over: Booleans, rule: BandRule = DEFAULT_BANDS) -> Floats:
    """Return, by horizon, how many independent spreads make a calibrated one; at least 1.

    Parameters
    ----------
    z
        Past errors in independent spreads; nan where unknown. One row a date.
    over
        Which of them may be looked at.
    rule
        The constants.
    """
    known = over & np.isfinite(z)
    quantiles = (np.arange(_POINTS) + 1) / (_POINTS + 1)
    belief = np.array([NormalDist().inv_cdf(0.5 + q / 2) for q in quantiles]) * rule.belief_factor
    firmness = np.full(_POINTS, rule.belief_errors / _POINTS)
    factors = np.ones(z.shape[1])
    for horizon in range(z.shape[1]):
        weights = np.where(known, rule.other_horizons, 0.0)
        weights[:, horizon] = known[:, horizon]
        values = np.concatenate([belief, z[known]])
        shares = np.concatenate([firmness, weights[known]])
        factors[horizon] = max(1.0, _quantile(values, shares, _NOMINAL) / _Z80)
    return factors


def _quantile(values: Floats, weights: Floats, share: float) -> float:
    order = np.argsort(values)
    middle = np.cumsum(weights[order]) - weights[order] / 2
    return float(np.interp(share, middle / weights.sum(), values[order]))
