"""Scenarios side by side: each against the base and the quota."""

from datetime import date

import pytest

from core.forecasting.forecast_question import ForecastQuestion, PeriodKind
from core.forecasting.outlook import outlook
from core.forecasting.outlook_scenarios import play_outlook
from core.forecasting.scenario_rows import scenario_rows
from core.forecasting.scenarios import BASE, Scenario
from tests.pipelines import random_pipeline

ASKED = ForecastQuestion("EUR", date(2025, 2, 10), PeriodKind.QUARTER, 2)


@pytest.fixture(scope="module")
def answer():
    """Forecast once."""
    return outlook(random_pipeline(2).histories(), ASKED)


def test_the_base_is_the_forecast_and_another_scenario_its_difference(answer):
    bigger = Scenario("Bigger", deal_size=1.2)
    played = [play_outlook(answer, BASE), play_outlook(answer, bigger)]

    base, larger = scenario_rows(played, None).iter_rows(named=True)

    assert base["forecast_minor"] == answer.frame["forecast_minor"][0]
    assert (base["delta_minor"], base["all_periods_delta_minor"]) == (0, 0)
    assert larger["delta_minor"] == larger["forecast_minor"] - base["forecast_minor"] > 0
    assert larger["chance"] is None


def test_the_chance_is_that_of_the_draws(answer):
    played = play_outlook(answer, BASE)
    target = answer.frame["forecast_minor"][0]

    chance = scenario_rows([played], target)["chance"][0]

    assert chance == played.draws[0].chance_of(target)
    assert 0 < chance < 1
