"""Intervals from errors seen in the replay, widened for how few of them there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

import numpy as np

from core.forecasting.series import FloatArray


@dataclass(frozen=True)
class IntervalRule:
    """The constants of the intervals, chosen on rolling origins of training data only.

    Parameters
    ----------
    prior_origins
        Weight of the prior error before anything was replayed, in origins.
    prior_share
        The prior root mean squared error, as a share of the level of the series.
    prior_fades_at
        Number of origins from which the prior has no weight, so that a steady series is not
        given a doubt it never showed.
    origin_worth
        Independent errors an origin is worth: neighbours forecast mostly the same periods.
    growth
        Prior exponent g of error growth over the horizon, error(h) ~ h ** g: 0 is flat, 0.5 is a
        random walk.
    growth_errors
        Number of errors after which the growth seen weighs as much as the prior.
    conformal_errors
        Number of errors after which the observed quantile weighs as much as the scaled one.
    """

    prior_origins: float = 2.0
    prior_share: float = 0.2
    prior_fades_at: int = 8
    origin_worth: float = 0.6
    growth: float = 0.1
    growth_errors: int = 200
    conformal_errors: int = 200


DEFAULT_RULE: Final = IntervalRule()


def half_widths(
    errors: FloatArray, level: float, percent: int, rule: IntervalRule = DEFAULT_RULE
) -> FloatArray:
    """Return how far the interval reaches either side of the forecast, by horizon.

    Errors of all origins and horizons are made comparable, u = |e(o, h)| / h ** g, and pooled.
    Two quantiles of them are blended with weight w = n / (n + conformal_errors):

    - the conformal one, the error of rank (n + 1) p among the n, between two of them where it
      falls between: it assumes no distribution and needs many errors;
    - the scaled one, s * t(p, v) with v = k + prior and s**2 = (k * mean(u**2) + prior *
      (prior_share * level)**2) / v, where k = origin_worth * K for K origins and prior =
      prior_origins * (1 - K / prior_fades_at): it is honest when errors are few, or none at all.

    Parameters
    ----------
    errors
        Actual - forecast, one row an origin and one column a period ahead; NaN where not known.
    level
        Typical size of a value of the series, for the prior.
    percent
        What the interval promises to hold.
    rule
        The constants.
    """
    growth = error_growth(errors, rule)
    steps = np.arange(1, errors.shape[1] + 1) ** growth
    pooled = np.abs(errors / steps)
    known = pooled[~np.isnan(pooled)]
    origins = int((~np.isnan(pooled)).any(axis=1).sum())
    scaled = _scaled_quantile(known, origins, level, percent, rule)
    if not len(known):
        return scaled * steps
    weight = len(known) / (len(known) + rule.conformal_errors)
    return (weight * conformal_quantile(known, percent) + (1 - weight) * scaled) * steps


def conformal_quantile(absolute_errors: Sequence[float] | FloatArray, percent: int) -> float:
    """Return the error that a new one stays below with the promised chance, on average.

    The error of rank (n + 1) p, on a line between its neighbours where that is no whole number; the
    largest where it exceeds n. A new error falls into each of the n + 1 gaps between old ones alike
    often, so rank k holds k / (n + 1). The whole rank above would never hold less than promised,
    and hence more on average. Source: Hyndman and Fan (1996), type 6.

    >>> conformal_quantile([1.0, 2.0, 3.0, 4.0], 50)  # rank 5 * 0.5 = 2.5
    2.5
    >>> conformal_quantile([1.0, 2.0, 3.0, 4.0], 95)  # rank 5 * 0.95 = 4.75 exceeds 4
    4.0
    """
    return float(np.quantile(np.asarray(absolute_errors), percent / 100, method="weibull"))


def error_growth(errors: FloatArray, rule: IntervalRule = DEFAULT_RULE) -> float:
    """Return the exponent of error growth: the slope seen, drawn towards the prior.

    The slope is that of log mean |e(h)| over log h, weighted by the number of errors at h and
    kept between 0 and 1; its own weight is n / (n + growth_errors).
    """
    counts = (~np.isnan(errors)).sum(axis=0)
    sums = np.nansum(np.abs(errors), axis=0)
    horizons = [
        h for h, (count, total) in enumerate(zip(counts, sums, strict=True)) if count and total
    ]
    if len(horizons) < 2:  # noqa: PLR2004 - a slope needs two points
        return rule.growth
    x = np.log1p(horizons)
    y = np.log(sums[horizons] / counts[horizons])
    weights = counts[horizons] / counts[horizons].sum()
    centred = x - weights @ x
    slope = float(np.clip((weights * centred) @ y / (weights @ centred**2), 0.0, 1.0))
    trust = counts.sum() / (counts.sum() + rule.growth_errors)
    return float(trust * slope + (1 - trust) * rule.growth)


def _scaled_quantile(
    known: FloatArray, origins: int, level: float, percent: int, rule: IntervalRule
) -> float:
    seen = float(np.mean(known**2)) if len(known) else 0.0
    worth = rule.origin_worth * origins
    prior = rule.prior_origins * max(0.0, 1 - origins / rule.prior_fades_at)
    variance = (worth * seen + prior * (rule.prior_share * level) ** 2) / (worth + prior)
    return sqrt(variance) * student_quantile(percent, worth + prior)


def student_quantile(percent: int, freedom: float) -> float:
    """Return the two-sided quantile of Student's t: |t| stays below it with that chance."""
    from scipy.special import stdtrit  # type: ignore[import-untyped]

    return float(stdtrit(freedom, 0.5 + percent / 200))
