"""A scenario bends the base forecast by what it says, and by nothing else."""

from datetime import date

import numpy as np
import pytest

from core.errors import InvalidParameterError
from core.forecasting.pipeline import PipelineSettings, forecast_pipeline
from core.forecasting.scenarios import BASE, PRESETS, Scenario, play
from tests.pipelines import random_pipeline


@pytest.fixture(scope="module")
def forecast():
    return forecast_pipeline(
        random_pipeline(1).histories(),
        date(2025, 1, 15),
        date(2025, 2, 28),
        PipelineSettings(draws=2_000, origins=4),
    )


def test_the_base_scenario_gives_the_forecast_back(forecast):
    played = play(forecast, BASE)

    assert played.delta == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(played.distribution.totals, forecast.distribution.totals, rtol=1e-9)


def test_larger_deals_scale_everything(forecast):
    played = play(forecast, Scenario("Larger", deal_size=1.2))

    assert played.expected == pytest.approx(1.2 * forecast.expected)
    assert played.distribution.quantile(0.5) == pytest.approx(
        1.2 * forecast.distribution.quantile(0.5)
    )


def test_more_creation_changes_new_business_only(forecast):
    played = play(forecast, Scenario("More", creation=1.5))

    assert played.from_pipeline == pytest.approx(forecast.from_pipeline)
    assert played.from_new_business == pytest.approx(1.5 * forecast.from_new_business)


def test_a_higher_win_rate_wins_more_of_what_is_decided_and_never_more_than_that(forecast):
    outcomes, amounts = forecast.basis.outcomes, forecast.basis.amounts
    decided = float(amounts @ (outcomes.won + outcomes.lost)[:, -1])

    assert play(forecast, Scenario("Tenth", win_rate=1.1)).from_pipeline == pytest.approx(
        1.1 * forecast.from_pipeline, rel=1e-3
    )
    assert play(forecast, Scenario("All", win_rate=99.0)).from_pipeline == pytest.approx(decided)


def test_slippage_takes_its_share(forecast):
    played = play(forecast, Scenario("Slips", slippage=0.25))

    assert played.expected == pytest.approx(0.75 * forecast.expected)


def test_a_longer_cycle_brings_in_less_by_the_end_and_a_shorter_one_more(forecast):
    slow, fast = (play(forecast, Scenario("x", cycle=cycle)) for cycle in (1.3, 0.8))

    assert slow.delta < 0 < fast.delta


def test_twice_the_cycle_reaches_what_half_the_horizon_would(forecast):
    # 44 days at half speed are 22 days: a seventh of the way from day 21 to day 28.
    pipeline = forecast.steps["pipeline_minor"].to_numpy()
    expected = pipeline[2] + (pipeline[3] - pipeline[2]) / 7

    assert play(forecast, Scenario("Slow", cycle=2.0)).from_pipeline == pytest.approx(expected)


def test_presets_start_with_the_base_and_are_named():
    assert PRESETS[0] is BASE
    assert len({scenario.name for scenario in PRESETS}) == len(PRESETS)


@pytest.mark.parametrize("bad", [{"win_rate": 0.0}, {"cycle": -1.0}, {"slippage": 1.5}])
def test_factors_that_mean_nothing_are_refused(bad):
    with pytest.raises(InvalidParameterError, match="Use 1 for no change"):
        Scenario("Bad", **bad)
