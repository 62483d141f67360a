"""Interval half widths, against numbers worked out by hand."""

from math import sqrt

import numpy as np
import pytest

from core.forecasting.conformal import (
    IntervalRule,
    conformal_quantile,
    error_growth,
    half_widths,
    student_quantile,
)

FLAT = {"growth": 0.0, "growth_errors": 10**12}
ONLY_CONFORMAL = IntervalRule(conformal_errors=0, **FLAT)
NO_PRIOR = IntervalRule(prior_origins=0.0, origin_worth=1.0, conformal_errors=10**12, **FLAT)
NOTHING = np.full((1, 2), np.nan)


@pytest.mark.parametrize(
    ("percent", "expected"),
    [
        (50, 5.0),  # 10 * 0.50 = 5th of nine
        (85, 8.5),  # 10 * 0.85 = half way from the 8th to the 9th
        (90, 9.0),  # 10 * 0.90 = 9th
        (95, 9.0),  # 10 * 0.95 = 9.5th, which is not there: the largest
    ],
)
def test_the_conformal_quantile_is_a_rank_of_n_plus_one(percent, expected):
    assert conformal_quantile(range(1, 10), percent) == pytest.approx(expected)


@pytest.mark.parametrize("n", [5, 12, 33])
@pytest.mark.parametrize("percent", [50, 80])
def test_the_conformal_quantile_holds_what_it_promises_on_average(n, percent):
    # Of n evenly distributed errors from 0 to 1 the k-th smallest is k / (n + 1) on average.
    usual = np.arange(1, n + 1) / (n + 1)
    assert conformal_quantile(usual, percent) == pytest.approx(percent / 100)


def test_with_conformal_weight_only_the_pooled_rank_is_the_half_width():
    errors = np.array([[1.0, -2.0], [3.0, -4.0]])  # rank 5 * 0.5 = 2.5 of 1, 2, 3, 4
    assert half_widths(errors, 100, 50, ONLY_CONFORMAL) == pytest.approx([2.5, 2.5])


def test_with_no_prior_the_scaled_quantile_is_students_t_times_the_rms_error():
    errors = np.array([[3.0], [-4.0]])
    # s = sqrt((9 + 16) / 2), t(2) at 97.5 % = 4.302653
    assert half_widths(errors, 100, 95, NO_PRIOR) == pytest.approx([sqrt(12.5) * 4.302653])


def test_without_any_error_the_prior_alone_speaks():
    rule = IntervalRule(prior_origins=2.0, prior_share=0.2, **FLAT)
    # 20 % of a level of 50 is 10; t(2) at 90 % = 1.885618
    assert half_widths(NOTHING, 50, 80, rule) == pytest.approx([18.85618, 18.85618])


def test_prior_and_errors_are_pooled_by_their_weights():
    rule = IntervalRule(
        prior_origins=2.0,
        prior_share=0.2,
        prior_fades_at=2,
        origin_worth=1.0,
        conformal_errors=10**12,
        **FLAT,
    )
    # one origin: k = 1, prior = 2 * (1 - 1/2) = 1, s**2 = (36 + 100) / 2, t(2) at 90 %
    assert half_widths(np.array([[6.0]]), 50, 80, rule) == pytest.approx([sqrt(68) * 1.885618])


def test_the_prior_has_no_weight_once_it_has_faded():
    errors = np.zeros((8, 3))
    assert half_widths(errors, 1_000, 95).tolist() == [0.0, 0.0, 0.0]


def test_blend_weight_is_errors_over_errors_plus_constant():
    rule = IntervalRule(prior_origins=0.0, origin_worth=1.0, conformal_errors=2, **FLAT)
    errors = np.array([[3.0], [-4.0]])  # w = 2 / (2 + 2); conformal: rank 3 * 0.5 = 1.5 is 3.5
    scaled = sqrt(12.5) * student_quantile(50, 2)
    assert half_widths(errors, 1, 50, rule) == pytest.approx([(3.5 + scaled) / 2])


def test_growth_seen_is_the_slope_of_log_error_over_log_horizon():
    rule = IntervalRule(growth=0.0, growth_errors=0)
    errors = np.array([[1.0, 2.0], [-1.0, -2.0]])  # log 2 / log 2 = 1
    assert error_growth(errors, rule) == pytest.approx(1.0)


def test_growth_is_drawn_halfway_to_the_prior_when_they_weigh_the_same():
    rule = IntervalRule(growth=0.1, growth_errors=4)
    errors = np.array([[1.0, 2.0], [-1.0, -2.0]])  # (1.0 + 0.1) / 2
    assert error_growth(errors, rule) == pytest.approx(0.55)


@pytest.mark.parametrize("errors", [NOTHING, np.array([[1.0, np.nan]]), np.zeros((3, 2))])
def test_growth_is_the_prior_where_no_slope_can_be_seen(errors):
    assert error_growth(errors, IntervalRule(growth=0.1)) == 0.1


def test_a_shrinking_error_is_not_projected():
    rule = IntervalRule(growth_errors=0)
    assert error_growth(np.array([[4.0, 2.0]]), rule) == 0.0


def test_half_widths_grow_with_the_horizon():
    reach = half_widths(NOTHING, 50, 80, IntervalRule(growth=0.5))
    assert reach[1] / reach[0] == pytest.approx(sqrt(2))


@pytest.mark.parametrize(("percent", "expected"), [(80, 1.372184), (95, 2.228139)])
def test_students_t_matches_the_printed_table(percent, expected):
    assert student_quantile(percent, 10) == pytest.approx(expected, abs=1e-6)
