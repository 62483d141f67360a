"""A model that is a sum: a start, and one curve or table a feature.

    log-odds = start + sum over features of contribution(value)

so what each feature contributes to a score is not estimated afterwards, it is the score.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.arrays import Floats
from core.deals.columns import Features


@dataclass(frozen=True)
class Curve:
    """What a number contributes: a line on some knots, level beyond them, or a step function.

    Parameters
    ----------
    knots
        Values at which the contribution is known, ascending.
    heights
        Contribution at each; for steps, from each knot on, with one height more, the first,
        for what lies below all knots.
    missing
        Contribution where the value is not known.
    is_stepped
        Whether the contribution stays level between knots.
    """

    knots: Floats
    heights: Floats
    missing: float
    is_stepped: bool

    def of(self, values: Floats) -> Floats:
        """Return the contribution of each value."""
        known = np.nan_to_num(values)
        if self.is_stepped:
            heights = self.heights[np.searchsorted(self.knots, known, side="right")]
        else:
            heights = np.interp(known, self.knots, self.heights)
        return np.where(np.isfinite(values), heights, self.missing)

    def scaled(self, by: float) -> "Curve":
        """Return the curve with every contribution multiplied."""
        return replace(self, heights=self.heights * by, missing=self.missing * by)


@dataclass(frozen=True)
class Curves:
    """Curves of one number that are added up: lines and steps cannot be one curve."""

    parts: tuple[Curve, ...]

    def of(self, values: Floats) -> Floats:
        """Return the contribution of each value."""
        total: Floats = np.sum([part.of(values) for part in self.parts], axis=0)
        return total

    def scaled(self, by: float) -> "Curves":
        """Return the curves with every contribution multiplied."""
        return Curves(tuple(part.scaled(by) for part in self.parts))


@dataclass(frozen=True)
class Additive:
    """A fitted sum.

    Parameters
    ----------
    start
        Log-odds before anything is known of a deal.
    curves
        One a number, in the order of the features.
    tables
        Contribution of each level of a name, the last one for other or unknown names.
    """

    start: float
    curves: tuple[Curve | Curves, ...]
    tables: tuple[Floats, ...]

    def contributions(self, features: Features) -> Floats:
        """Return what each feature adds to the log-odds, row x feature."""
        columns = [
            curve.of(number.values)
            for curve, number in zip(self.curves, features.numbers, strict=True)
        ]
        columns += [
            table[name.codes] for table, name in zip(self.tables, features.names, strict=True)
        ]
        return np.stack(columns, axis=1) if columns else np.zeros((len(features), 0))

    def log_odds(self, features: Features) -> Floats:
        """Return the log-odds of each row."""
        total: Floats = self.start + self.contributions(features).sum(axis=1)
        return total

    def scaled(self, slope: float, intercept: float) -> "Additive":
        """Return the model whose log-odds are ``slope x log-odds + intercept``: still a sum."""
        return Additive(
            slope * self.start + intercept,
            tuple(curve.scaled(slope) for curve in self.curves),
            tuple(table * slope for table in self.tables),
        )


def base_rate(features: Features, share: float) -> Additive:
    """Return the model that says the same of every deal."""
    return Additive(
        float(np.log(share / (1 - share))),
        tuple(Curve(np.zeros(1), np.zeros(1), 0.0, is_stepped=False) for _ in features.numbers),
        tuple(np.zeros(len(name.levels) + 1) for name in features.names),
    )


def probability(log_odds: Floats) -> Floats:
    """Return the probability behind log-odds, without overflow."""
    half: Floats = 0.5 * (1 + np.tanh(log_odds / 2))
    return half


def logit(share: Floats) -> Floats:
    """Return the log-odds of a probability strictly between 0 and 1.

    >>> float(logit(np.array([0.5]))[0])
    0.0
    """
    log_odds: Floats = np.log(share) - np.log1p(-share)
    return log_odds


def mean_of(models: Sequence[Additive]) -> Additive:
    """Return the model whose contributions are the means of those of several: a sum again."""
    scaled = [model.scaled(1 / len(models), 0.0) for model in models]
    curves = zip(*(model.curves for model in scaled), strict=True)
    tables = zip(*(model.tables for model in scaled), strict=True)
    return Additive(
        sum(model.start for model in scaled),
        tuple(_together(parts) for parts in curves),
        tuple(np.sum(parts, axis=0) for parts in tables),
    )


def _together(curves: Sequence[Curve | Curves]) -> Curves:
    """Add up curves; lines become one line on all of their knots, which is the same and faster."""
    parts = [part for one in curves for part in (one.parts if isinstance(one, Curves) else (one,))]
    lines = [part for part in parts if not part.is_stepped]
    steps = tuple(part for part in parts if part.is_stepped)
    if not lines:
        return Curves(steps)
    knots = np.unique(np.concatenate([line.knots for line in lines]))
    heights = np.sum([np.interp(knots, line.knots, line.heights) for line in lines], axis=0)
    missing = sum(line.missing for line in lines)
    return Curves((Curve(knots, heights, missing, is_stepped=False), *steps))
