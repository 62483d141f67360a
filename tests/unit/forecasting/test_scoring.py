"""Error, skill, coverage and drift, against numbers worked out by hand."""

from datetime import date
from math import sqrt

import numpy as np
import pytest

from core.forecasting.backtest import CHOSEN, Asked, Backtest, answer, backtest
from core.forecasting.drift import drift_warning
from core.forecasting.frequency import Frequency, Grid
from core.forecasting.leaderboard import leaderboard
from core.forecasting.scoring import coverage, naive_scale, skill
from core.forecasting.series import Series
from core.forecasting.series_results import Skill

YEARS = Grid(Frequency.YEAR)


def yearly(*values, **rest):
    return Series("won", YEARS, date(2016, 1, 1), tuple(map(float, values)), **rest)


def made(actuals, chosen, baseline):
    shape = np.atleast_2d(np.array(actuals, dtype=float)).T
    as_column = {CHOSEN: chosen, "seasonal_naive": baseline}
    forecasts = {k: np.array(v, dtype=float).reshape(shape.shape) for k, v in as_column.items()}
    return Backtest(tuple(range(1, len(actuals) + 1)), shape, forecasts)


def test_each_origin_sees_only_what_came_before_it():
    past = backtest(yearly(1, 2, 4, 8), Asked("naive", (), 2, None), most_origins=8)
    assert past.origins == (1, 2, 3)
    assert past.forecasts[CHOSEN].tolist() == [[1, 1], [2, 2], [4, 4]]
    np.testing.assert_equal(past.errors(), [[1, 3], [2, 6], [4, np.nan]])
    assert past.periods.tolist() == [[1, 2], [2, 3], [3, 4]]


def test_a_value_changed_later_does_not_change_an_earlier_forecast():
    asked = Asked("auto", (), 2, 0.0)
    before = backtest(yearly(5, 7, 6, 9, 8, 7), asked, 8)
    after = backtest(yearly(5, 7, 6, 9, 8, 700), asked, 8)
    np.testing.assert_equal(before.forecasts[CHOSEN], after.forecasts[CHOSEN])


def test_no_error_is_measured_on_a_filled_period():
    past = backtest(yearly(1, 2, 4, 8, filled=frozenset({2})), Asked("naive", (), 2, None), 8)
    np.testing.assert_equal(past.errors(), [[1, np.nan], [np.nan, 6]])


def test_no_origin_follows_a_filled_period_since_its_filling_looked_ahead():
    past = backtest(yearly(1, 2, 4, 8, filled=frozenset({1})), Asked("naive", (), 1, None), 8)
    assert past.origins == (1, 3)


def test_a_horizon_longer_than_the_origins_spreads_them_out():
    past = backtest(yearly(*range(20)), Asked("naive", (), 6, None), most_origins=3)
    assert past.origins == (15, 17, 19)


def test_a_floor_holds_in_the_replay_too():
    past = backtest(yearly(-1, 2, 4), Asked("naive", (), 1, 0.0), 8)
    assert past.forecasts[CHOSEN].tolist() == [[0], [2]]


def test_one_period_cannot_be_replayed():
    past = backtest(yearly(3), Asked("auto", (), 2, 0.0), 8)
    assert past.origins == ()
    assert skill(past) == Skill(None)
    assert [(each.n, each.low, each.high) for each in coverage(past, 3)] == [(0, 0, 1)] * 3


def test_skill_is_the_share_of_the_baselines_error_that_is_gone():
    past = made([10, 10, 10], chosen=[9, 12, 11], baseline=[6, 6, 18])
    found = skill(past)  # errors 1 + 2 + 1 = 4 against 4 + 4 + 8 = 16
    assert found.value == pytest.approx(1 - 4 / 16)
    # d = |e| - 0.25 |e_naive| = 0, 1, -1; se = sqrt(3 / 2 * 2) / 16; t(2) at 97.5 % = 4.302653
    assert found.high - found.value == pytest.approx(4.302653 * sqrt(3) / 16)
    assert found.verdict == "better than last season repeated"


