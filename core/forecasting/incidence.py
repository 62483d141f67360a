"""Win-rate curves: the share of deals won within so many days, open deals neither won nor lost.

Aalen-Johansen estimate with two competing causes. Over the days at which something happened,

    S(t-)  = share still open just before t
    won(t) = sum over s <= t of S(s-) x won_s / at_risk_s, and lost(t) alike
    S(t)   = 1 - won(t) - lost(t)

A deal still open counts in ``at_risk`` up to its age and no longer. The usual shortcut, 1 minus a
survival curve that treats lost deals as if they could still be won, is far too high: .756 instead
of .318 at 60 days on a public log of loan applications.

When not to use it: open deals nobody works on any more (older than the longest won cycle) count as
if they could still be won; `win_rate` reports how many there are.

Source: Aalen and Johansen (1978), Scand. J. Statist. 5:141; Dinse and Larson (1986), Biometrika
73:379, for the variance.
"""

from dataclasses import dataclass
from enum import IntEnum
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from core.errors import InvalidParameterError
from core.forecasting.landmarks import Floats, Integers


class Fate(IntEnum):
    """How a deal's time under observation ended."""

    OPEN = 0
    WON = 1
    LOST = 2


@dataclass(frozen=True)
class Incidence:
    """Shares won, lost and open by days since the start; steps at ``days``.

    Parameters
    ----------
    days
        Days at which a deal was won or lost, ascending.
    won, lost, still_open
        Shares from each of those days on; they sum to 1.
    won_sd
        Standard error of the share won.
    at_risk
        Deals open and observed just before each day.
    deals, wins, losses
        Counts behind the curve.
    """

    days: Floats
    won: Floats
    lost: Floats
    still_open: Floats
    won_sd: Floats
    at_risk: Integers
    deals: int
    wins: int
    losses: int

    def won_by(self, day: float) -> float:
        """Return the share won within so many days."""
        return self._at(self.won, day, 0.0)

    def lost_by(self, day: float) -> float:
        """Return the share lost within so many days."""
        return self._at(self.lost, day, 0.0)

    def open_after(self, day: float) -> float:
        """Return the share neither won nor lost within so many days."""
        return self._at(self.still_open, day, 1.0)

    def band(self, day: float, level: float = 0.95) -> tuple[float, float]:
        """Return a confidence band of the share won, within 0 and 1."""
        won, sd = self.won_by(day), self._at(self.won_sd, day, 0.0)
        reach = NormalDist().inv_cdf(0.5 + level / 2) * sd
        return max(0.0, won - reach), min(1.0, won + reach)

    def _at(self, values: Floats, day: float, before: float) -> float:
        place = int(np.searchsorted(self.days, day, side="right"))
        return float(values[place - 1]) if place else before


def aalen_johansen(days: npt.ArrayLike, fates: npt.ArrayLike) -> Incidence:
    """Estimate the shares won, lost and open by days since the start.

    Parameters
    ----------
    days
        Days from a deal's start to its outcome, or to the as-of date when open.
    fates
        `Fate` of each deal.

    Raises
    ------
    InvalidParameterError
        If a deal ends before it begins.

    Examples
    --------
    Four deals: won on day 1, lost on day 2, open at day 2, won on day 3. On day 3 one deal
    is at risk and half are still open, so the share won rises from 1/4 by 1/2.

    >>> curve = aalen_johansen([1, 2, 2, 3], [1, 2, 0, 1])
    >>> curve.won.tolist(), curve.lost.tolist()
    ([0.25, 0.25, 0.75], [0.0, 0.25, 0.25])
    """
    ends = np.asarray(days, dtype=np.float64)
    fate = np.asarray(fates, dtype=np.int64)
    if (ends < 0).any():
        raise InvalidParameterError(
            "A deal cannot end before it begins.", "Leave out deals closed before their start."
        )
    moments = np.unique(ends[fate != Fate.OPEN])
    at_risk = _at_risk(moments, ends)
    won_now = _events(moments, ends[fate == Fate.WON])
    lost_now = _events(moments, ends[fate == Fate.LOST])
    before = _open_before(won_now + lost_now, at_risk)
    won = np.cumsum(before * won_now / at_risk)
    lost = np.cumsum(before * lost_now / at_risk)
    return Incidence(
        days=moments,
        won=won,
        lost=lost,
        still_open=1.0 - (won + lost),
        won_sd=np.sqrt(_variance(won, before, won_now, won_now + lost_now, at_risk)),
        at_risk=at_risk,
        deals=len(ends),
        wins=int(won_now.sum()),
        losses=int(lost_now.sum()),
    )


def _at_risk(moments: Floats, ends: Floats) -> Integers:
    """Count deals that had not ended before a moment."""
    ended = np.searchsorted(np.sort(ends), moments, side="left")
    return np.asarray(len(ends) - ended, dtype=np.int64)


def _events(moments: Floats, times: Floats) -> Integers:
    return np.bincount(np.searchsorted(moments, times), minlength=len(moments)).astype(np.int64)


def _open_before(events: Integers, at_risk: Integers) -> Floats:
    before: Floats = np.ones(len(events))
    before[1:] = np.cumprod(1.0 - events / at_risk)[:-1]
    return before


def _variance(
    won: Floats, before: Floats, won_now: Integers, events: Integers, at_risk: Integers
) -> Floats:
    """Return the delta-method variance of the share won; expanded so that it is one pass.

    sum over s <= t of (F(t)-F(s))^2 d/(Y(Y-d)) + S^2 (Y-d1) d1/Y^3 - 2 (F(t)-F(s)) S d1/Y^2
    """
    risk = at_risk.astype(np.float64)
    left = np.maximum(risk - events, 1.0)  # the last deal: F(t) - F(s) is 0 there
    a = np.cumsum(events / (risk * left))
    b = np.cumsum(won * events / (risk * left))
    c = np.cumsum(won**2 * events / (risk * left))
    d = np.cumsum(before**2 * (risk - won_now) * won_now / risk**3)
    e = np.cumsum(before * won_now / risk**2)
    f = np.cumsum(won * before * won_now / risk**2)
    variance = won**2 * a - 2 * won * b + c + d - 2 * (won * e - f)
    positive: Floats = np.maximum(variance, 0.0)
    return positive
