"""The model a company's history can carry, chosen by what it would have said of later deals."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped] # it ships no types

from core.arrays import Floats
from core.deals.additive import Additive, base_rate, mean_of
from core.deals.boosting import fit_boosting
from core.deals.columns import OWNER_RATE, TABLE_FACTORS, Features
from core.deals.logistic import Ridge, fit_logistic
from core.deals.record import CalibrationRecord, Past, gain, judge, losses
from core.deals.validation import (
    Fit,
    OutOfTime,
    Sample,
    calibration,
    folds,
    out_of_time,
    together,
)

MIN_EVENTS: Final = 20
"""Deals won, and deals lost, below which every deal gets the base rate."""

MIN_DEALS_TO_BEND: Final = 300
"""Closed deals below which only straight lines are fitted."""

SURE: Final = 2.0
"""Standard errors by which a model must beat the base rate out of time to be believed."""


class Verdict(StrEnum):
    """Whether the score knows more than the base rate."""

    FOUND = "signal"
    NONE = "no signal"
    TOO_FEW = "too few deals"


@dataclass(frozen=True)
class Candidate:
    """A kind of model: its name, what it is called, and how it is fitted."""

    name: str
    title: str
    fit: Fit


FOR_A_WIN: Final = frozenset({OWNER_RATE})
"""Numbers of which more cannot speak against a win. Learned so from few deals, they stand for
something else, such as who gets the renewals: then they are not learned from."""


def _in_its_sense(fit: Fit) -> Fit:
    """Return a fit that leaves out what it would learn against all sense."""

    def fitted(features: Features, won: Floats, weights: Floats) -> Additive:
        model = fit(features, won, weights)
        against = frozenset(
            one.name
            for one, curve in zip(features.numbers, model.curves, strict=True)
            if one.name in FOR_A_WIN and _falls(one.values, curve.of(one.values))
        )
        return fit(features.without(against), won, weights) if against else model

    return fitted


def _falls(values: Floats, contributions: Floats) -> bool:
    known = np.isfinite(values)
    if not known.any():
        return False
    apart = values[known] - values[known].mean()
    return bool(apart @ contributions[known] < 0)


def _straight(features: Features, won: Floats, weights: Floats) -> Additive:
    return fit_logistic(features, won, weights, Ridge(belief=12.0))


def _bent(features: Features, won: Floats, weights: Floats) -> Additive:
    return fit_logistic(features, won, weights, Ridge(belief=12.0, bends=(0.2, 0.5, 0.8)))


BASE_RATE: Final = "base_rate"

CANDIDATES: Final = (
    Candidate("logistic", "Logistic regression", _in_its_sense(_straight)),
    Candidate("bent_logistic", "Logistic regression with bends", _in_its_sense(_bent)),
    Candidate("boosting", "Additive gradient boosting", _in_its_sense(fit_boosting)),
)
"""The models, the simplest first; the first is the only one for short histories."""


def _mean(features: Features, won: Floats, weights: Floats) -> Additive:
    return mean_of([one.fit(features, won, weights) for one in CANDIDATES])


BLEND: Final = Candidate("blend", "Mean of logistic regressions and gradient boosting", _mean)
"""What the models say on average: each errs in its own way."""


@dataclass(frozen=True)
class Tried:
    """One candidate in the comparison: its loss out of time, in nats a snapshot."""

    name: str
    title: str
    log_loss: float


@dataclass(frozen=True)
class WinModel:
    """How likely a deal is to be won in the end, and what that claim was worth in the past.

    Parameters
    ----------
    name, title
        Which model it is.
    verdict
        Whether it knows more than the base rate.
    score
        The calibrated model; the base rate for every deal when there is no signal.
    known
        What stage, time in stage and expected close alone say; scores tilt the pipeline forecast
        by how far they differ from it.
    record
        How the chosen candidate did out of time, also when it is not used; None when it could
        not be tried.
    tried
        The comparison.
    won, lost
        Deals it learned from.
    surety
        Standard errors by which it beat the base rate.
    """

    name: str
    title: str
    verdict: Verdict
    score: Additive
    known: Additive
    record: CalibrationRecord | None
    tried: tuple[Tried, ...]
    won: int
    lost: int
    surety: float | None

    @property
    def base_rate(self) -> float:
        """Share of decided deals that were won, as if one more had been won and one more lost."""
        return (self.won + 1) / (self.won + self.lost + 2)


def choose_model(rows: Sample) -> WinModel:
    """Fit what the history can carry and keep it if it beats the base rate on later deals."""
    # The matrices are small: on a busy machine several threads wait for one another, 20 times
    # slower than one.
    with threadpool_limits(limits=1, user_api="blas"):
        return _chosen(rows)


def _chosen(rows: Sample) -> WinModel:
    won, lost = rows.events
    share = (won + 1) / (won + lost + 2)  # without any deal: a half
    plain = base_rate(rows.features, share)
    known = base_rate(rows.features.only(TABLE_FACTORS), share)
    nothing = WinModel(
        BASE_RATE, "Base rate", Verdict.TOO_FEW, plain, known, None, (), won, lost, None
    )
    split = folds(rows) if min(won, lost) >= MIN_EVENTS else []
    if not split:
        return nothing
    candidates = CANDIDATES if won + lost >= MIN_DEALS_TO_BEND else CANDIDATES[:1]
    answers = [(one, out_of_time(rows, split, one.fit)) for one in candidates]
    if len(answers) > 1:
        answers.append((BLEND, together(rows, split, [answer for _, answer in answers])))
    tried = tuple(_tried(one, answer, rows) for one, answer in answers)
    best, answer = answers[int(np.argmin([line.log_loss for line in tried]))]
    past = answer.past(rows)
    surety = gain(past, rows.company[answer.rows])
    checked = replace(nothing, record=_record(past, answer, rows), tried=tried, surety=surety)
    if surety < SURE:
        return replace(checked, verdict=Verdict.NONE)
    return replace(
        checked,
        name=best.name,
        title=best.title,
        verdict=Verdict.FOUND,
        score=_calibrated(rows, answer, best.fit),
        known=_known(rows, best.fit),
    )


def _tried(one: Candidate, answer: OutOfTime, rows: Sample) -> Tried:
    past = answer.past(rows)
    return Tried(one.name, one.title, float(np.mean(losses(past.probability, past.won))))


def _record(past: Past, answer: OutOfTime, rows: Sample) -> CalibrationRecord:
    asked = rows.at[answer.rows]
    first, last = (
        datetime.fromtimestamp(int(moment) - 1, UTC).date() for moment in (asked.min(), asked.max())
    )
    return judge(past, first, last)


def _calibrated(rows: Sample, answer: OutOfTime, fit: Fit) -> Additive:
    slope, intercept = calibration(rows, answer.rows, answer.log_odds)
    return rows.fitted(fit).scaled(slope, intercept)


def _known(rows: Sample, fit: Callable[[Features, Floats, Floats], Additive]) -> Additive:
    return fit(rows.features.only(TABLE_FACTORS), rows.won, rows.weights())