def test_two_periods_are_too_few_for_an_interval_of_skill():
    found = skill(made([10, 10], chosen=[9, 9], baseline=[6, 6]))
    assert (found.value, found.low) == (0.75, None)
    assert found.verdict == "too few periods to tell"


def test_a_baseline_that_never_erred_leaves_skill_unmeasured():
    found = skill(made([5, 5, 5], chosen=[5, 5, 6], baseline=[5, 5, 5]))
    assert found.verdict == "not measured"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.1, 0.5, "better than last season repeated"),
        (-0.5, -0.1, "worse than last season repeated"),
        (-0.1, 0.5, "not clearly better or worse than last season repeated"),
    ],
)
def test_the_verdict_is_never_stronger_than_the_interval(low, high, verdict):
    assert Skill(0.2, low, high).verdict == verdict


def test_forecasts_of_the_same_period_count_as_one_in_the_doubt_of_skill():
    actuals = np.array([[10.0, 10.0], [10.0, 10.0], [10.0, np.nan]])
    chosen = np.array([[9.0, 8.0], [9.0, 9.0], [9.0, 9.0]])
    naive = np.full((3, 2), 6.0)
    past = Backtest((1, 2, 3), actuals, {CHOSEN: chosen, "seasonal_naive": naive})
    found = skill(past)  # 6 / 20; periods 1, 2, 3 hold 1, 2, 2 forecasts
    ratio = 6 / 20
    d = np.array([1 - ratio * 4, (2 + 1) - ratio * 8, (1 + 1) - ratio * 8])
    assert found.value == pytest.approx(1 - ratio)
    assert found.high - found.value == pytest.approx(4.302653 * sqrt(1.5 * (d @ d)) / 20)


def test_coverage_judges_each_interval_by_what_was_known_then():
    values = (10, 12, 11, 13, 12, 11, 100)
    past = backtest(yearly(*values), Asked("naive", (), 1, None), 8)
    eighty = coverage(past, 12)[1]
    assert (eighty.level, eighty.hits, eighty.n, eighty.periods) == (80, 2, 3, 3)
    assert eighty.share == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 2, 4, 8), 7 / 3),  # mean of 1, 2, 4
        ((5, 5, 5), None),
        ((5,), None),
    ],
)
def test_the_scale_of_mase_is_the_mean_seasonal_step(values, expected):
    assert naive_scale(yearly(*values).array, 1) == (expected and pytest.approx(expected))


def test_the_scale_uses_the_season_once_there_are_two():
    quarters = Series("won", Grid(Frequency.QUARTER), date(2025, 1, 1), (1.0, 2, 3, 4, 3, 2))
    assert naive_scale(quarters.array, quarters.season_length) == pytest.approx((2 + 0) / 2)


def test_the_leaderboard_puts_the_smallest_error_first_and_refusals_last():
    series = yearly(1, 2, 4, 8)
    asked = Asked("naive", ("recent_mean", "arima"), 1, None)
    lines = leaderboard(series, answer(series, asked), backtest(series, asked, 8), 3.0)
    assert [line.name for line in lines] == ["naive", "seasonal_naive", "recent_mean", "arima"]
    naive = lines[0]
    assert (naive.mae, naive.mase, naive.origins, naive.n) == (pytest.approx(7 / 3), 1.0, 3, 3)
    assert naive.bias == pytest.approx(-7 / 3)  # it lags behind growth
    assert lines[-1].mae is None
    assert "needs 10 periods" in lines[-1].problem


def test_drift_is_said_when_misses_are_too_many_for_chance():
    hits = np.array([1.0, 0, 0, np.nan, 0])
    assert "Of the last 4 values 3 fell outside" in drift_warning(hits)
    assert drift_warning(np.array([1.0, 1, 1, 0, 0])) == ""  # 2 or more of 5: 26 %
    assert drift_warning(np.array([])) == ""
