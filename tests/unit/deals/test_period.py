"""Chances of the period agree with the score and with the forecast."""

import numpy as np
import pytest

from core.deals.period import Forecast, in_period


def forecast(won, lost, amounts=None):
    return Forecast(
        np.array(won, float), np.array(lost, float), np.array(amounts or [1.0] * len(won), float)
    )


def test_equal_deals_get_what_the_forecast_says():
    outcomes = in_period(np.zeros(2), np.zeros(2), forecast([0.2, 0.2], [0.3, 0.3]))

    assert outcomes.won == pytest.approx([0.2, 0.2])
    assert outcomes.lost == pytest.approx([0.3, 0.3])
    assert outcomes.slipped == pytest.approx([0.5, 0.5])


def test_a_higher_score_takes_from_the_others_and_the_amounts_still_add_up():
    says = forecast([0.2, 0.2], [0.3, 0.3], [300.0, 100.0])
    outcomes = in_period(np.array([1.0, -1.0]), np.zeros(2), says)

    assert outcomes.won[0] > 0.2 > outcomes.won[1]
    assert says.amounts @ outcomes.won == pytest.approx(says.amounts @ says.won, rel=1e-12)
    assert says.amounts @ outcomes.lost == pytest.approx(says.amounts @ says.lost, rel=1e-12)


def test_a_forecast_above_all_chances_in_the_end_lifts_them_alike():
    says = forecast([0.5, 0.5], [0.1, 0.1])
    outcomes = in_period(np.array([-2.0, -3.0]), np.zeros(2), says)

    assert outcomes.won.sum() == pytest.approx(1.0)
    assert outcomes.won[0] > outcomes.won[1]
    assert (outcomes.slipped >= 0).all()


def test_a_forecast_without_a_win_gives_none():
    outcomes = in_period(np.zeros(2), np.zeros(2), forecast([0.0, 0.0], [0.1, 0.2]))

    assert outcomes.won.tolist() == [0, 0]


def test_deals_without_amounts_count_alike():
    says = forecast([0.2, 0.4], [0.1, 0.1], [0.0, 0.0])
    outcomes = in_period(np.array([0.5, -0.5]), np.zeros(2), says)

    assert outcomes.won.sum() == pytest.approx(0.6)


def test_no_deals_have_no_outcomes():
    assert in_period(np.zeros(0), np.zeros(0), forecast([], [])).won.size == 0
