"""The likelihood of winning when it did: person-periods, grouped where they are alike."""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from core.attribution.incremental.links import Floats, Link, Response

_HIGHEST_LOG: Final = 30.0


@dataclass(frozen=True)
class Design:
    """Person-periods as the likelihood reads them.

    A row is any number of person-periods with equal covariates, so that a reduction in an
    engine can hand over counts instead of periods.

    Parameters
    ----------
    baseline
        Rows x covariates: what tells accounts and moments apart, touches aside.
    stock
        Rows x channels: faded touches, not negative.
    days
        Time at risk in the row, in days; 0 in a row that only holds the moment of a win.
    events
        Wins in the row.
    offset
        A known part of the log baseline, if there is one.
    """

    baseline: Floats
    stock: Floats
    days: Floats
    events: Floats
    offset: Floats | float = 0.0

    def with_stock(self, stock: Floats) -> Self:
        """Return the same rows with touches faded differently."""
        return replace(self, stock=stock)

    def weighted(self, weight: Floats) -> Self:
        """Return the same rows counted a number of times each, as a resample does."""
        return replace(self, days=self.days * weight, events=self.events * weight)


@dataclass(frozen=True)
class Coefficients:
    """What a fit estimates: covariates of the baseline and one effect for each channel."""

    baseline: Floats
    effects: Floats

    def joined(self) -> Floats:
        """Return both as one vector."""
        return np.concatenate([self.baseline, self.effects])

    def moved(self, step: Floats) -> "Coefficients":
        """Return the coefficients after a step; an effect stops at zero."""
        cut = self.baseline.size
        return Coefficients(self.baseline + step[:cut], np.maximum(self.effects + step[cut:], 0.0))


@dataclass(frozen=True)
class Slope:
    """Value, gradient and expected information of the log likelihood at one point."""

    value: float
    score: Floats
    information: Floats


def respond(design: Design, link: Link, at: Coefficients) -> Response:
    """Return the log hazard of each row."""
    return link.respond(design.offset + design.baseline @ at.baseline, design.stock @ at.effects)


def log_likelihood(design: Design, link: Link, at: Coefficients) -> float:
    """Return how well the coefficients tell when wins happened.

    With hazard h a day, time at risk t and wins d in each row, the piecewise exponential
    likelihood is ``sum(d log h - t h)``.

    >>> import numpy as np
    >>> from core.attribution.incremental.links import Additive
    >>> rows = Design(np.ones((2, 1)), np.array([[0.0], [1.0]]), np.array([10.0, 5.0]),
    ...               np.array([0.0, 1.0]))
    >>> at = Coefficients(np.log([0.01]), np.array([2.0]))
    >>> round(log_likelihood(rows, Additive(), at), 6)  # log .03 - (10 x .01 + 5 x .03)
    -3.756558
    """
    log_hazard = respond(design, link, at).log_hazard
    return float(design.events @ log_hazard - design.days @ _hazard(log_hazard))


def row_scores(design: Design, link: Link, at: Coefficients) -> Floats:
    """Return each row's part of the gradient, rows x coefficients."""
    response = respond(design, link, at)
    surprise = design.events - design.days * _hazard(response.log_hazard)
    return surprise[:, None] * _jacobian(design, response)


def slope(design: Design, link: Link, at: Coefficients) -> Slope:
    """Return value, gradient and expected information at one point."""
    response = respond(design, link, at)
    expected = design.days * _hazard(response.log_hazard)
    jacobian = _jacobian(design, response)
    return Slope(
        float(design.events @ response.log_hazard - expected.sum()),
        jacobian.T @ (design.events - expected),
        jacobian.T @ (expected[:, None] * jacobian),
    )


def _hazard(log_hazard: Floats) -> Floats:
    """Return the hazard; a trial step may reach for a hazard that no number can hold."""
    return np.asarray(np.exp(np.minimum(log_hazard, _HIGHEST_LOG)), dtype=np.float64)


def _jacobian(design: Design, response: Response) -> Floats:
    return np.concatenate(
        [
            response.by_baseline[:, None] * design.baseline,
            response.by_pressure[:, None] * design.stock,
        ],
        axis=1,
    )
