"""Draws belong to events: the same event draws the same number in every world."""

import numpy as np
import pytest

from core.crm.demo.chance import Chance

CHANCE = Chance(7)
KEYS = np.arange(20_000)


def test_a_draw_does_not_depend_on_what_else_is_drawn():
    everyone = CHANCE.uniform("touch", KEYS, 3)
    some = CHANCE.uniform("touch", KEYS[::-7], 3)
    assert np.array_equal(everyone[::-7], some)


def test_names_keys_and_seeds_give_other_numbers():
    drawn = CHANCE.uniform("touch", KEYS)
    others = (Chance(8).uniform("touch", KEYS), CHANCE.uniform("win", KEYS))
    for other in others:
        assert abs(np.corrcoef(drawn, other)[0, 1]) < 0.03


def test_uniform_numbers_fill_the_open_unit_interval_evenly():
    drawn = CHANCE.uniform("even", KEYS)
    counts, _ = np.histogram(drawn, bins=10, range=(0, 1))
    # 20,000 draws in 10 bins: 2,000 each, standard deviation sqrt(20,000 x 0.1 x 0.9) = 42
    assert np.abs(counts - 2_000).max() < 5 * 42
    assert 0.0 < drawn.min() < drawn.max() < 1.0


def test_normal_numbers_have_mean_0_and_variance_1():
    drawn = CHANCE.normal("bell", KEYS)
    assert drawn.mean() == pytest.approx(0.0, abs=0.03)
    assert drawn.var() == pytest.approx(1.0, abs=0.05)


def test_counts_have_the_mean_and_the_variance_of_their_rate():
    drawn = CHANCE.poisson("count", np.full(KEYS.size, 2.5), KEYS)
    assert drawn.mean() == pytest.approx(2.5, abs=0.05)
    assert drawn.var() == pytest.approx(2.5, abs=0.12)


def test_a_higher_rate_never_means_fewer():
    low = CHANCE.poisson("count", np.full(KEYS.size, 1.0), KEYS)
    high = CHANCE.poisson("count", np.full(KEYS.size, 1.3), KEYS)
    assert (high >= low).all()


def test_positions_are_picked_in_proportion_to_weights():
    picked = CHANCE.pick("pick", [1.0, 3.0], KEYS)
    assert picked.mean() == pytest.approx(0.75, abs=0.015)
