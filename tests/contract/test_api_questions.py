"""Settings of attribution, journeys, accounts and reports over HTTP are those of the services."""

import pytest

from app.api.jobs import MOST_UNFINISHED, Kind
from core.attribution.flows import flows
from core.attribution.incremental.lift import LiftTest
from core.attribution.results import (
    LIFT_TESTS_UNREAD,
    Anchor,
    JourneySettings,
    Level,
    MilestoneWeights,
    Question,
    RuleSettings,
)
from core.attribution.steps import JourneyQuestion, Side
from core.scope import Scope
from tests.asking import asking_of, assert_problem
from tests.fakes import small_services


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    services = small_services()
    yield asking_of(services, tmp_path_factory.mktemp("keys"))
    services.close()


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("lookback_days=30", Question(Scope("EUR"), (), JourneySettings(30))),
        ("anchor=created", Question(Scope("EUR"), (), JourneySettings(anchor=Anchor.CREATED))),
        (
            "journeys=contacts&after_creation=true&exclude_channel=Email&exclude_channel=Events",
            Question(
                Scope("EUR"),
                (),
                JourneySettings(
                    account_touches=False,
                    excluded_channels=("Email", "Events"),
                    since_creation=True,
                ),
            ),
        ),
        (
            "owner=u2&by=campaign",
            Question(Scope("EUR", owner_ids=("u2",)), (), level=Level.CAMPAIGN),
        ),
        (
            "half_life_days=2.5&kept_a_step=0.5&first_share=0.5&last_share=0.25",
            Question(
                Scope("EUR"),
                (),
                rules=RuleSettings(2.5, 0.5, first_share=0.5, last_share=0.25),
            ),
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("model", ["time_decay", "step_decay", "position_based"])
def test_every_setting_of_the_command_line_can_be_said(asking, asked, question, model):
    told = asking.get(f"/attribution?model={model}&{asked}").json()
    asked_of_services = Question(
        question.scope, (model,), question.journeys, question.level, question.rules
    )
    result = asking.services.attribution(asked_of_services)

    assert {row["name"]: row["revenue"]["minor"] for row in told["rows"]} == dict(
        result.frame.select(question.level.value, "revenue_minor").iter_rows()
    )
    notes = asking.services.gaps(asked_of_services).in_words("EUR")
    assert told["notes"] == list(notes)


def test_weights_of_ones_own_make_the_custom_model(asking):
    told = asking.get("/attribution?weight_first=1&weight_close=3").json()
    weights = MilestoneWeights(first=1, lead=0, deal=0, close=3, others=0)
    rules = RuleSettings(custom=weights)
    result = asking.services.attribution(Question(Scope("EUR"), ("custom",), rules=rules))

    custom = {row["name"]: row["revenue"]["minor"] for row in told["rows"]
              if row["model"] == "custom"}  # fmt: skip
    assert custom == dict(result.frame.select("channel", "revenue_minor").iter_rows())


def test_markov_is_of_the_order_asked_for_or_of_the_best(asking):
    def models(asked):
        return {
            row["model"] for row in asking.get(f"/attribution?model=markov{asked}").json()["rows"]
        }

    best = asking.services.suggested_order(Question(Scope("EUR"), ()))
    assert models("&order=2") == {"markov_2"}
    assert models("") == {f"markov_{best.order}"}


def test_lift_tests_reach_the_incremental_model(asking):
    asked = []

    class Remembering(type(asking.services)):
        def attribution(self, question):
            asked.append(question)
            return super().attribution(question)

    services = Remembering(asking.services.workspace)
    other = asking_of(services, asking.keys.path.parent)
    answer = other.get("/attribution?model=linear&lift_test=Events,0.10,0.05,0.15")

    assert answer.status_code == 200
    assert asked[0].lift_tests == (LiftTest("Events", 0.10, 0.05, 0.15),)


def test_lift_tests_that_no_model_reads_are_said_to_change_nothing(asking):
    told = asking.get("/attribution?model=linear&lift_test=Events,0.10,0.05,0.15").json()
    without = asking.get("/attribution?model=linear").json()

    assert told["rows"] == without["rows"]
    assert set(told["warnings"]) - set(without["warnings"]) == {LIFT_TESTS_UNREAD}


def test_journeys_are_those_of_the_page(asking):
    told = asking.get("/journeys?steps=2&side=last&by=campaign&limit=1").json()
    question = JourneyQuestion(Scope("EUR"), level=Level.CAMPAIGN, steps=2, side=Side.LAST)
    found = asking.services.journeys.patterns(question)

    assert told["total"] == found.paths.height
    (row,), first = told["rows"], found.paths.row(0, named=True)
    assert {name: row[name] for name in ("names", "longer", "deals", "won", "lost")} == {
        name: first[name] for name in ("names", "longer", "deals", "won", "lost")
    }
    assert row["win_rate"] == first["win_rate"]
    assert [one["name"] for one in told["met"]] == found.met["name"].to_list()
    won, lost = told["outcomes"]
    # d1, d2, d3 and the unpriced d5 were won; d4 was lost for 700.00.
    assert (won["outcome"], won["deals"], won["amount"]["minor"]) == ("won", 4, 750050)
    assert (lost["outcome"], lost["deals"], lost["amount"]["minor"]) == ("lost", 1, 70000)


def test_flows_are_those_of_the_page_and_every_deal_ends_once(asking):
    told = asking.get("/journeys/flows?steps=3").json()
    found = flows(asking.services.journeys.patterns(JourneyQuestion(Scope("EUR"), steps=3)))

    assert [(row["deals"], row["won"], row["outcome"]) for row in told["rows"]] == [
        (flow.deals, flow.won, flow.outcome) for flow in found
    ]
    assert sum(row["deals"] for row in told["rows"] if row["outcome"]) == 5


def test_accounts_are_found_by_a_part_of_a_name_and_of_their_owners(asking):
    def names(asked):
        return [row["name"] for row in asking.get(f"/accounts?{asked}").json()["rows"]]

    assert names("") == ["Northwind", "Kestrel"]
    assert names("search=kest") == ["Kestrel"]
    assert names("owner=u2") == ["Northwind"]
    (row,) = asking.get("/accounts?search=Kestrel").json()["rows"]
    assert row["won_revenue"]["major"] == "2500.50"


def test_an_account_tells_what_happened_with_it(asking):
    told = asking.get("/accounts/a2?limit=2").json()
    found = asking.services.journeys.timeline("a2", "EUR")

    assert (told["name"], told["total"]) == ("Kestrel", found.events.height)
    assert [deal["deal_id"] for deal in told["deals"]] == ["d2"]
    assert told["deals"][0]["amount"]["minor"] == 250050
    assert [row["what"] for row in told["rows"]] == ["Deal created", "Touch"]
    assert told["rows"][0]["happened_at"] == "2026-07-15T00:00:00Z"


def test_a_report_is_made_as_a_job_where_that_is_wished(asking):
    asked = "/report.pdf?parts=summary&period=all"
    started = asking.get(asked, Prefer="respond-async")
    job = asking.api.state.jobs.find(started.json()["id"])
    made = job.future.result(timeout=60)
    told = asking.get(started.headers["location"]).json()
    at_once = asking.get(asked)

    assert (started.status_code, started.headers["location"]) == (202, f"/jobs/{job.job_id}")
    assert "etag" not in started.headers
    assert (told["kind"], told["state"], told["result"]) == ("report", "done", None)
    result = asking.get(told["result_url"])
    assert result.headers["content-type"] == "application/pdf"
    assert result.content == made.content == at_once.content
    again = asking.get(asked, If_None_Match=at_once.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


def test_there_is_no_room_for_endless_reports(asking):
    jobs = asking.api.state.jobs
    waiting = [jobs.reserve(Kind.REPORT) for _ in range(MOST_UNFINISHED)]

    assert_problem(asking.get("/report.pdf"), 429, "busy")
    for job in waiting:
        jobs.drop(job)
