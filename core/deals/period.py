"""Won, lost or still open by the end of a period: the score and the pipeline forecast agreed.

The score says how likely a deal is to be won in the end, the pipeline forecast how much is won and
lost by a day. Each chance of the period is the chance in the end times the share of it that
comes about in time:

    p_win  = chance x in_time_won           in_time_won  = odds of (w / k)        times exp(a)
    p_lose = (1 - chance) x in_time_lost    in_time_lost = odds of (l / (1 - k))  times exp(b)
    p_slip = 1 - p_win - p_lose

w and l are the forecast's chances by stage, time in stage and expected close; k is the chance
in the end by those three alone. The shifts a and b, the same for all deals, make the amounts
add up to the forecast. So no deal is likelier to be won in time than ever, the three sum to 1,
and the page of deals adds up to the page of the forecast.

When not to use it: for a deal of a size the company has never seen, the sum is dominated by it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.deals.additive import logit, probability
from core.forecasting.landmarks import Floats

_SHARES: Final = (1e-4, 0.985)
"""Least and largest share in time before the shift: nothing is sure beforehand."""

_FARTHEST: Final = 60.0
_MOST_STEPS: Final = 200
_STILL: Final = 1e-15
_FULLEST: Final = 0.995


@dataclass(frozen=True)
class PeriodOutcomes:
    """Chances by the end of the period; the three sum to 1 for each deal."""

    won: Floats
    lost: Floats

    @property
    def slipped(self) -> Floats:
        """Neither won nor lost by then."""
        return np.maximum(1.0 - self.won - self.lost, 0.0)


@dataclass(frozen=True)
class Forecast:
    """What the pipeline forecast says of the open deals.

    Parameters
    ----------
    won, lost
        Chances by the end of the period.
    amounts
        What each deal would be won with; deals count alike where no amount is known.
    """

    won: Floats
    lost: Floats
    amounts: Floats

    @property
    def weights(self) -> Floats:
        """Amounts as shares of all."""
        amounts = self.amounts if self.amounts.sum() > 0 else np.ones(len(self.won))
        shares: Floats = amounts / amounts.sum()
        return shares


def in_period(log_odds: Floats, known: Floats, forecast: Forecast) -> PeriodOutcomes:
    """Return what comes of each deal by the end of the period.

    Parameters
    ----------
    log_odds
        Of a win in the end, by the score.
    known
        The same by stage, time in stage and expected close alone.
    forecast
        The pipeline forecast of the same deals.
    """
    if not len(log_odds):
        return PeriodOutcomes(np.zeros(0), np.zeros(0))
    weights = forecast.weights
    totals = float(weights @ forecast.won), float(weights @ forecast.lost)
    chance = _room_for(log_odds, weights, totals)
    ever = probability(known)
    return PeriodOutcomes(
        _in_time(chance, forecast.won / ever, weights, totals[0]),
        _in_time(1.0 - chance, forecast.lost / (1.0 - ever), weights, totals[1]),
    )


def _room_for(log_odds: Floats, weights: Floats, totals: tuple[float, float]) -> Floats:
    """Return the chances in the end, shifted alike where the forecast would not fit into them."""
    won, lost = totals
    fullest = max(_FULLEST, (1 + won + lost) / 2)
    lowest, highest = won / fullest, 1 - lost / fullest
    chance = probability(log_odds)
    total = float(weights @ chance)
    if lowest <= total <= highest:
        return chance
    target = lowest if total < lowest else highest
    return probability(log_odds + _shift(np.ones(len(weights)), log_odds, weights, target))


def _in_time(ever: Floats, share: Floats, weights: Floats, total: float) -> Floats:
    """Return the part of each chance that comes about in time, so that the total is met."""
    if total <= 0:
        return np.zeros(len(ever))
    prior = logit(np.clip(share, *_SHARES))
    shifted: Floats = ever * probability(prior + _shift(ever, prior, weights, total))
    return shifted


def _shift(ever: Floats, prior: Floats, weights: Floats, total: float) -> float:
    """Return what must be added to log-odds for the weighted sum of chances to meet a total.

    The sum rises with the shift: Newton steps, and the middle of the bracket where one leaves it.
    """
    low, high, shift = -_FARTHEST, _FARTHEST, 0.0
    for _ in range(_MOST_STEPS):
        chance = probability(prior + shift)
        excess = float(weights @ (ever * chance)) - total
        low, high = (low, shift) if excess > 0 else (shift, high)
        slope = float(weights @ (ever * chance * (1 - chance)))
        step = shift - excess / slope if slope > 0 else np.inf
        step = step if low < step < high else (low + high) / 2
        if abs(step - shift) <= _STILL * max(abs(shift), 1.0):
            return step
        shift = step
    return shift
