"""A scenario bends the base outlook by what it says, and by nothing else."""

from datetime import date

import numpy as np
import pytest

from core.errors import InvalidParameterError
from core.forecasting.forecast_question import ForecastQuestion
from core.forecasting.outcomes import Outcomes
from core.forecasting.outlook import outlook
from core.forecasting.outlook_scenarios import play_outlook
from core.forecasting.scenarios import BASE, PRESETS, Scenario, decided_by, reached
from tests.pipelines import random_pipeline

OUTCOMES = Outcomes(np.array([7.0, 14.0]), np.array([[0.1, 0.2]]), np.array([[0.1, 0.3]]))


@pytest.fixture(scope="module")
def base():
    question = ForecastQuestion("EUR", date(2025, 2, 10), horizon=4)
    return outlook(random_pipeline(1).histories(), question)


def parts(outlook, **factors):
    frame = play_outlook(outlook, Scenario("Asked", **factors)).frame
    return frame["pipeline_minor"], frame["new_business_minor"]


def test_more_creation_changes_new_business_only(base):
    open_deals, new = parts(base)
    open_deals_then, new_then = parts(base, creation=1.5)

    assert open_deals_then.equals(open_deals)
    assert new_then.to_list() == pytest.approx((1.5 * new).to_list(), abs=1)


def test_a_higher_win_rate_wins_more_of_what_is_decided_and_never_more_than_that(base):
    usual, tenth_more, most, beyond = (
        parts(base, win_rate=rate)[0].sum() for rate in (1.0, 1.1, 30.0, 60.0)
    )

    assert tenth_more == pytest.approx(1.1 * usual, rel=1e-3)
    assert usual < most == beyond


def test_a_longer_cycle_brings_in_less_by_the_end_and_a_shorter_one_more(base):
    slow, fast = (play_outlook(base, Scenario("x", cycle=cycle)).delta for cycle in (1.3, 0.8))

    assert slow < 0 < fast


@pytest.mark.parametrize(
    ("day", "won", "lost"),
    [
        (7.0, 0.1, 0.1),
        (10.5, 0.15, 0.2),  # half way between the ends of two steps
        # Of the 0.8 open after day 7, 0.3 were decided by day 14; of the 0.5 left as large a part
        # is by day 21: 0.5 x 0.375 = 0.1875, a third of it won as in the last step.
        (21.0, 0.2625, 0.425),
    ],
)
def test_outcomes_are_read_at_any_day_also_past_the_horizon(day, won, lost):
    found = decided_by(OUTCOMES, day)

    assert [part.item() for part in found] == pytest.approx([won, lost])


def test_a_running_total_grows_on_as_in_its_last_step():
    totals, ends_days = np.array([10.0, 30.0]), np.array([7.0, 14.0])

    assert [reached(totals, ends_days, day) for day in (3.5, 14.0, 21.0)] == [5.0, 30.0, 50.0]


def test_presets_start_with_the_base_and_are_named():
    assert PRESETS[0] is BASE
    assert len({scenario.name for scenario in PRESETS}) == len(PRESETS)


@pytest.mark.parametrize("bad", [{"win_rate": 0.0}, {"cycle": -1.0}, {"slippage": 1.5}])
def test_factors_that_mean_nothing_are_refused(bad):
    with pytest.raises(InvalidParameterError, match="Use 1 for no change"):
        Scenario("Bad", **bad)
