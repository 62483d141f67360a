"""How sure the incremental credit of a question is, and whether touches tell anything at all."""

from typing import Final

import numpy as np
import polars as pl

from core.attribution.data_driven import Incremental
from core.attribution.incremental.fit import Penalty, bounded_step, maximise
from core.attribution.incremental.intervals import bounds, resample, sums_by_account
from core.attribution.incremental.likelihood import Coefficients, Design, row_scores, slope
from core.attribution.incremental.links import Additive, Floats
from core.attribution.incremental.model import Learnt, sample_of
from core.attribution.incremental.selection import typical_blends
from core.attribution.signal import FALSE_ALARM, Signal
from core.attribution.uncertainty import CreditIntervals
from core.schema import UNATTRIBUTED

_FLIPS: Final = 199
_RESAMPLES: Final = 200
_TOP: Final = 3


def incremental_intervals(
    learnt: Learnt, deal_ids: pl.Series, seed: int, level: float
) -> CreditIntervals:
    """Return intervals on each channel's share of some won deals, and on nobody's.

    Parameters
    ----------
    learnt
        The fit.
    deal_ids
        The won deals asked about; those the fit knows are counted.
    seed
        Of the draws.
    level
        Part of the truths an interval is to hold.
    """
    counted = np.asarray(learnt.won_deal_ids.is_in(deal_ids.implode()).to_numpy(), np.float64)
    draws = resample(sample_of(learnt, counted), _RESAMPLES, seed)
    low, high = bounds(np.c_[draws.share, draws.unattributed], level)
    credit = np.c_[learnt.shares.credit, learnt.shares.unattributed]
    rank = (-draws.share).argsort(axis=1, kind="stable").argsort(axis=1)
    frame = pl.DataFrame(
        {
            "channel": [*learnt.journeys.channels, UNATTRIBUTED],
            "share": counted @ credit / max(counted.sum(), 1.0),
            "low": low,
            "high": high,
            "p_first": [*(rank == 0).mean(axis=0), None],
            "p_top3": [*(rank < _TOP).mean(axis=0), None],
        }
    )
    return CreditIntervals(Incremental.name, level, frame, _RESAMPLES)


def incremental_signal(learnt: Learnt, seed: int) -> Signal:
    """Tell whether wins follow touches more than chance would have it.

    Without any effect the surprises of accounts, wins less expected wins, are as likely to be
    above as below nought whatever their touches. So the signs of whole accounts are dealt out
    anew, and the best set of effects that are not negative is found again each time.
    """
    scores, information = _efficient(learnt)
    channels = information.shape[0]
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(_FLIPS, scores.shape[0]))
    totals = np.vstack([scores.sum(axis=0), signs @ scores])
    nothing = Coefficients(np.zeros(0), np.zeros(channels))
    effects = np.array([bounded_step(information, total, nothing) for total in totals])
    gain = (totals * effects).sum(axis=1) - 0.5 * np.einsum(
        "rc,cd,rd->r", effects, information, effects
    )
    p_value = float(np.mean(gain >= gain[0] * (1 - 1e-9)))
    pressure = effects * learnt.wins.stock.sum(axis=0)
    whole = pressure.sum(axis=1, keepdims=True)
    shares = np.divide(pressure, whole, out=np.zeros_like(pressure), where=whole > 0)
    low, high = np.quantile(shares[1:], [0.025, 0.975], axis=0)
    frame = pl.DataFrame(
        {"channel": learnt.journeys.channels, "share": shares[0], "low": low, "high": high}
    )
    return Signal(Incremental.name, p_value <= FALSE_ALARM and gain[0] > 0, p_value, frame)


def _efficient(learnt: Learnt) -> tuple[Floats, Floats]:
    """Return what each account says of the effects where there are none, the baseline held free."""
    panel, link = learnt.choice.panel, Additive()
    channels = panel.lags.shape[1]
    design = panel.design(typical_blends(channels))
    without = Design(panel.baseline, np.zeros((panel.days.size, 0)), panel.days, panel.won)
    start = np.zeros(panel.baseline.shape[1])
    start[0] = np.log(panel.won.sum() / panel.days.sum())
    null = maximise(without, link, Penalty(panel.precision), Coefficients(start, np.zeros(0)))
    at = Coefficients(null.coefficients.baseline, np.zeros(channels))
    information = slope(design, link, at).information
    cut = at.baseline.size
    free = information[:cut, :cut] + np.diag(panel.precision)
    through = np.linalg.solve(free, information[:cut, cut:])
    by_row = row_scores(design, link, at)
    efficient = by_row[:, cut:] - by_row[:, :cut] @ through
    accounts = learnt.journeys.accounts[panel.deal]
    return (
        sums_by_account(efficient, accounts, int(accounts.max()) + 1),
        information[cut:, cut:] - information[cut:, :cut] @ through,
    )
