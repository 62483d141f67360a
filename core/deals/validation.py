"""Models judged out of time: learned from deals closed before a cut, asked about later ones.

A fold learns from deals whose outcome was known at its cut, and is asked about snapshots after it.
No deal and no company is on both sides. What the model, its calibration and the choice among
models are judged by is what they would have said then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.arrays import Floats, Integers
from core.deals.additive import Additive, probability
from core.deals.columns import Features
from core.deals.record import Past

if TYPE_CHECKING:  # the companion needs neither it nor the engine behind it
    from core.forecasting.landmarks import Landmarks

CUTS: Final = (0.3, 0.45, 0.6, 0.75, 0.9)
"""Shares of the closed deals known at each cut."""

FOLLOWED: Final = 0.8
"""Share of remaining lives that a snapshot must have been followed for to be asked about: deals
decided fast are not like the others."""

FEWEST_EVENTS: Final = 10
"""Won, and lost, deals a fold must have to learn from."""

PLATT_BELIEF: Final = 200.0
"""Deals' worth of belief that probabilities are right as they are."""

CALIBRATED_FROM: Final = 0.6
"""Share of what was asked, the earliest, that calibration passes over: models of early cuts had
learned from little and said too much, which today's model does not."""

Fit = Callable[[Features, Floats, Floats], Additive]


@dataclass(frozen=True)
class Sample:
    """Snapshots of decided deals, what was known and what came.

    Parameters
    ----------
    features
        What was known.
    won
        1 won, 0 lost.
    at, closed_at
        Instants of the snapshot and of the outcome.
    deal, company
        Numbers of the deal and of its company.
    amount
        Amount then; nan where not known.
    known_until
        Instant up to which outcomes are known.
    """

    features: Features
    won: Floats
    at: Integers
    closed_at: Floats
    deal: Integers
    company: Integers
    amount: Floats
    known_until: int

    def __len__(self) -> int:
        return len(self.won)

    @property
    def events(self) -> tuple[int, int]:
        """Deals won and deals lost."""
        won = self.won > 0
        return len(np.unique(self.deal[won])), len(np.unique(self.deal[~won]))

    def rows(self, chosen: Integers) -> "Sample":
        """Return some rows."""
        return Sample(
            self.features.at(chosen), self.won[chosen], self.at[chosen], self.closed_at[chosen],
            self.deal[chosen], self.company[chosen], self.amount[chosen], self.known_until,
        )  # fmt: skip

    def weights(self) -> Floats:
        """Return the weight of each row; they sum to the number of deals."""
        return np.full(len(self), len(np.unique(self.deal)) / max(len(self), 1))

    def fitted(self, fit: Fit) -> Additive:
        """Return the model learned from all rows."""
        return fit(self.features, self.won, self.weights())


def sample(features: Features, seen: "Landmarks", companies: Integers, known_until: int) -> Sample:
    """Return the snapshots whose deals were decided before an instant."""
    ends = np.minimum(seen.won_at, seen.lost_at)
    rows = np.flatnonzero((ends < known_until) & (seen.at < known_until))
    return Sample(
        features=features.at(rows),
        won=np.isfinite(seen.won_at[rows]).astype(np.float64),
        at=seen.at[rows],
        closed_at=ends[rows],
        deal=seen.deal[rows],
        company=companies[seen.deal[rows]],
        amount=seen.amount[rows],
        known_until=known_until,
    )


@dataclass(frozen=True)
class Fold:
    """Rows to learn from and rows to be asked about."""

    learned: Integers
    asked: Integers


def folds(rows: Sample) -> list[Fold]:
    """Split by time, with no deal and no company on both sides."""
    _, first = np.unique(rows.deal, return_index=True)
    if not len(first):
        return []
    cuts = np.quantile(rows.closed_at[first], CUTS)
    ends = [*cuts[1:], float(rows.known_until)]
    longest = np.quantile(rows.closed_at - rows.at, FOLLOWED)
    followed = rows.at + longest <= rows.known_until
    found = []
    for cut, end in zip(cuts, ends, strict=True):
        asked = np.flatnonzero((rows.at >= cut) & (rows.at < end) & followed)
        apart = ~np.isin(rows.company, np.unique(rows.company[asked]))
        fold = Fold(np.flatnonzero((rows.closed_at < cut) & apart), asked)
        if _is_usable(rows, fold):
            found.append(fold)
    return found


