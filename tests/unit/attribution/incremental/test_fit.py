"""The estimate, against rates that can be divided by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.attribution.incremental.fit import Penalty, bounded_step, maximise
from core.attribution.incremental.likelihood import Coefficients, Design
from core.attribution.incremental.links import Additive, Multiplicative

NO_PENALTY = Penalty(np.zeros(1))
START = Coefficients(np.log([0.01]), np.array([0.1]))


def two_groups(wins_touched: float) -> Design:
    """1,000 days untouched with 10 wins; 500 days at stock 1 with some."""
    return Design(
        np.ones((2, 1)), np.array([[0.0], [1.0]]), np.array([1000.0, 500.0]),
        np.array([10.0, wins_touched]),
    )  # fmt: skip


def test_additive_effect_is_the_ratio_of_rates_less_one():
    found = maximise(two_groups(20.0), Additive(), NO_PENALTY, START).coefficients
    assert np.exp(found.baseline[0]) == pytest.approx(0.01, rel=1e-3)  # 10 / 1,000
    assert found.effects[0] == pytest.approx(3.0, rel=1e-3)  # (20 / 500) / .01 - 1


def test_multiplicative_effect_is_the_logarithm_of_the_ratio():
    found = maximise(two_groups(20.0), Multiplicative(), NO_PENALTY, START).coefficients
    assert found.effects[0] == pytest.approx(np.log(4.0), rel=1e-3)


def test_a_channel_that_seems_to_harm_gets_zero_and_never_less():
    found = maximise(two_groups(1.0), Additive(), NO_PENALTY, START).coefficients
    assert found.effects.tolist() == [0.0]
    assert np.exp(found.baseline[0]) == pytest.approx(11 / 1500, rel=1e-3)  # pooled rate


@given(
    st.lists(st.floats(-5, 5), min_size=4, max_size=4),
    st.lists(st.floats(0, 2), min_size=3, max_size=3),
    st.integers(0, 1000),
)
def test_a_bounded_step_is_the_best_step_that_keeps_effects_at_or_above_zero(score, effects, seed):
    root = np.random.default_rng(seed).standard_normal((6, 4))
    information = root.T @ root + 0.1 * np.eye(4)
    at = Coefficients(np.zeros(1), np.array(effects))
    step = bounded_step(information, np.array(score), at)
    pull = np.array(score) - information @ step  # gradient of the quadratic model
    room = at.effects + step[1:]
    assert (room >= -1e-9).all()
    assert abs(pull[0]) < 1e-4
    assert (pull[1:] < 1e-4).all()
    assert (np.abs(pull[1:]) * np.maximum(room, 0.0) < 1e-3).all()
