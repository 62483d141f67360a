"""How much the open pipeline counts against the series, by months ahead: from past errors.

For each horizon, with e the mean absolute errors of both parts where both were said,

    seen     = e_series^8 / (e_series^8 + e_pipeline^8)
    weight   = (n x seen + m x belief) / (n + m)
    m        = 48 x exp(-t^2) where the series did better than the pipeline, else 48

n being the number of past errors. The belief leans on the pipeline, the more the nearer the month;
it alone speaks while nothing is known, and gives way where the past speaks against it: t is the
mean advantage of the series over its standard error, over all horizons, three neighbouring dates
counted as one. Where one part has no forecast, the other takes its place. Squares would be right
for independent errors; both parts miss the same surprises, and the worse of two like forecasts
deserves less.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from core.forecasting.histories import end_of
from core.forecasting.landmarks import Booleans, Floats
from core.forecasting.outlook_parts import Parts


@dataclass(frozen=True)
class BlendRule:
    """What is believed before any error is seen, and how firmly.

    Parameters
    ----------
    belief
        Weight of the pipeline in the month in progress, the next one and so on; the last holds
        for every later month.
    belief_errors
        How many past errors the belief is worth where nothing speaks against it.
    power
        Of the errors in the weights.
    """

    belief: tuple[float, ...] = (0.95, 0.9, 0.85, 0.8, 0.75)
    belief_errors: float = 48.0
    power: float = 8.0


DEFAULT_BLEND = BlendRule()

_LIKE_DATES = 3


@dataclass(frozen=True)
class Blended:
    """The blend at every as-of date, each from what was known then.

    Parameters
    ----------
    rest
        The rest of each month, one row a date.
    deal_share
        What of the open deals' expectation stands: less than 1 where the blend says less than
        the open deals alone.
    weights
        Weight of the pipeline behind it.
    errors
        Past errors each weight rests on.
    """

    rest: Floats
    deal_share: Floats
    weights: Floats
    errors: Floats


def blend(parts: Parts, known: list[Booleans], rule: BlendRule = DEFAULT_BLEND) -> Blended:
    """Blend the two parts at each date.

    Parameters
    ----------
    parts
        What both say.
    known
        For each date, which past forecasts were over by then.
    rule
        What is believed beforehand.
    """
    learned = [_weights(parts, over, rule) for over in known]
    weights = np.array([weight for weight, _ in learned])
    mixed = weights * parts.pipeline + (1 - weights) * parts.series
    mixed = np.where(np.isnan(parts.series), parts.pipeline, mixed)
    mixed = np.where(np.isnan(parts.pipeline), parts.series, mixed)
    alone = np.isnan(parts.series).astype(np.float64)
    weights = np.where(np.isnan(mixed) | ~np.isnan(parts.pipeline + parts.series), weights, alone)
    share = np.ones_like(mixed)
    less = mixed < parts.open_deals
    share[less] = mixed[less] / parts.open_deals[less]
    return Blended(mixed, share, weights, np.array([errors for _, errors in learned]))


def known_by(ends_epoch: Floats, as_of: tuple[date, ...]) -> list[Booleans]:
    """Return, for each date, which forecasts of earlier dates were over by it."""
    rows = np.arange(len(as_of))[:, None]
    return [(ends_epoch <= end_of(day)) & (rows < row) for row, day in enumerate(as_of)]


def _weights(parts: Parts, over: Booleans, rule: BlendRule) -> tuple[Floats, Floats]:
    both = np.abs(np.stack([parts.actual - parts.pipeline, parts.actual - parts.series]))
    usable = over & ~np.isnan(both).any(axis=0)
    mine, other = np.where(usable, both, 0.0)
    count = usable.sum(axis=0).astype(np.float64)
    belief = np.array([rule.belief[min(h, len(rule.belief) - 1)] for h in range(len(count))])
    seen = _share(mine.sum(axis=0), other.sum(axis=0), rule.power, belief)
    doubt = _doubt((mine - other).sum(axis=1)[usable.any(axis=1)])
    firmness = rule.belief_errors * np.exp(-(doubt**2))
    weights: Floats = (count * seen + firmness * belief) / (count + firmness)
    return weights, count


def _share(mine: Floats, other: Floats, power: float, unknown: Floats) -> Floats:
    """Return what past errors alone would give the pipeline; the belief where neither erred."""
    largest = np.maximum(np.maximum(mine, other), 1e-300)
    against, mine_, other_ = mine + other > 0, (mine / largest) ** power, (other / largest) ** power
    share: Floats = np.divide(other_, mine_ + other_, out=unknown.copy(), where=against)
    return share


def _doubt(advantage: Floats) -> float:
    """Return by how many standard errors the series did better than the pipeline; at least 0.

    Forecasts of neighbouring dates err together: three of them count as one.
    """
    dates = len(advantage)
    if dates <= _LIKE_DATES:
        return 0.0
    error = float(advantage.std(ddof=1)) / (dates / _LIKE_DATES) ** 0.5
    return max(0.0, float(advantage.mean()) / error) if error > 0 else 0.0
