"""Past probabilities are judged by hand-computed scores."""

import math

import numpy as np
import pytest

from core.deals.record import Past, auc, gain, judge, losses, reliability
from tests.scored import AS_OF


def past(probability, won, base=0.5, amount=100.0):
    rows = len(won)
    return Past(
        deal=np.arange(rows),
        probability=np.array(probability, float),
        base=np.full(rows, base),
        won=np.array(won, float),
        amount=np.full(rows, amount),
    )


def test_the_brier_score_is_the_mean_squared_error():
    record = judge(past([0.8, 0.3], [1, 0]), AS_OF, AS_OF)

    assert record.brier == pytest.approx((0.2**2 + 0.3**2) / 2)
    assert record.base_brier == pytest.approx(0.25)
    assert record.skill == pytest.approx(1 - 0.065 / 0.25)


def test_expected_and_observed_are_counted_in_deals_and_in_money():
    record = judge(past([0.8, 0.3, 0.4], [1, 0, 1], amount=200.0), AS_OF, AS_OF)

    assert (record.expected_wins, record.observed_wins) == (pytest.approx(1.5), 2)
    assert (record.expected_minor, record.observed_minor) == (pytest.approx(300), 400)


def test_a_deal_without_an_amount_counts_as_a_win_but_not_as_money():
    rows = past([0.5, 0.5], [1, 1])
    rows.amount[0] = np.nan
    record = judge(rows, AS_OF, AS_OF)

    assert (record.observed_wins, record.observed_minor) == (2, 100)


def test_the_calibration_error_of_what_came_as_said_is_nought():
    said = np.repeat([0.25, 0.75], 40)
    won = np.concatenate([np.repeat([1, 0], [10, 30]), np.repeat([1, 0], [30, 10])])
    order = np.argsort(np.tile(np.arange(10), 8), kind="stable")  # each group holds both alike
    record = judge(past(said[order], won[order]), AS_OF, AS_OF)

    assert record.curve["snapshots"].sum() == 80
    assert record.expected_wins == record.observed_wins == 40


def test_the_reliability_curve_rises_with_what_was_said_and_has_wilson_bands():
    curve = reliability(past(np.linspace(0.05, 0.95, 100), np.tile([0, 1], 50)))

    assert curve["said"].is_sorted()
    assert ((curve["lo"] <= curve["came"]) & (curve["came"] <= curve["hi"])).all()


def test_all_won_has_no_ranking_to_judge():
    assert auc(np.array([0.2, 0.4]), np.ones(2)) is None


def test_ties_count_half():
    assert auc(np.array([0.5, 0.5]), np.array([0.0, 1.0])) == 0.5


def test_the_loss_is_the_negative_log_of_what_was_said_of_what_came():
    assert losses(np.array([0.25, 0.25]), np.array([1.0, 0.0])) == pytest.approx(
        [math.log(4), math.log(4 / 3)]
    )


def test_a_model_that_repeats_the_base_rate_gains_nothing():
    assert gain(past([0.5] * 6, [1, 0] * 3), np.arange(6)) == 0


def test_many_snapshots_of_one_company_are_one_piece_of_evidence():
    # Ten companies with five equal snapshots each say no more than ten snapshots.
    said, won = [0.7, 0.7, 0.3, 0.7, 0.3] * 2, [1, 1, 0, 0, 0] * 2
    once = gain(past(said, won), np.arange(10))
    often = gain(past(np.repeat(said, 5), np.repeat(won, 5)), np.arange(50) // 5)

    assert often == pytest.approx(once)
    assert gain(past(np.repeat(said, 5), np.repeat(won, 5)), np.arange(50)) > once
