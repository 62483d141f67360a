"""How much the open pipeline counts against the series, by months ahead: from past errors.

Before any error is seen a belief speaks: it leans on the pipeline, the more the nearer the month,
and gives a series too short for trend and season half as much. Past errors then shift it, by as
much at each horizon:

    x      = pipeline - series, at past dates and the nearest six months, where both spoke
    r      = actual - (belief x pipeline + (1 - belief) x series)
    shift  = sum of x r / (sum of x^2 + m x mean of r^2)
    weight = belief + shift, kept between 0 and 1

Without m this is the regression of what came on what the parts differ by. Both parts miss the same
surprises, which says nothing about either and does not enter it. m, worth 96 errors, shrinks it by
its noise: in a small company, whose months are mostly luck, the mean of r^2 is large beside that of
x^2 and the belief stands. Where the series did better than the pipeline by more than a standard
error, m gives way: it is 96 x exp(-(t - 1)^2), t being the mean advantage of the series over its
standard error, three neighbouring dates counted as one. Where one part has no forecast, the other
takes its place.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from core.forecasting.histories import end_of
from core.forecasting.landmarks import Booleans, Floats
from core.forecasting.outlook_parts import Parts
from core.forecasting.series_results import Choice


@dataclass(frozen=True)
class BlendRule:
    """What is believed before any error is seen, and how firmly.

    Parameters
    ----------
    belief
        Weight of the pipeline in the month in progress, the next one and so on; the last holds
        for every later month.
    level_share
        What of the other weight a series gets that is too short for trend and season.
    belief_errors
        How many past errors the belief is worth where nothing speaks against it.
    """

    belief: tuple[float, ...] = (0.95, 0.9, 0.85, 0.8, 0.75)
    level_share: float = 0.5
    belief_errors: float = 96.0

    def believed(self, months: int, series: Choice | None) -> Floats:
        """Return the weight of the pipeline in each month before any error is seen.

        Parameters
        ----------
        months
            Months ahead.
        series
            The method of the series: a level without trend or season adds little to a pipeline.
        """
        usual = np.array([self.belief[min(h, len(self.belief) - 1)] for h in range(months)])
        sees_all = series is not None and series.name == _SEES_TREND_AND_SEASON
        return usual if sees_all else 1 - self.level_share * (1 - usual)


DEFAULT_BLEND = BlendRule()

LEARNED_MONTHS: Final = 6
"""Months ahead whose errors are learned from, so that no answer depends on how many are asked."""

_LIKE_DATES: Final = 3
_DOUBT_FROM: Final = 1.0
_SEES_TREND_AND_SEASON: Final = "median"


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
        Past errors at each horizon; the weights rest on those of the nearest six together.
    """

    rest: Floats
    deal_share: Floats
    weights: Floats
    errors: Floats

    def head(self, months: int) -> "Blended":
        """Return the first months only."""
        cut = (self.rest, self.deal_share, self.weights, self.errors)
        return Blended(*(each[:, :months] for each in cut))


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
    learned = [_weights(parts, row, over, rule) for row, over in enumerate(known)]
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


def _weights(parts: Parts, row: int, over: Booleans, rule: BlendRule) -> tuple[Floats, Floats]:
    """Return weights and past errors by horizon, as of one date."""
    apart = parts.pipeline - parts.series
    usable = over & ~np.isnan(parts.actual + apart)
    usable[:, LEARNED_MONTHS:] = False
    belief = rule.believed(apart.shape[1], parts.series_said[row].choice)
    count = usable.sum(axis=0).astype(np.float64)
    if not count.any():
        return belief, count
    missed = np.where(usable, parts.actual - parts.series - belief * apart, 0.0)
    apart = np.where(usable, apart, 0.0)
    doubt = max(0.0, _doubt(parts, usable) - _DOUBT_FROM)
    noise = rule.belief_errors * np.exp(-(doubt**2)) * (missed**2).sum() / count.sum()
    seen = (apart**2).sum() + noise
    shift = (apart * missed).sum() / seen if seen > 0 else 0.0
    return np.clip(belief + shift, 0.0, 1.0), count


def _doubt(parts: Parts, usable: Booleans) -> float:
    """Return by how many standard errors the series did better than the pipeline; at least 0.

    Forecasts of neighbouring dates err together: three of them count as one.
    """
    both = np.abs(parts.actual - parts.pipeline) - np.abs(parts.actual - parts.series)
    advantage = np.where(usable, both, 0.0).sum(axis=1)[usable.any(axis=1)]
    dates = len(advantage)
    if dates <= _LIKE_DATES:
        return 0.0
    error = float(advantage.std(ddof=1)) / (dates / _LIKE_DATES) ** 0.5
    return max(0.0, float(advantage.mean()) / error) if error > 0 else 0.0
