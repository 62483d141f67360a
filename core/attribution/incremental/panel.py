"""Person-periods: every deal at risk, a row for each stretch of days and one for each win."""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from core.attribution.incremental import covariates
from core.attribution.incremental.covariates import Block, Reached, centred
from core.attribution.incremental.decay import Ints, Lags, pair_lags
from core.attribution.incremental.eagerness import eagerness
from core.attribution.incremental.journeys import Journeys
from core.attribution.incremental.likelihood import Design
from core.attribution.incremental.links import Floats
from core.attribution.incremental.silence import Silence

Flags = NDArray[np.bool_]

PERIOD_DAYS: Final = 7.0

ACTS_AFTER_DAYS: Final = 3.0
"""Days before a touch can have made anybody buy: what happens just before a signature, such as a
call about the contract, is part of the purchase and not its reason."""
EAGERNESS_PRECISION: Final = 10.0
"""Precision of the prior of what eagerness explains: without data that insist, a deal one standard
deviation more eager than the others is won up to a third more often for that alone. Who is
reached has to be free to explain itself, or effects take its part."""
EXPOSURE_PRECISION: Final = 4000.0
"""Precision of the prior of what one channel alone says of a deal: reached twice as much as
expected, a deal is won up to a hundredth more often for that alone. Freer, it takes the effect of
rare channels, whose touches so far are nearly their pressure."""


@dataclass(frozen=True)
class Panel:
    """Rows of the likelihood, before touches are faded.

    Parameters
    ----------
    deal
        Position of each row's deal.
    day
        Moment of each row in days since 1970: the middle of a period, or the end of the deal.
    age_days
        Age of the deal at that moment.
    baseline
        Covariates, the intercept first.
    precision
        Precision of the prior of each covariate.
    own_exposure
        Which covariates tell how much a deal has been reached so far.
    calendar
        Which covariates tell the time of the year and the quarter.
    days
        Days at risk, 0 in a row for the moment of an end.
    won, lost
        Whether the row is the moment of a win or a loss.
    lags
        Touches before each row.
    """

    deal: Ints
    day: Floats
    age_days: Floats
    baseline: Floats
    precision: Floats
    own_exposure: Flags
    calendar: Flags
    days: Floats
    won: Floats
    lost: Floats
    lags: Lags

    def design(self, blends: Floats) -> Design:
        """Return the rows with touches faded by channel, for the likelihood of winning."""
        return Design(self.baseline, self.lags.blended(blends), self.days, self.won)

    def thinned(self, most_rows: int) -> Self:
        """Return every end and only some of the time at risk, each row counted for more.

        Ends carry the information; ten times as many rows at risk lose next to none of it.
        """
        at_risk = np.flatnonzero(self.days > 0.0)
        every = -(-at_risk.size // most_rows)
        if every <= 1:
            return self
        kept = np.zeros(self.days.size, dtype=bool)
        kept[at_risk[::every]] = True
        kept |= (self.won > 0) | (self.lost > 0)
        thin = self.rows(np.flatnonzero(kept))
        return replace(thin, days=thin.days * (self.days.sum() / thin.days.sum()))

    def for_wins(self) -> Self:
        """Return the rows without moments of losses, which tell the likelihood nothing."""
        return self.rows(np.flatnonzero((self.days > 0.0) | (self.won > 0)))

    def of_losses(self) -> Self:
        """Return the rows with a loss as the event: the placebo."""
        return replace(self, won=self.lost, lost=self.won)

    def rows(self, chosen: Ints) -> Self:
        """Return some of the rows."""
        return replace(
            self,
            deal=self.deal[chosen],
            day=self.day[chosen],
            age_days=self.age_days[chosen],
            baseline=self.baseline[chosen],
            days=self.days[chosen],
            won=self.won[chosen],
            lost=self.lost[chosen],
            lags=self.lags.of_rows(chosen),
        )


def build_panel(
    journeys: Journeys,
    period_days: float = PERIOD_DAYS,
    acts_after_days: float = ACTS_AFTER_DAYS,
    silence: Silence | None = None,
) -> Panel:
    """Cut each deal's life into periods and put the covariates of deal and moment beside them.

    Parameters
    ----------
    journeys
        The deals.
    period_days
        Length of a period.
    acts_after_days
        Days that have to pass before a touch counts.
    silence
        How likely a deal was still alive; days count as far as it was. None counts all of them.
    """
    deal, moment, days = _grid(journeys, period_days)
    at_end = days == 0.0
    if silence is not None:
        days = days * silence.alive(deal, moment)
    touches = (journeys.touch_deal, journeys.touch_day, journeys.touch_channel)
    lags = pair_lags((deal, moment), touches, len(journeys.channels), acts_after_days)
    reached = Reached.of(lags, moment - journeys.first_days()[deal], days)
    eager = eagerness(reached.touches, reached.expected, deal)
    blocks = [
        Block(np.ones((deal.size, 1)), 0.0),
        *(Block(b.values[deal], b.precision) for b in covariates.of_deals(journeys)),
        *covariates.of_moments(moment - journeys.opened[deal], moment),
        Block(centred(eager, days), EAGERNESS_PRECISION),
        Block(centred(reached.beyond(), days), EXPOSURE_PRECISION),
    ]
    widths = [block.values.shape[1] for block in blocks]
    return Panel(
        deal=deal,
        day=moment,
        age_days=moment - journeys.opened[deal],
        baseline=np.concatenate([block.values for block in blocks], axis=1),
        precision=np.repeat([block.precision for block in blocks], widths),
        own_exposure=np.repeat([False] * (len(blocks) - 2) + [True, True], widths),
        calendar=np.repeat([False] * (len(blocks) - 3) + [True, False, False], widths),
        days=days,
        won=journeys.won[deal] * at_end,
        lost=journeys.lost[deal] * at_end,
        lags=lags,
    )


def _grid(journeys: Journeys, period_days: float) -> tuple[Ints, Floats, Floats]:
    """Return deal, moment and days at risk of each row: middles of periods, then the end."""
    life = journeys.ended - journeys.opened
    periods = np.maximum(np.ceil(life / period_days), 1.0).astype(np.int64)
    deal = np.repeat(np.arange(life.size), periods + 1)
    number = np.arange(deal.size) - np.repeat(np.cumsum(periods + 1) - (periods + 1), periods + 1)
    width = (life / periods)[deal]
    is_end = number == periods[deal]
    moment = journeys.opened[deal] + (number + 0.5) * width
    moment[is_end] = journeys.ended[deal[is_end]]
    return deal, moment, np.where(is_end, 0.0, width)
