"""A simulated period has the mean of its deals, the spread it is told, and tells who decides it."""

import numpy as np
import polars as pl
import pytest

from core.errors import InvalidParameterError
from core.forecasting.simulate import Distribution, Simulation, deciding_deals


def simulation(**changes):
    told = {
        "amounts": np.array([100.0, 50.0, 10.0]),
        "chances": np.array([0.5, 0.2, 1.0]),
        "new_wins": 2.0,
        "new_amounts": np.array([20.0, 40.0]),
        "new_expected": 60.0,
        "spread_factor": 1.0,
    }
    return Simulation(**(told | changes))


def test_the_expectation_is_deals_by_chance_plus_new_business():
    # 100/2 + 50/5 + 10 + 60
    assert simulation().expected == pytest.approx(130)


def test_the_independent_spread_is_bernoulli_plus_compound_poisson():
    # 100^2/4 + 50^2 x 0.16 + 0 + 2 wins x (20^2 + 40^2)/2
    assert simulation().independent_sd ** 2 == pytest.approx(2500 + 400 + 2000)


def test_draws_have_the_mean_and_spread_of_the_formulas():
    drawn = simulation().draw(40_000, seed=1).totals

    assert drawn.mean() == pytest.approx(130, rel=0.01)
    assert drawn.std() == pytest.approx(4900**0.5, rel=0.02)


def test_the_shock_widens_the_draws_by_the_factor_and_keeps_their_mean():
    drawn = simulation(spread_factor=1.5).draw(60_000, seed=1).totals

    assert drawn.mean() == pytest.approx(130, rel=0.015)
    assert drawn.std() == pytest.approx(1.5 * 4900**0.5, rel=0.03)


def test_without_a_factor_there_is_no_shock():
    assert simulation().shock_sd == 0


def test_equal_seeds_differ_only_by_what_was_changed():
    base = simulation().draw(500, seed=3).totals
    more = simulation(chances=np.array([0.6, 0.2, 1.0])).draw(500, seed=3).totals

    np.testing.assert_array_equal(base, simulation().draw(500, seed=3).totals)
    assert set(more - base) <= {0.0, 100.0}


def test_new_business_without_past_wins_to_draw_from_is_its_expectation():
    bare = simulation(amounts=np.zeros(0), chances=np.zeros(0), new_amounts=np.zeros(0))

    assert set(bare.draw(10, seed=0).totals) == {60.0}


def test_totals_are_never_negative():
    assert simulation(spread_factor=4.0).draw(5_000, seed=2).totals.min() >= 0


def test_the_chance_of_a_target_counts_draws_that_reach_it():
    drawn = Distribution(np.array([1.0, 2.0, 3.0, 4.0]))

    assert drawn.chance_of(3.0) == 0.5
    assert drawn.plus(1.0).chance_of(3.0) == 0.75
    assert drawn.quantile(0.5) == 2.5


def test_a_factor_below_one_is_refused():
    with pytest.raises(InvalidParameterError, match="narrower than independent"):
        simulation(spread_factor=0.9)


def test_the_deals_that_decide_have_the_largest_variance():
    deals = pl.DataFrame(
        {"deal_id": ["sure", "big", "small"], "win_amount_minor": [900.0, 500.0, 10.0],
         "p_win": [1.0, 0.5, 0.5]}
    )  # fmt: skip
    top = deciding_deals(deals, 1)

    # big: 500^2/4 = 62,500 of 62,525
    assert top["deal_id"].to_list() == ["big"]
    assert top["variance_share"][0] == pytest.approx(62_500 / 62_525)


def test_new_business_of_deals_without_value_is_drawn_as_its_expectation():
    free = simulation(new_amounts=np.zeros(2), new_expected=0.0)

    assert free.independent_sd**2 == pytest.approx(2900)
    assert free.draw(100, seed=0).totals.max() <= 160
