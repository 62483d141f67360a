"""How good probabilities were on deals they had not seen: calibration, Brier, AUC, money."""

from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import Final

import numpy as np
import polars as pl

from core.arrays import Floats, Integers

BINS: Final = 10

BAND_LEVEL: Final = 0.95
"""Level of the bands of the reliability curve."""

_ALMOST: Final = 1e-9


@dataclass(frozen=True)
class Past:
    """Probabilities that were given in the past, and what came; one row a snapshot of a deal.

    Parameters
    ----------
    deal
        Row number of the deal.
    probability, base
        What the model and the base rate said.
    won
        1 won, 0 lost.
    amount
        Amount then, in minor units; nan where not known.
    """

    deal: Integers
    probability: Floats
    base: Floats
    won: Floats
    amount: Floats


@dataclass(frozen=True)
class CalibrationRecord:
    """What a score was worth on later deals of companies it had not learned from.

    Parameters
    ----------
    snapshots, deals
        How many probabilities were checked, on how many deals.
    from_on, until_on
        Days of the first and the last of them.
    auc
        Chance that a deal that was won had the higher score than one that was lost; None where
        only one of both happened.
    brier, base_brier
        Mean squared error of the probabilities, and of the base rate.
    log_loss, base_log_loss
        Mean negative log-likelihood of both.
    error
        Calibration error: mean distance of what was said and what came, over ten groups of
        equal size.
    expected_wins, observed_wins
        Sum of the probabilities and wins among the snapshots.
    expected_minor, observed_minor
        The same weighted by the amount then.
    curve
        One row a group, the least likely first: ``said, came, lo, hi, snapshots, deals``;
        the band is a 95 % Wilson band with deals as its count.
    """

    snapshots: int
    deals: int
    from_on: date
    until_on: date
    auc: float | None
    brier: float
    base_brier: float
    log_loss: float
    base_log_loss: float
    error: float
    expected_wins: float
    observed_wins: float
    expected_minor: float
    observed_minor: float
    curve: pl.DataFrame

    @property
    def skill(self) -> float | None:
        """Brier score against the base rate's: 1 - Brier / base Brier."""
        return 1 - self.brier / self.base_brier if self.base_brier > 0 else None


def judge(past: Past, from_on: date, until_on: date) -> CalibrationRecord:
    """Compare past probabilities with what came."""
    curve = reliability(past)
    known = np.isfinite(past.amount)
    amount = past.amount[known]
    share = curve["snapshots"] / curve["snapshots"].sum()
    return CalibrationRecord(
        snapshots=len(past.deal),
        deals=len(np.unique(past.deal)),
        from_on=from_on,
        until_on=until_on,
        auc=auc(past.probability, past.won),
        brier=float(np.mean((past.probability - past.won) ** 2)),
        base_brier=float(np.mean((past.base - past.won) ** 2)),
        log_loss=float(np.mean(losses(past.probability, past.won))),
        base_log_loss=float(np.mean(losses(past.base, past.won))),
        error=float(((curve["said"] - curve["came"]).abs() * share).sum()),
        expected_wins=float(past.probability.sum()),
        observed_wins=float(past.won.sum()),
        expected_minor=float(amount @ past.probability[known]),
        observed_minor=float(amount @ past.won[known]),
        curve=curve,
    )


def reliability(past: Past) -> pl.DataFrame:
    """Return what was said and what came, by ten groups of equal size from unlikely to likely."""
    order = np.argsort(past.probability, kind="stable")
    rows = []
    for group in np.array_split(order, min(BINS, len(order))):
        came = float(past.won[group].mean())
        deals = len(np.unique(past.deal[group]))
        low, high = wilson(np.array([came * deals]), np.array([float(deals)]), BAND_LEVEL)
        said = float(past.probability[group].mean())
        rows.append((said, came, float(low[0]), float(high[0]), len(group), deals))
    return pl.DataFrame(
        rows, schema=["said", "came", "lo", "hi", "snapshots", "deals"], orient="row"
    )


def wilson(hits: Floats, n: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the Wilson interval of a share; nan where there is nothing to have a share of.

    >>> low, high = wilson(np.array([5.0]), np.array([10.0]), 0.8)
    >>> [round(float(end[0]), 3) for end in (low, high)]
    [0.312, 0.688]
    """
    z2 = NormalDist().inv_cdf(0.5 + level / 2) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = hits / n
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        reach = np.sqrt(z2 * (share * (1 - share) + z2 / (4 * n)) / n) / (1 + z2 / n)
    return np.maximum(middle - reach, 0.0), np.minimum(middle + reach, 1.0)


def losses(probability: Floats, won: Floats) -> Floats:
    """Return the negative log-likelihood of each row."""
    said = np.clip(np.where(won > 0, probability, 1 - probability), _ALMOST, 1)
    loss: Floats = -np.log(said)
    return loss


def auc(probability: Floats, won: Floats) -> float | None:
    """Return the chance that a won row has the higher probability than a lost one; ties half.

    >>> auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0.0, 1.0, 1.0]))
    0.75
    """
    wins, rows = float(won.sum()), len(won)
    if wins in {0.0, float(rows)}:
        return None
    _, place, count = np.unique(probability, return_inverse=True, return_counts=True)
    rank = np.cumsum(count) - (count - 1) / 2
    above = float(rank[place][won > 0].sum()) - wins * (wins + 1) / 2
    return above / (wins * (rows - wins))


def gain(past: Past, group: Integers) -> float:
    """Return how surely a model beats the base rate: its mean gain in its own standard errors.

    Snapshots of one company are not independent, so gains are summed by group first:
    t = sum of gains / sqrt(sum over groups of (sum of gains)^2), less the mean.
    """
    gains = losses(past.base, past.won) - losses(past.probability, past.won)
    _, place, count = np.unique(group, return_inverse=True, return_counts=True)
    centred = np.bincount(place, gains) - float(gains.mean()) * count
    spread = float(np.sqrt((centred**2).sum()))
    if spread <= _ALMOST:
        return 0.0
    return float(gains.sum()) / spread
