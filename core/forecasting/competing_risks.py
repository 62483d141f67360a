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
class Outcomes:
    """Probability that each deal is won, lost or still open at the end of each step."""

    ends_days: Floats
    won: Floats
    lost: Floats

    @property
    def slipped(self) -> Floats:
        """Neither won nor lost by then."""
        return 1.0 - self.won - self.lost


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


def step_ends(
    horizon_days: float, step_days: int = 7, marks_days: tuple[float, ...] = ()
) -> Floats:
    """Return the ends of the steps up to a horizon, the last one cut short where it must be.

    Marks are days on which a step must end too, such as the ends of months.

    >>> step_ends(17).tolist(), step_ends(17, marks_days=(10, 30)).tolist()
    ([7.0, 14.0, 17.0], [7.0, 10.0, 14.0, 17.0])
    """
    if horizon_days <= 0:
        raise InvalidParameterError(
            f"A horizon of {horizon_days} days has no future.",
            "Choose an end after the as-of date.",
        )
    whole = np.arange(step_days, horizon_days, step_days, dtype=np.float64)
    marks = [day for day in marks_days if 0 < day < horizon_days]
    return np.unique(np.concatenate([whole, marks, [float(horizon_days)]]))


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
    steps = _observed_steps(past, at, ends_days, _weights(past, settings), rhythms)
    curves = [
        _curves(cells, steps, half_life, settings)
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
class _Step:
    """Rows at risk in one step that was over at the instant, and what happened to them in it.

    ``readiness`` is that of each row in its step for wins and losses, ``ahead`` that of the step to
    come.
    """

    rows: Integers
    weights: Floats
    won: Floats
    lost: Floats
    days_since: Floats
    readiness: tuple[Floats, Floats]
    ahead: tuple[float, float]


def _observed_steps(
    past: Landmarks, at: int, ends_days: Floats, weights: Floats, rhythms: Rhythms | None
) -> list[_Step]:
    elapsed = (at - past.at) / DAY
    won, lost = (past.won_at - past.at) / DAY, (past.lost_at - past.at) / DAY
    over = np.minimum(won, lost)
    instants, of_row = np.unique(past.at, return_inverse=True)
    steps = []
    for begins, ends in pairwise([0.0, *ends_days]):
        rows = np.flatnonzero((elapsed >= ends) & (over >= begins))
        ready = readiness(rhythms, instants, (begins, ends))
        steps.append(
            _Step(
                rows,
                weights[rows],
                (won[rows] < ends).astype(np.float64),
                (lost[rows] < ends).astype(np.float64),
                elapsed[rows] - ends,
                (ready[0][of_row[rows]], ready[1][of_row[rows]]),
                ahead(rhythms, at, (begins, ends)),
            )
        )
    return steps


def _curves(
    cells: Cells, steps: list[_Step], half_life_days: float | None, settings: RiskSettings
) -> tuple[Floats, Floats]:
    won, lost = np.zeros((*cells.shape, len(steps))), np.zeros((*cells.shape, len(steps)))
    sure = np.zeros(cells.shape), np.zeros(cells.shape)
    for number, step in enumerate(steps):
        weights = step.weights
        if half_life_days is not None:
            weights = weights * np.exp2(-step.days_since / half_life_days)
        still_open = 1.0 - sure[0] - sure[1]
        hazards = [
            to_come
            * _shrunk(
                cells.sums(step.rows, weights * happened),
                cells.sums(step.rows, weights * ready),
                settings.shrinkage,
            )
            for happened, ready, to_come in zip(
                (step.won, step.lost), step.readiness, step.ahead, strict=True
            )
        ]
        hazards = _at_most_all(hazards)
        sure = sure[0] + still_open * hazards[0], sure[1] + still_open * hazards[1]
        won[..., number], lost[..., number] = sure
    return won, lost


def _at_most_all(hazards: list[Floats]) -> list[Floats]:
    """Scale hazards of a step down where together they would decide more than every deal."""
    together = np.maximum(sum(hazards, start=np.zeros_like(hazards[0])), 1.0)
    return [hazard / together for hazard in hazards]


def _shrunk(events: Floats, at_risk: Floats, belief: float) -> Floats:
    """Return hazards by cell, each pulled to its stage and age, that to its stage, that to all."""
    hazards: Floats = np.full((1, 1, 1), events.sum() / max(at_risk.sum(), 1e-12))
    for pooled in ((1, 2), (2,), ()):
        if pooled == () and _dues(at_risk) == 1:
            break
        count, risk = (part.sum(axis=pooled, keepdims=True) for part in (events, at_risk))
        hazards = (count + belief * hazards) / (risk + belief)
    return np.broadcast_to(hazards, events.shape)


def _dues(at_risk: Floats) -> int:
    return int((at_risk.sum(axis=(0, 1)) > 0).sum())


def _weights(past: Landmarks, settings: RiskSettings) -> Floats:
    known = np.isfinite(past.amount) & (past.amount > 0)
    if not settings.by_amount or not known.any():
        return np.ones(len(past.at))
    cut = np.minimum(past.amount, np.quantile(past.amount[known], settings.largest_weight))
    weights: Floats = np.where(known, cut / cut[known].mean(), 1.0)
    return weights


def _distinct(past: Landmarks, moments: Floats) -> int:
    return len(np.unique(past.deal[np.isfinite(moments)]))
