"""The band is as wide as past errors say, learned from windows that were over, never too narrow."""

import numpy as np
import pytest

from core.forecasting.histories import DAY
from core.forecasting.spread import PastForecasts, spread_factors


def past(z, ends=(7.0,), every_days=7):
    """Forecasts of 100 with a spread of 10 whose errors are given in spreads, a week apart."""
    errors = np.asarray(z, dtype=float).reshape(-1, len(ends))
    shape = errors.shape
    return PastForecasts(
        origins=np.arange(shape[0], dtype=np.int64) * every_days * DAY,
        ends_days=np.asarray(ends),
        expected=np.full(shape, 100.0),
        sd=np.full(shape, 10.0),
        actual=100.0 + 10.0 * errors,
    )


NOW = 1000 * DAY


def test_without_past_errors_deals_are_taken_as_independent():
    assert spread_factors(past([]), NOW, 30).tolist() == [1.0]


def test_errors_as_expected_of_independent_deals_leave_the_band_alone():
    errors = np.random.default_rng(1).standard_normal(200)

    assert spread_factors(past(errors), 200 * 7 * DAY, 30)[0] == pytest.approx(1, abs=0.15)


def test_errors_twice_as_large_double_the_band():
    errors = 2 * np.random.default_rng(1).standard_normal(200)

    assert spread_factors(past(errors), 200 * 7 * DAY, 30)[0] == pytest.approx(2, abs=0.3)


def test_errors_smaller_than_luck_do_not_narrow_it():
    assert spread_factors(past(np.full(50, 0.1)), NOW, 30)[0] == 1.0


def test_a_window_that_is_not_over_teaches_nothing():
    wild = past([1.0] * 5 + [50.0])

    assert spread_factors(wild, 5 * 7 * DAY, 30)[0] < 2


def test_errors_of_other_horizons_help_where_there_are_none():
    both = past([[3.0, np.nan]] * 6, ends=(7.0, 28.0))

    assert spread_factors(both, NOW, 30)[1] == 1.0  # no error of its own: not chosen, not guessed
    assert spread_factors(both, NOW, 30)[0] > 2


def test_coverage_of_bands_set_one_after_another_is_close_to_nominal():
    random = np.random.default_rng(4)
    errors = 1.8 * random.standard_t(8, 120)
    inside = [
        abs(errors[k]) <= 1.2816 * spread_factors(past(errors[:k]), k * 7 * DAY, 60)[0]
        for k in range(20, 120, 2)
    ]

    assert 0.66 <= np.mean(inside) <= 0.92  # 80 % of 50, two standard errors either side and a bit
