"""What happens to an open deal by a date: won, lost or still open, by its stage and age in it.

Discrete-time competing risks, learned from weekly snapshots of the past pipeline. For a deal seen
in stage s at age a, and each step u of the horizon:

    hazard_j(u) = (events j in step u + m x hazard_j of the stage) / (deals at risk in step u + m)
    won(u)  = won(u-1)  + open(u-1) x hazard_won(u)
    lost(u) = lost(u-1) + open(u-1) x hazard_lost(u)
    open(u) = 1 - won(u) - lost(u)

Cells of stage, age and expected close are pulled to their stage and age in the same way, where the
CRM records expected closes. So the three sum to 1, and a longer horizon never makes a win less
likely. A deal is at risk in a step only when the whole step was over at the as-of instant: recent
snapshots teach the first steps, older ones the later steps, none teaches what it cannot know yet.

Past deals count by their amount (``by_amount``), because the forecast is of money, and large
deals do not convert like small ones: counting them alike was worse at every horizon. The largest
weights are cut at the 95th percentile, so that one giant deal is not the whole history.

Three memories (everything, four sales cycles, two sales cycles as half-life) are averaged. Choosing
one of them by its past errors was tried and was worse than the average.

When not to use it: with fewer than about 20 deals won, see the warnings of the forecast.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from core.errors import InvalidParameterError
from core.forecasting.cells import Cells, due_band
from core.forecasting.closing_rhythm import Rhythms, ahead, readiness
from core.forecasting.histories import DAY
from core.forecasting.landmarks import Floats, Integers, Landmarks
from core.forecasting.outcomes import Outcomes

AGE_EDGES_IN_CYCLES: Final = (0.07, 0.2, 0.35, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0)
"""Where the bands of age in stage end, in median won cycles of the company."""

DUE_EDGES_IN_CYCLES: Final = (0.0, 0.25, 0.75, 1.5)
"""Where the bands of days until the expected close end, in median won cycles; overdue is the first
band, no expected close the last."""


@dataclass(frozen=True)
class RiskSettings:
    """How much the past is smoothed and how fast it is forgotten.

    Parameters
    ----------
    step_days
        Days between snapshots, and length of a step.
    shrinkage
        Deals' worth of belief that an age band behaves like its stage, and a stage like the
        whole pipeline.
    memories
        Half-lives in sales cycles whose estimates are averaged; None remembers everything.
    by_amount
        Whether past deals weigh by their amount.
    largest_weight
        Quantile of the amounts at which weights are cut.
    by_due
        Whether the expected close tells deals of a stage and age apart.
    """

    step_days: int = 7
    shrinkage: float = 5.0
    memories: tuple[float | None, ...] = (None, 4.0, 2.0)
    by_amount: bool = True
    largest_weight: float = 0.95
    by_due: bool = True

    def __post_init__(self) -> None:
        if self.step_days < 1 or self.shrinkage <= 0 or not self.memories:
            raise InvalidParameterError(
                "Outcome probabilities need a step of at least a day, a positive shrinkage and "
                "at least one memory.",
                "Use the defaults when in doubt.",
            )


@dataclass(frozen=True)
class OutcomeTable:
    """Probabilities by stage and band of age, learned up to an instant.

    Parameters
    ----------
    stages
        Names of the stages; one row more than stages, the last for a stage never seen before.
    age_edges_days, due_edges_days
        Where the bands of age and of days until the expected close end.
    ends_days
        Days from the as-of instant to the end of each step.
    won, lost
        Stage x band of age x band of due x step.
    deals_seen
        Snapshot rows behind each stage and pair of bands.
    wins_seen, losses_seen
        Outcomes known at the instant, all stages.
    """

    stages: tuple[str, ...]
    age_edges_days: Floats
    due_edges_days: Floats
    ends_days: Floats
    won: Floats
    lost: Floats
    deals_seen: Integers
    wins_seen: int
    losses_seen: int

    def of(self, stage: Integers, age_days: Floats, due_days: Floats) -> Outcomes:
        """Look up deals by code of stage (-1: never seen), age in it and days until due."""
        age = np.digitize(age_days, self.age_edges_days)
        due = due_band(due_days, self.due_edges_days)
        return Outcomes(self.ends_days, self.won[stage, age, due], self.lost[stage, age, due])


def learn_outcomes(
    seen: Landmarks,
    at: int,
    ends_days: Floats,
    settings: RiskSettings | None = None,
    rhythms: Rhythms | None = None,
) -> OutcomeTable:
    """Learn outcome probabilities from what was known before an instant.

    Parameters
    ----------
    seen
        Snapshots; those at or after the instant, and outcomes from then on, are not looked at.
    at
        The as-of instant.
    ends_days
        Ends of the steps, from `step_ends`.
    settings
        Smoothing and memory.
    rhythms
        How much readier deals are to be decided in each part of a quarter: past deals count as
        at risk by the rhythm of their step, and the hazards of a step to come follow its own.
    """
    settings = settings or RiskSettings()
    past = seen.known_before(at)
    cycle = typical_cycle_days(past)
    due_edges = DUE_EDGES_IN_CYCLES if settings.by_due else ()
    cells = Cells.of(
        past, np.asarray(AGE_EDGES_IN_CYCLES) * cycle, np.asarray(due_edges, dtype=float) * cycle
    )
    observed = _observed(past, at, ends_days, _weights(past, settings), rhythms)
    places = cells.places(observed.rows, observed.step)
    curves = [
        _curves(cells, places, observed, half_life, settings)
        for half_life in (None if m is None else m * cycle for m in settings.memories)
    ]
    return OutcomeTable(
        stages=past.stages,
        age_edges_days=cells.age_edges_days,
        due_edges_days=cells.due_edges_days,
        ends_days=ends_days,
        won=np.mean([won for won, _ in curves], axis=0),
        lost=np.mean([lost for _, lost in curves], axis=0),
        deals_seen=np.bincount(cells.code, minlength=cells.size).reshape(cells.shape),
        wins_seen=_distinct(past, past.won_at),
        losses_seen=_distinct(past, past.lost_at),
    )


def typical_cycle_days(seen: Landmarks) -> float:
    """Return the median days from a deal's first snapshot's stage entry to its win; 30 if unknown.

    Only a scale: bands of age and memories are measured in it.
    """
    won = np.isfinite(seen.won_at)
    if not won.any():
        return 30.0
    entered = seen.at[won] - seen.age_days[won] * DAY
    deals, place = np.unique(seen.deal[won], return_inverse=True)
    begins = np.full(len(deals), np.inf)
    np.minimum.at(begins, place, entered)
    ends = np.zeros(len(deals))
    ends[place] = seen.won_at[won]
    return max(1.0, float(np.median((ends - begins) / DAY)))


@dataclass(frozen=True)
class _Observed:
    """Rows at risk in the steps that were over at the instant, and what happened to them there.

    Parameters
    ----------
    rows, step
        Snapshot row and number of the step; a row is here once for each of its steps.
    weights, days_since
        Weight of the row, and days from the end of the step to the instant.
    happened
        Which of them were won in the step, and which were lost.
    readiness
        That of the row in its step for wins and losses.
    ahead
        That of each step to come.
    """

    rows: Integers
    step: Integers
    weights: Floats
    days_since: Floats
    happened: tuple[Integers, Integers]
    readiness: tuple[Floats, Floats]
    ahead: tuple[Floats, Floats]

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(self.ahead[0])


def _observed(
    past: Landmarks, at: int, ends_days: Floats, weights: Floats, rhythms: Rhythms | None
) -> _Observed:
    elapsed = (at - past.at) / DAY
    won, lost = (past.won_at - past.at) / DAY, (past.lost_at - past.at) / DAY
    over = np.minimum(won, lost)
    instants, of_row = np.unique(past.at, return_inverse=True)
    spans = list(pairwise([0.0, *ends_days]))
    at_risk = [np.flatnonzero((elapsed >= ends) & (over >= begins)) for begins, ends in spans]
    rows = np.concatenate(at_risk)
    counts = [len(each) for each in at_risk]
    step = np.repeat(np.arange(len(spans)), counts)
    ends_of = np.repeat(np.asarray(ends_days), counts)
    cell = step * len(instants) + of_row[rows]
    ready = [readiness(rhythms, instants, span) for span in spans]
    to_come = [ahead(rhythms, at, span) for span in spans]
    return _Observed(
        rows=rows,
        step=step,
        weights=weights[rows],
        days_since=elapsed[rows] - ends_of,
        happened=(
            np.flatnonzero(won[rows] < ends_of),
            np.flatnonzero(lost[rows] < ends_of),
        ),
        readiness=(
            np.concatenate([each[0] for each in ready])[cell],
            np.concatenate([each[1] for each in ready])[cell],
        ),
        ahead=(
            np.array([each[0] for each in to_come]),
            np.array([each[1] for each in to_come]),
        ),
    )


def _curves(
    cells: Cells,
    places: Integers,
    seen: _Observed,
    half_life_days: float | None,
    settings: RiskSettings,
) -> tuple[Floats, Floats]:
    weights = seen.weights
    if half_life_days is not None:
        weights = weights * np.exp2(-seen.days_since / half_life_days)
    hazards = [
        to_come[:, None, None, None]
        * _shrunk(
            cells.sums(places[happened], weights[happened], seen.steps),
            cells.sums(places, weights * ready, seen.steps),
            settings.shrinkage,
        )
        for happened, ready, to_come in zip(seen.happened, seen.readiness, seen.ahead, strict=True)
    ]
    # Hazards of a step are scaled down where together they would decide more than every deal.
    together = np.maximum(hazards[0] + hazards[1], 1.0)
    won, lost = np.zeros((*cells.shape, seen.steps)), np.zeros((*cells.shape, seen.steps))
    sure = np.zeros(cells.shape), np.zeros(cells.shape)
    for step in range(seen.steps):
        still_open = 1.0 - sure[0] - sure[1]
        wins, losses = (hazard[step] / together[step] for hazard in hazards)
        sure = sure[0] + still_open * wins, sure[1] + still_open * losses
        won[..., step], lost[..., step] = sure
    return won, lost


def _shrunk(events: Floats, at_risk: Floats, belief: float) -> Floats:
    """Return hazards by step and cell, each pulled to its stage and age, that to its stage, to all.

    Without differences of due, stage and age are the last word.
    """
    every = (1, 2, 3)
    whole = np.maximum(at_risk.sum(axis=every, keepdims=True), 1e-12)
    hazards: Floats = events.sum(axis=every, keepdims=True) / whole
    for pooled in ((2, 3), (3,)):
        count, risk = (part.sum(axis=pooled, keepdims=True) for part in (events, at_risk))
        hazards = (count + belief * hazards) / (risk + belief)
    finest = (events + belief * hazards) / (at_risk + belief)
    dues = (at_risk.sum(axis=(1, 2)) > 0).sum(axis=1)[:, None, None, None]
    return np.where(dues == 1, hazards, finest)


def _weights(past: Landmarks, settings: RiskSettings) -> Floats:
    known = np.isfinite(past.amount) & (past.amount > 0)
    if not settings.by_amount or not known.any():
        return np.ones(len(past.at))
    cut = np.minimum(past.amount, np.quantile(past.amount[known], settings.largest_weight))
    weights: Floats = np.where(known, cut / cut[known].mean(), 1.0)
    return weights


def _distinct(past: Landmarks, moments: Floats) -> int:
    return len(np.unique(past.deal[np.isfinite(moments)]))
