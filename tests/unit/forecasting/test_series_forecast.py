"""The whole answer: method, record, floor, doubts and machine format."""

from datetime import date

import numpy as np
import pytest

from core.errors import InvalidParameterError, UnknownNameError
from core.forecasting.frequency import Frequency, Grid
from core.forecasting.series import Series
from core.forecasting.series_forecast import forecast_file, forecast_series
from core.forecasting.series_results import Floor, ForecastOptions

MONTHS = Grid(Frequency.MONTH)
NOISE = np.random.default_rng(3).normal(0, 4, 40)
WAVE = 100 + 40 * np.sin(np.arange(40) * np.pi / 6) + NOISE


def monthly(values, **rest):
    return Series("won", MONTHS, date(2022, 1, 1), tuple(map(float, values)), **rest)


@pytest.fixture(scope="module")
def seasonal():
    return forecast_series(monthly(WAVE), 6)


def test_a_long_history_is_answered_by_the_median_with_the_reason(seasonal):
    assert seasonal.choice.name == "median"
    assert "40 months of history" in seasonal.choice.reason
    assert seasonal.track_record.name == "median"


def test_the_season_is_found(seasonal):
    truth = 100 + 40 * np.sin(np.arange(40, 46) * np.pi / 6)
    assert seasonal.frame["forecast"].to_numpy() == pytest.approx(truth, abs=12)
    assert seasonal.frame["ds"].to_list()[0] == date(2025, 5, 1)


def test_the_record_has_error_skill_and_coverage_with_counts(seasonal):
    record = seasonal.track_record
    assert (record.origins, record.n) == (8, 8 * 6 - 15)
    assert [each.level for each in record.coverage] == [50, 80, 95]
    assert {each.n for each in record.coverage} == {5 * 6 - 15}  # without the first three origins
    assert {line.name for line in seasonal.leaderboard} >= {"seasonal_naive", "prophet", "theta"}


def test_the_replay_can_be_checked_row_by_row(seasonal):
    replay = seasonal.replay
    assert replay.height == 8 * 6 - 15
    errors = (replay["actual"] - replay["forecast"]).abs()
    assert errors.mean() == pytest.approx(seasonal.track_record.mae)
    last = replay.filter(replay["origin"] == replay["origin"].max())
    assert last["ds"].to_list() == [date(2025, 4, 1)]


def test_the_same_question_has_the_same_answer(seasonal):
    again = forecast_series(monthly(WAVE), 6)
    assert again.frame.equals(seasonal.frame)
    assert again.leaderboard == seasonal.leaderboard
    assert again.fingerprint == seasonal.fingerprint


@pytest.mark.parametrize(
    ("periods", "method"),
    [(1, "recent_mean"), (3, "recent_mean"), (4, "simple_smoothing"), (23, "simple_smoothing")],
)
def test_a_short_history_gets_a_simpler_method_and_says_so(periods, method):
    answer = forecast_series(monthly(WAVE[:periods]), 3)
    assert answer.choice.name == method
    assert answer.choice.reason in answer.warnings
    assert answer.frame.select("lo95", "forecast", "hi95").null_count().sum_horizontal().item() == 0


def test_one_period_has_a_wide_interval_from_what_is_usual():
    answer = forecast_series(monthly([100]), 1)
    # prior only: 20 % of 100, t with 2 degrees of freedom at 97.5 % = 4.302653
    assert answer.frame["hi95"].item() == pytest.approx(100 + 20 * 4.302653)
    assert any("rests on 0 past errors" in text for text in answer.warnings)


@pytest.mark.parametrize("periods", [2, 5, 11, 30])
def test_a_constant_history_continues_and_says_what_it_cannot_tell(periods):
    answer = forecast_series(monthly([500] * periods), 4)
    assert answer.frame["forecast"].to_list() == pytest.approx([500] * 4)
    assert any("same value" in text for text in answer.warnings)
    assert answer.track_record.mase is None
    wide = answer.frame["hi95"][0] - answer.frame["lo95"][0]
    assert (wide > 50) == (periods < 9)  # doubt fades with what has been replayed


def test_revenue_does_not_go_below_zero_but_a_balance_may():
    falling = monthly(np.linspace(100, 2, 12))
    floored = forecast_series(falling, 12, ForecastOptions(model="theta", origins=3))
    free = forecast_series(falling, 12, ForecastOptions("theta", origins=3, floor=Floor.NONE))
    assert floored.frame["forecast"].min() >= 0
    assert floored.frame["lo95"].min() == 0
    assert free.frame["forecast"].min() < 0


def test_a_series_that_was_negative_has_no_floor_of_its_own():
    answer = forecast_series(monthly([-5, 3, -4, 2, -6]), 2)
    assert answer.frame["lo95"].min() < 0


def test_a_member_that_refuses_is_named():
    zeros = WAVE.copy()
    zeros[5] = 0
    answer = forecast_series(monthly(zeros[:30]), 2, ForecastOptions(origins=2))
    assert any("Theta on logarithms needs values above zero" in text for text in answer.warnings)


def test_a_model_asked_for_that_cannot_answer_gives_way_to_the_mean_and_says_so():
    answer = forecast_series(monthly([10, 20]), 1, ForecastOptions(model="prophet"))
    assert answer.frame["forecast"].item() == 15.0
    assert answer.choice.name == answer.track_record.name == "recent_mean"
    assert "Prophet gave no forecast" in answer.choice.reason
    assert any("Prophet needs 24 periods" in text for text in answer.warnings)


def test_a_break_at_the_end_raises_the_drift_alarm():
    values = [100.0 + (i % 3) for i in range(20)] + [300.0, 20.0, 400.0, 10.0]
    answer = forecast_series(monthly(values), 1, ForecastOptions(model="naive"))
    assert any("Something may have changed" in text for text in answer.warnings)


@pytest.mark.parametrize("horizon", [0, 401])
def test_an_impossible_horizon_is_refused(horizon):
    with pytest.raises(InvalidParameterError, match="1 to 400"):
        forecast_series(monthly([1, 2, 3]), horizon)


@pytest.mark.parametrize("options", [{"model": "etz"}, {"extra_models": ("etz",)}])
def test_an_unknown_model_is_refused_with_the_known_ones(options):
    with pytest.raises(UnknownNameError, match="Did you mean 'ets'"):
        forecast_series(monthly([1, 2, 3]), 1, ForecastOptions(**options))


def test_options_can_be_part_of_a_cache_key():
    assert hash(ForecastOptions()) == hash(ForecastOptions())
    assert hash(monthly([1, 2])) == hash(monthly([1, 2]))
    with pytest.raises(InvalidParameterError):
        ForecastOptions(origins=0)


def test_a_file_is_answered_in_the_machine_format():
    data = b"id,ds,y\na,2026-01-01,10\nb,2026-01-01,5\na,2026-02-01,12\nb,2026-02-01,5\n"
    found = forecast_file("won.csv", data, 2)
    assert found.frame.columns == ["id", "ds", "forecast", "lo80", "hi80", "lo95", "hi95"]
    assert found.frame["id"].to_list() == ["a", "a", "b", "b"]
    assert found.frame["ds"].to_list()[:2] == [date(2026, 3, 1), date(2026, 4, 1)]
    assert found.frame["forecast"].to_list() == [11.0, 11.0, 5.0, 5.0]
    assert found.notes == ("The dates are one month apart.",)


def test_a_file_without_ids_has_an_empty_one():
    found = forecast_file("won.csv", b"ds,y\n2026-01-01,10\n", 1)
    assert found.frame["id"].to_list() == [""]
