"""The share won by an age is exact, sums to one with lost and open, and equals hand computation."""

import numpy as np
import pytest

from core.errors import InvalidParameterError
from core.forecasting.incidence import Fate, aalen_johansen

OPEN, WON, LOST = Fate.OPEN, Fate.WON, Fate.LOST


def test_without_open_deals_the_shares_are_plain_counts():
    curve = aalen_johansen([1, 2, 2, 4], [WON, LOST, WON, WON])

    assert curve.won_by(2) == pytest.approx(2 / 4)
    assert curve.lost_by(2) == pytest.approx(1 / 4)
    assert curve.open_after(4) == pytest.approx(0)


def test_an_open_deal_counts_at_risk_up_to_its_age_and_no_longer():
    # Day 1: 1 of 5 lost, open 4/5. Day 2: 1 of 4 won, won 4/5 x 1/4 = 1/5, open 3/5.
    # The deal open since 3 days leaves the risk set. Day 4: 1 of 2 won, won + 3/5 x 1/2 = 1/2.
    curve = aalen_johansen([1, 2, 3, 4, 9], [LOST, WON, OPEN, WON, OPEN])

    assert curve.won_by(2) == pytest.approx(1 / 5)
    assert curve.won_by(4) == pytest.approx(1 / 2)
    assert curve.open_after(4) == pytest.approx(3 / 10)
    assert curve.at_risk.tolist() == [5, 4, 2]


def test_open_at_the_moment_of_an_outcome_is_still_at_risk():
    # Day 2: won 1 of 2 at risk, the other open at that very age.
    assert aalen_johansen([2, 2], [WON, OPEN]).won_by(2) == pytest.approx(1 / 2)


def test_the_three_shares_sum_to_one_exactly():
    random = np.random.default_rng(5)
    days = random.exponential(30, 3000).round(1)
    curve = aalen_johansen(days, random.integers(0, 3, 3000))

    assert np.abs(curve.won + curve.lost + curve.still_open - 1).max() <= 1e-15
    assert curve.still_open[-1] >= -1e-12


def test_the_standard_error_is_binomial_when_no_deal_is_open():
    # n = 400, p = 1/4: sqrt(p (1 - p) / n) = 0.02165
    fates = [WON] * 100 + [LOST] * 300
    curve = aalen_johansen(np.arange(1, 401), np.random.default_rng(1).permutation(fates))

    assert curve.won_sd[-1] == pytest.approx(0.02165, rel=0.02)
    low, high = curve.band(400)
    assert (low, high) == pytest.approx((0.25 - 1.96 * 0.02165, 0.25 + 1.96 * 0.02165), abs=0.001)


def test_the_band_covers_the_truth_about_as_often_as_it_says():
    # Constant hazards, won 1 and lost 2 a day, seen until a uniform age: won by 0.3 days is
    # 1/3 (1 - exp(-0.9)) = 0.1978.
    random = np.random.default_rng(2)
    inside = 0
    for _ in range(300):
        ends = random.exponential(1 / 3, 200)
        seen_until = random.uniform(0, 1, 200)
        fates = np.where(ends > seen_until, OPEN, np.where(random.random(200) < 1 / 3, WON, LOST))
        low, high = aalen_johansen(np.minimum(ends, seen_until), fates).band(0.3)
        inside += low <= (1 - np.exp(-0.9)) / 3 <= high

    assert 0.91 <= inside / 300 <= 0.98


def test_nothing_known_means_everything_open():
    curve = aalen_johansen([], [])

    assert (curve.won_by(10), curve.lost_by(10), curve.open_after(10)) == (0, 0, 1)


def test_a_deal_that_ends_before_it_begins_is_refused():
    with pytest.raises(InvalidParameterError, match="cannot end before"):
        aalen_johansen([-1.0], [WON])
