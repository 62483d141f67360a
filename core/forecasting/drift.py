"""The alarm that a forecast has stopped fitting, before somebody else notices."""

from math import comb
from typing import Final

import numpy as np

from core.forecasting.series import FloatArray

_PERCENT: Final = 80
_ALARM: Final = 0.05


def drift_warning(one_step_hits: FloatArray) -> str:
    """Return a sentence when recent values left the 80 % interval too often; else nothing.

    The alarm rings when so many misses or more would come up in less than 5 % of cases if the
    interval kept its promise: a binomial tail with chance 0.2 of a miss. Forecasts one period
    ahead do not overlap, so their misses may be counted as independent.

    >>> drift_warning(np.array([1.0, 1.0, 0.0, 1.0]))
    ''
    >>> drift_warning(np.array([0.0, 0.0, 0.0, 1.0]))
    'Of the last 4 values 3 fell outside the 80 % interval made for them; chance alone does that \
in 2.7 % of cases. Something may have changed.'
    """
    known = one_step_hits[~np.isnan(one_step_hits)]
    n, misses = len(known), int(len(known) - known.sum())
    chance = binomial_tail(misses, n, 1 - _PERCENT / 100)
    if not misses or chance >= _ALARM:
        return ""
    return (
        f"Of the last {n} values {misses} fell outside the {_PERCENT} % interval made for them; "
        f"chance alone does that in {100 * chance:.1f} % of cases. Something may have changed."
    )


def binomial_tail(hits: int, n: int, chance: float) -> float:
    """Return the probability of so many hits or more in n independent tries.

    >>> round(binomial_tail(3, 4, 0.2), 4)  # 4 * 0.2**3 * 0.8 + 0.2**4
    0.0272
    """
    return sum(comb(n, k) * chance**k * (1 - chance) ** (n - k) for k in range(hits, n + 1))
