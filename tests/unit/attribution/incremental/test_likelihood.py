"""The likelihood of winning, against numbers worked out by hand."""

import numpy as np
import pytest

from core.attribution.incremental.likelihood import (
    Coefficients,
    Design,
    log_likelihood,
    row_scores,
    slope,
)
from core.attribution.incremental.links import LINKS, Additive, Multiplicative, Saturating

# Two stretches at risk and one win: 10 days untouched, 4 days at stock 0.5, a win at stock 2.
ROWS = Design(
    baseline=np.ones((3, 1)),
    stock=np.array([[0.0], [0.5], [2.0]]),
    days=np.array([10.0, 4.0, 0.0]),
    events=np.array([0.0, 0.0, 1.0]),
)
AT = Coefficients(np.log([0.02]), np.array([1.5]))


def test_additive_likelihood_is_log_hazard_at_the_win_less_hazard_times_days():
    # log(.02 x (1 + 1.5 x 2)) - .02 x 10 - .02 x (1 + 1.5 x .5) x 4 = log .08 - .2 - .14
    assert log_likelihood(ROWS, Additive(), AT) == pytest.approx(np.log(0.08) - 0.34)


def test_multiplicative_likelihood_uses_the_exponential():
    # log(.02 e^3) - .02 x 10 - .02 e^.75 x 4
    expected = np.log(0.02) + 3.0 - 0.2 - 0.08 * np.exp(0.75)
    assert log_likelihood(ROWS, Multiplicative(), AT) == pytest.approx(expected)


def test_saturating_likelihood_stays_below_its_ceiling():
    # lift = 1 + 3 (1 - e^(-s / 3)) at s = 3 and s = .75
    lifts = 1 + 3 * (1 - np.exp(-np.array([3.0, 0.75]) / 3))
    expected = np.log(0.02 * lifts[0]) - 0.2 - 0.02 * lifts[1] * 4
    assert log_likelihood(ROWS, Saturating(3.0), AT) == pytest.approx(expected)


@pytest.mark.parametrize("name", LINKS)
def test_gradient_is_the_slope_of_the_likelihood(name):
    link, step = LINKS[name], 1e-6
    nudged = [
        log_likelihood(ROWS, link, Coefficients(AT.baseline + a * step, AT.effects + b * step))
        for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1))
    ]
    numeric = [(nudged[0] - nudged[1]) / (2 * step), (nudged[2] - nudged[3]) / (2 * step)]
    assert slope(ROWS, link, AT).score == pytest.approx(numeric, rel=1e-5)
    assert row_scores(ROWS, link, AT).sum(axis=0) == pytest.approx(numeric, rel=1e-5)


def test_grouped_person_periods_give_the_likelihood_of_the_single_ones():
    single = Design(
        np.ones((4, 1)), np.array([[1.0]] * 4), np.full(4, 7.0), np.array([0.0, 1.0, 0.0, 0.0])
    )
    grouped = Design(np.ones((1, 1)), np.array([[1.0]]), np.array([28.0]), np.array([1.0]))
    for link in LINKS.values():
        one, other = (log_likelihood(rows, link, AT) for rows in (single, grouped))
        assert one == pytest.approx(other)