def _is_usable(rows: Sample, fold: Fold) -> bool:
    if not len(fold.asked) or not len(fold.learned):
        return False
    return min(rows.rows(fold.learned).events) >= FEWEST_EVENTS


@dataclass(frozen=True)
class OutOfTime:
    """What a model said of later deals, before and after its calibration.

    Parameters
    ----------
    rows
        Rows of the sample, in order of time.
    log_odds
        As the model said it.
    base
        Share won that was known then.
    calibrated
        After the calibration learned from the folds before.
    """

    rows: Integers
    log_odds: Floats
    base: Floats
    calibrated: Floats

    def past(self, rows: Sample) -> Past:
        """Return it beside what came."""
        return Past(
            rows.deal[self.rows],
            probability(self.calibrated),
            self.base,
            rows.won[self.rows],
            rows.amount[self.rows],
        )


def out_of_time(rows: Sample, split: list[Fold], fit: Fit) -> OutOfTime:
    """Ask a model, learned anew before each cut, about what came after it."""
    said: list[Floats] = []
    bases: list[Floats] = []
    for fold in split:
        learned = rows.rows(fold.learned)
        said.append(learned.fitted(fit).log_odds(rows.features.at(fold.asked)))
        bases.append(np.full(len(fold.asked), learned.won.mean()))
    return _told(rows, split, said, _joined(bases))


def together(rows: Sample, split: list[Fold], answers: Sequence[OutOfTime]) -> OutOfTime:
    """Return what the mean of several models would have said, without learning them again."""
    said = np.mean([answer.log_odds for answer in answers], axis=0)
    ends = np.cumsum([len(fold.asked) for fold in split])[:-1]
    return _told(rows, split, np.split(said, ends), answers[0].base)


def _told(rows: Sample, split: list[Fold], said: list[Floats], base: Floats) -> OutOfTime:
    """Calibrate what was said after each cut by what was said after the cuts before."""
    calibrated: list[Floats] = []
    for number, log_odds in enumerate(said):
        before = _joined_rows([fold.asked for fold in split[:number]])
        slope, intercept = calibration(rows, before, _joined(said[:number]))
        calibrated.append(slope * log_odds + intercept)
    asked = _joined_rows([fold.asked for fold in split])
    return OutOfTime(asked, _joined(said), base, _joined(calibrated))


def _joined(parts: list[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)


def _joined_rows(parts: list[Integers]) -> Integers:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def calibration(rows: Sample, asked: Integers, log_odds: Floats) -> tuple[float, float]:
    """Return slope and intercept of what was said lately out of time.

    Parameters
    ----------
    rows
        The sample.
    asked
        Rows that were asked about.
    log_odds
        What was said of them.
    """
    if not len(asked):
        return 1.0, 0.0
    at = rows.at[asked]
    late = at >= np.quantile(at, CALIBRATED_FROM)
    return platt(log_odds[late], rows.won[asked][late], rows.deal[asked][late])


def platt(log_odds: Floats, won: Floats, deal: Integers) -> tuple[float, float]:
    """Return slope and intercept that make log-odds fit what came, pulled to (1, 0).

    Source: Platt (1999), Advances in Large Margin Classifiers 61.
    """
    if not len(log_odds):
        return 1.0, 0.0
    weight = len(np.unique(deal)) / len(deal)
    columns = np.stack([log_odds, np.ones(len(log_odds))], axis=1)
    found = np.array([1.0, 0.0])
    for _ in range(30):
        chance = probability(columns @ found)
        pull = weight * columns.T @ (won - chance) - PLATT_BELIEF * (found - [1.0, 0.0])
        bend = weight * (columns * (chance * (1 - chance))[:, None]).T @ columns
        step = np.linalg.solve(bend + PLATT_BELIEF * np.eye(2), pull)
        found = found + np.clip(step, -1.0, 1.0)
        if np.abs(step).max() < 1e-10:  # noqa: PLR2004 - nothing moves any more
            break
    return max(float(found[0]), 0.0), float(found[1])
