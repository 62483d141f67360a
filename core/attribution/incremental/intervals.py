"""How sure a credit is: companies resampled, and the luck of which deals were decided by it.

Each resample draws accounts with replacement, moves the estimate by one Newton step on the
resampled scores (so nothing is refitted), and draws for each won deal whether it would have
closed without the channel, by one of the links that the likelihood left standing. Half-lives are
held, which is stated where intervals are shown.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.attribution.incremental.credit import Wins, deal_shares
from core.attribution.incremental.decay import Ints
from core.attribution.incremental.fit import Estimate, bounded_step
from core.attribution.incremental.likelihood import Design, row_scores
from core.attribution.incremental.links import Floats
from core.attribution.incremental.selection import Standing

WIDENING: Final = 1.75
"""What deviations of resampled scores are multiplied by, because half-lives and priors are held;
chosen on 24 simulated companies, checked on others."""


@dataclass(frozen=True)
class Draws:
    """Resampled answers, resamples in rows.

    Parameters
    ----------
    share
        Share of won revenue credited to each channel.
    unattributed
        Share of won revenue credited to nobody.
    deals_without, revenue_without
        Won deals and revenue that would not have closed without each channel.
    """

    share: Floats
    unattributed: Floats
    deals_without: Floats
    revenue_without: Floats


@dataclass(frozen=True)
class Sample:
    """What is resampled: the fit, its rows, and who they belong to.

    Parameters
    ----------
    standing
        The fitted links and how likely each is; a resample goes by one of them.
    design
        Its rows.
    row_account
        Account of each row.
    wins
        Moments of the wins.
    win_account
        Account of each win.
    revenue
        Revenue of each win, in minor units.
    """

    standing: tuple[Standing, ...]
    design: Design
    row_account: Ints
    wins: Wins
    win_account: Ints
    revenue: Floats


@dataclass(frozen=True)
class _Link:
    """A fitted link with what each account says of it, and the pull that keeps it in place."""

    estimate: Estimate
    scores: Floats
    pull: Floats


def resample(sample: Sample, resamples: int, seed: int, widening: float = WIDENING) -> Draws:
    """Draw accounts, a link, coefficients and decided deals, again and again."""
    rng = np.random.default_rng(seed)
    accounts = int(max(sample.row_account.max(), sample.win_account.max())) + 1
    links = [_link(sample, one, accounts, widening) for one in sample.standing]
    weights = [one.weight for one in sample.standing]
    rows = [
        _one(
            sample,
            links[rng.choice(len(links), p=weights)],
            rng.multinomial(accounts, np.full(accounts, 1 / accounts)),
            rng,
        )
        for _ in range(resamples)
    ]
    return Draws(*(np.stack(part) for part in zip(*rows, strict=True)))


def _link(sample: Sample, standing: Standing, accounts: int, widening: float) -> _Link:
    estimate = standing.estimate
    prior = standing.penalty.prior(estimate.coefficients.effects.size)
    by_row = row_scores(sample.design, estimate.link, estimate.coefficients)
    scores = widening * sums_by_account(by_row, sample.row_account, accounts)
    # a resample that draws every account once must find the estimate itself
    pull = prior.pull(estimate.coefficients) + (1.0 - 1.0 / widening) * scores.sum(axis=0)
    return _Link(estimate, scores, pull)


def sums_by_account(by_row: Floats, row_account: Ints, accounts: int) -> Floats:
    """Return the sums over the rows of each account, accounts in rows."""
    order = np.argsort(row_account, kind="stable")
    starts = np.flatnonzero(np.diff(row_account[order], prepend=-1))
    sums = np.zeros((accounts, by_row.shape[1]))
    sums[row_account[order][starts]] = np.add.reduceat(by_row[order], starts, axis=0)
    return sums


def _one(
    sample: Sample, link: _Link, count: Ints, rng: np.random.Generator
) -> tuple[Floats, Floats, Floats, Floats]:
    estimate, wins = link.estimate, sample.wins
    score = count @ link.scores - link.pull
    step = bounded_step(estimate.information, score, estimate.coefficients)
    split = deal_shares(wins, estimate.link, estimate.coefficients.moved(step))
    weight = count[sample.win_account] * sample.revenue
    decided = rng.random((split.without.shape[0], 1)) < split.without
    return (
        weight @ split.credit / weight.sum(),
        np.array([weight @ split.unattributed / weight.sum()]),
        np.asarray(decided.sum(axis=0), dtype=np.float64),
        sample.revenue @ decided,
    )


def bounds(draws: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the central interval of each column."""
    tail = 50.0 * (1.0 - level)
    low: Floats = np.percentile(draws, tail, axis=0)
    high: Floats = np.percentile(draws, 100.0 - tail, axis=0)
    return low, high
