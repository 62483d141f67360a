"""The services answer about a workspace what the engine room answers about its deals."""

from dataclasses import replace
from datetime import date

import pytest

from app.services import Services
from core.crm.demo import DemoOptions, load, simulate
from core.errors import EmptyWorkspaceError
from core.forecasting.deal_lists import in_segment
from core.forecasting.forecast_question import ForecastQuestion, PeriodKind
from core.forecasting.outlook_deals import open_deals
from core.forecasting.scenarios import BASE, Scenario
from core.forecasting.segments import Segment
from core.forecasting.velocity import velocity, velocity_by
from core.forecasting.win_rate import win_rates
from core.workspace import Workspace

AS_OF = date(2026, 11, 20)
QUESTION = ForecastQuestion("EUR", AS_OF, PeriodKind.QUARTER, horizon=2)
SINCE = date(2025, 11, 21)


@pytest.fixture(scope="module")
def forecasting():
    """Return the services of a small simulated company, made once."""
    with Workspace.in_memory() as workspace:
        load(workspace, simulate(DemoOptions(ends_on=AS_OF, deals=400)))
        yield Services(workspace).forecasting


@pytest.fixture(scope="module")
def answer(forecasting):
    """Return the outlook of that company."""
    return forecasting.outlook(QUESTION)


def test_an_outlook_names_the_data_it_was_made_of(forecasting, answer):
    assert answer.fingerprint == forecasting.workspace.fingerprint()


def test_teams_add_up_to_the_company(forecasting, answer):
    rows = forecasting.roll_up(answer, "team")

    assert rows["forecast_minor"].sum() == answer.frame["forecast_minor"][0]
    assert set(rows["team"]) > {"DACH"}


def test_categories_add_up_to_what_open_deals_are_expected_to_bring(forecasting, answer):
    totals = forecasting.categories(answer)

    assert totals["expected_minor"].sum() == pytest.approx(answer.frame["pipeline_minor"][0], abs=1)
    assert totals["deals"].sum() == forecasting.category_deals(answer).height


def test_attainment_is_measured_with_the_outlook_itself(forecasting, answer):
    state = forecasting.attainment(answer)

    assert state.expected == answer.frame["forecast_minor"][0]
    assert state.booked == answer.frame["booked_minor"][0]
    assert state.chance == answer.chance_of(state.quota.target_minor)


def test_a_teams_quota_is_that_of_its_people(forecasting, answer):
    whole = forecasting.quota(QUESTION)
    teams = forecasting.segment_choices(QUESTION)["team"]

    parts = [
        forecasting.quota(
            ForecastQuestion(
                "EUR", AS_OF, PeriodKind.QUARTER, horizon=2, segment=Segment(teams=(team,))
            )
        )
        for team in teams
    ]

    assert sum(part.target_minor or 0 for part in parts) == whole.target_minor


def test_a_region_has_no_quota_and_says_so(forecasting):
    asked = ForecastQuestion("EUR", AS_OF, segment=Segment(regions=("DACH",)))

    quota = forecasting.quota(asked)

    assert quota.target_minor is None
    assert "Quotas are of people" in quota.warnings[0]


def test_a_segments_outlook_is_made_of_its_deals_alone(forecasting):
    team = forecasting.segment_choices(QUESTION)["team"][0]
    asked = ForecastQuestion("EUR", AS_OF, horizon=1, segment=Segment(teams=(team,)))

    part = forecasting.outlook(asked)

    assert set(open_deals(part)["team"]) == {team}
    assert set(part.booked["team"]) <= {team}


def test_a_scenario_is_played_on_the_answer(forecasting, answer):
    assert forecasting.scenario(answer, BASE).delta == 0
    assert forecasting.scenario(answer, Scenario("more", win_rate=1.2)).delta > 0


def test_an_earlier_outlook_is_what_would_have_been_said_then(forecasting, answer):
    earlier = forecasting.outlook(replace(QUESTION, as_of=date(2026, 6, 30)))

    assert earlier.frame["period"].to_list() == ["2026-Q3", "2026-Q4"]


def test_an_as_of_date_after_the_data_is_said_to_be(forecasting):
    late = forecasting.outlook(ForecastQuestion("EUR", date(2026, 12, 5), horizon=1))

    assert late.warnings[0] == "The data reach to 2026-11-20; nothing that happened after it is " \
        "known."  # fmt: skip


def test_the_deals_of_a_segment_give_the_figures_of_its_part(forecasting):
    team = forecasting.segment_choices(QUESTION)["team"][0]
    whole = forecasting.histories(QUESTION)
    part = forecasting.histories(ForecastQuestion("EUR", AS_OF, segment=Segment(teams=(team,))))

    by_team = {one.segment: one for one in velocity_by(whole, AS_OF, SINCE, "team")}
    assert velocity(part, AS_OF, SINCE).per_day == by_team[team].per_day
    of_team = win_rates(in_segment(whole, "team", team), AS_OF, SINCE)
    assert win_rates(part, AS_OF, SINCE).closed_basis == of_team.closed_basis


def test_an_empty_workspace_says_what_to_do():
    with Workspace.in_memory() as workspace, pytest.raises(EmptyWorkspaceError):
        Services(workspace).forecasting.outlook(QUESTION)
