"""Scores of deals and the forecast are told apart by nothing: they add up to the same."""

from datetime import date

import pytest

from app.deal_services import DealQuestion
from app.services import Services
from core.crm.demo.options import DemoOptions
from core.workspace import Workspace

LAST_DAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def services():
    made = Services(Workspace.in_memory())
    made.load_demo(DemoOptions(seed=11, deals=400, ends_on=LAST_DAY))
    return made


@pytest.fixture(scope="module")
def outlook(services):
    question = services.deals.forecast_question(DealQuestion("EUR"))
    return services.forecasting.outlook(question)


@pytest.mark.parametrize("quarters", [1, 2])
def test_expected_amounts_of_the_scores_sum_to_the_forecasts_open_deals(
    services, outlook, quarters
):
    ends_on = outlook.periods[quarters - 1].ends_on
    learned = services.deals.learn(DealQuestion("EUR", ends_on=ends_on), outlook)
    scores = services.deals.scores(learned)

    expected = outlook.frame["pipeline_minor"].head(quarters).sum()
    assert scores.frame["expected_minor"].sum() == pytest.approx(expected, abs=quarters)


def test_a_period_the_outlook_does_not_tell_has_the_pipelines_own_expectation(services, outlook):
    learned = services.deals.learn(DealQuestion("EUR", ends_on=date(2027, 1, 17)), outlook)

    assert learned.model.told is None


def test_an_outlook_of_nothing_leaves_the_scores_alone(services):
    question = DealQuestion("EUR")

    assert services.deals.agreed(question).model.told is not None
    assert services.deals.learn(question).model.told is None
