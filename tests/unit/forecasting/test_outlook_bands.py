"""The interval is as wide as past errors say, and never narrower than independent deals."""

import numpy as np
import pytest

from core.forecasting.outlook_bands import BandRule, spread_factors

PLAIN = BandRule(belief_errors=1e-9, belief_factor=1.0, other_horizons=0.0)
Z80 = 1.2815515655446004


def factors(z, over=None, rule=PLAIN):
    z = np.array(z, dtype=float)
    return spread_factors(z, np.ones_like(z, dtype=bool) if over is None else over, rule)


def test_the_width_is_the_80_per_cent_quantile_of_past_errors():
    # Errors 1 to 10 spreads: the middle of the weights reaches 0.8 at 8.5.
    assert factors(np.arange(1.0, 11.0)[:, None])[0] == pytest.approx(8.5 / Z80)


def test_small_errors_do_not_make_it_narrower_than_chance():
    assert factors(np.full((10, 1), 0.1))[0] == 1.0


def test_errors_that_were_not_over_then_are_not_looked_at():
    z = np.array([[1.0], [50.0]])

    assert factors(z, np.array([[True], [False]]))[0] == 1.0


def test_without_errors_the_belief_stands_in():
    believed = BandRule(belief_errors=5.0, belief_factor=1.25, other_horizons=0.25)

    assert factors(np.full((1, 2), np.nan), rule=believed) == pytest.approx([1.25, 1.25], rel=0.05)


def test_errors_at_other_horizons_count_a_little():
    z = np.array([[0.5, 9.0]] * 8)
    rule = BandRule(belief_errors=1e-9, belief_factor=1.0, other_horizons=0.25)

    near, far = factors(z, rule=rule)

    assert near < far
    assert factors(z, rule=rule)[0] >= factors(z)[0]
