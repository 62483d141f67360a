"""What holds for every endpoint of the HTTP API, and that its figures are those of the services."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.analyst_services import ExplainQuestion
from app.api.application import create_api
from app.api.changes import CHANGES
from app.api.docs_page import docs_page
from app.api.keys import KeyFile, KeyScope
from app.api.limits import Limits
from app.api.parameters import REPEATABLE
from app.api.routes import ENDPOINTS
from app.deal_services import DealQuestion
from app.services import Services
from core.analyst.writers.registry import WriterSettings
from core.attribution.results import Question
from core.crm.receipts import SourceFile
from core.errors import WorkspaceLockedError
from core.forecasting.forecast_question import ForecastQuestion
from core.metrics import METRICS
from core.overview import OverviewQuestion
from core.scope import Scope
from core.workspace import Workspace
from tests.asking import NOW, PLENTY, asking_of, assert_problem
from tests.fakes import small_services

PUBLIC = frozenset({"/health", "/openapi.json", "/docs"})
"""What anybody may ask: it says nothing of the data."""

EXAMPLES = {
    "{deal_id:path}": "d6",
    "{account_id:path}": "a1",
    "{topic}": "attribution",
    "{job_id}": "none",
}

DEALS = b"""deal_id,name,stage,amount,currency,created_at,closed_at,is_won
D1,Platform,Closed won,1000.00,EUR,2025-01-10,2025-03-05,true
"""


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    services = small_services()
    yield asking_of(services, tmp_path_factory.mktemp("keys"))
    services.close()


def filled(path):
    """Return the path of a route with something there is in place of its parameter."""
    for parameter, example in EXAMPLES.items():
        path = path.replace(parameter, example)
    return path


PATHS = [filled(path) for path, _, _ in ENDPOINTS]


def guarded_requests(api):
    """Return method and path of every route that is not for everybody."""
    return [
        (method, filled(route.path))
        for route in api.routes
        if route.path not in PUBLIC
        for method in route.methods
    ]


def test_every_guarded_route_refuses_no_wrong_and_revoked_keys(asking):
    revoked, secret = asking.keys.add("Revoked", NOW, KeyScope.WRITE)
    asking.keys.revoke(revoked.key_id, NOW)
    stranger = TestClient(asking.api)
    requests = guarded_requests(asking.api)

    assert {method for method, _ in requests} == {"GET", "POST", "DELETE"}
    assert set(PATHS) < {path for _, path in requests}
    for method, path in requests:
        for sent in (None, "Bearer", "Bearer wrong", f"Bearer {secret}", f"Basic {secret}"):
            headers = {"Authorization": sent} if sent else {}
            # A parameter that is wrong as well tells a stranger nothing.
            answer = stranger.request(method, f"{path}?slip=1", headers=headers)
            told = assert_problem(answer, 401, "unauthorized")
            assert answer.headers["www-authenticate"] == "Bearer"
            assert "python -m app key add" in told["hint"]


def test_a_key_that_may_only_read_changes_nothing_anywhere(asking):
    changes = [one for one in guarded_requests(asking.api) if one[0] != "GET"]
    before = asking.services.workspace.fingerprint()

    assert len(changes) == len(CHANGES) + 1
    for method, path in changes:
        answer = asking.client.request(method, f"{path}?slip=1", files={"files": b"x"})
        told = assert_problem(answer, 403, "forbidden")
        assert "--scope write" in told["hint"]
        assert "insufficient_scope" in answer.headers["www-authenticate"]
    assert asking.services.workspace.fingerprint() == before


def test_a_key_is_refused_from_the_moment_it_is_revoked(asking):
    made, secret = asking.keys.add("Short", NOW)
    client = TestClient(asking.api, headers={"Authorization": f"Bearer {secret}"})

    assert client.get("/metrics").status_code == 200
    asking.keys.revoke(made.key_id, NOW)
    assert client.get("/metrics").status_code == 401


@pytest.mark.parametrize("path", sorted(PUBLIC))
def test_what_is_public_needs_no_key_and_tells_nothing_of_the_data(asking, tmp_path, path):
    answer = TestClient(asking.api).get(path)
    without_data = TestClient(create_api(lambda: None, tuple, lambda: tmp_path)).get(path)

    assert answer.status_code == 200
    assert answer.text == without_data.text


def test_attribution_is_that_of_the_services_and_reconciles(asking):
    told = asking.get("/attribution?model=linear").json()
    result = asking.services.attribution(Question(Scope("EUR"), ("linear",)))

    rows = {row["name"]: row["revenue"] for row in told["rows"]}
    assert {name: one["minor"] for name, one in rows.items()} == dict(
        result.frame.select("channel", "revenue_minor").iter_rows()
    )
    # d1 and d2 split between two touches each, d3 between three: 1250.25 + 500 of Events.
    assert rows["Events"] == {"minor": 175025, "major": "1750.25", "currency": "EUR"}
    proof = told["reconciliation"][0]
    assert proof["holds"]
    assert proof["closed_won"]["minor"] == 750050
    assert sum(one["minor"] for one in rows.values()) == 750050


def test_all_models_are_those_that_can_answer(asking):
    told = asking.get("/attribution?by=campaign").json()

    expected = [name for name in asking.services.answering_models() if name != "custom"]
    assert [proof["model"] for proof in told["reconciliation"]] == expected


def test_the_overview_is_that_of_the_services(asking):
    told = asking.get("/overview?period=qtd").json()
    scope = Scope("EUR", datetime(2026, 10, 1).date(), datetime(2026, 11, 20).date())  # noqa: DTZ001
    result = asking.services.overview(OverviewQuestion(scope, None, scope.ends_on))

    figures = {figure["metric"]: figure for figure in told["figures"]}
    assert set(figures) == set(result.figures) <= set(METRICS)
    assert figures["closed_won"]["amount"]["minor"] == result.figures["closed_won"].value == 650050
    assert figures["win_rate"]["value"] == result.figures["win_rate"].value
    assert figures["closed_won"]["previous_amount"]["minor"] == 100000  # d1, in the third quarter


def test_the_forecast_is_that_of_the_services(asking):
    told = asking.get("/forecast?horizon=2").json()
    as_of = asking.services.coverage().as_of
    outlook = asking.services.forecasting.outlook(ForecastQuestion("EUR", as_of, horizon=2))

    for row, sent in zip(outlook.frame.iter_rows(named=True), told["periods"], strict=True):
        assert sent["forecast"]["minor"] == row["forecast_minor"]
        assert (sent["lo80"]["minor"], sent["hi95"]["minor"]) == (row["lo80"], row["hi95"])


def test_a_past_day_is_answered_as_it_was_known_then(asking):
    forecast = asking.get("/forecast?as_of=2026-10-31&horizon=1").json()
    deals = asking.get("/deals?as_of=2026-10-15&until=2027-01-31").json()
    question = ForecastQuestion("EUR", date(2026, 10, 31), horizon=1)
    outlook = asking.services.forecasting.outlook(question)
    scores = asking.services.deals.scored(
        DealQuestion("EUR", date(2026, 10, 15), date(2027, 1, 31))
    )

    assert forecast["periods"][0]["forecast"]["minor"] == outlook.frame["forecast_minor"][0]
    assert (deals["as_of"], deals["ends_on"]) == ("2026-10-15", "2027-01-31")
    # d3, d4 and d5 were open on that day, and d6 still is.
    assert {row["deal_id"] for row in deals["rows"]} == {"d3", "d4", "d5", "d6"}
    chances = dict(scores.frame.select("deal_id", "p_win").iter_rows())
    assert {row["deal_id"]: row["p_win"] for row in deals["rows"]} == chances


def test_deals_and_their_explanation_are_those_of_the_services(asking):
    told = asking.get("/deals").json()
    why = asking.get("/deals/d6").json()
    frame = asking.services.deals.scored(DealQuestion("EUR")).frame

    assert told["total"] == frame.height == 1
    assert told["rows"] == [why["deal"]]
    for name in ("chance", "p_win", "p_lose", "p_slip"):
        assert why["deal"][name] == frame[name][0]
    assert why["deal"]["amount"]["major"] == "9000.00"


@pytest.mark.parametrize(
    ("topic", "name"), [("overview", ""), ("attribution", ""), ("channel", "Email"), ("deal", "d6")]
)
def test_a_text_is_the_one_rules_write(asking, topic, name):
    told = asking.get(f"/explanations/{topic}?name={name}").json()
    analyst = asking.services.analyst
    written = analyst.explain(ExplainQuestion(topic, name, currency="EUR"), WriterSettings("rules"))

    assert told["text"] == written.text
    assert [fact["text"] for fact in told["facts"]] == [fact.text for fact in written.footnotes]


def test_the_quality_of_each_table_is_that_of_the_services(asking):
    told = asking.get("/quality").json()
    found = asking.services.data_quality.scores(asking.services.coverage().as_of)

    assert {one["table"]: one["score"] for one in told["tables"]} == {
        table.table: table.score for table in found.tables
    }
    assert sum(one["failing"] for table in told["tables"] for one in table["findings"]) == sum(
        finding.failing for finding in found.findings()
    )


def test_pages_of_rows_hold_what_was_asked_for(asking):
    assert asking.get("/deals?limit=1&offset=1").json()["rows"] == []
    assert asking.get("/imports?limit=3").json()["limit"] == 3


def test_the_catalogue_and_the_workspace_are_told(asking):
    assert [one["name"] for one in asking.get("/metrics").json()["metrics"]] == list(METRICS)
    (one,) = asking.get("/workspaces").json()["workspaces"]
    assert (one["deals"], one["touches"], one["as_of"]) == (6, 7, "2026-11-20")


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_that_did_not_change_is_not_sent_again(asking, path):
    first = asking.get(path)
    again = asking.get(path, If_None_Match=f'"other", W/{first.headers["etag"]}')
    other = asking.get(f"{path}?slip=1", If_None_Match=first.headers["etag"])

    assert first.status_code == 200, first.text
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert_problem(other, 422, "invalid-parameter")


def test_an_import_and_its_undoing_change_the_tag(tmp_path):
    services = Services(Workspace.in_memory())
    other = asking_of(services, tmp_path)
    tags = [other.get("/imports").headers["etag"]]
    services.import_files([SourceFile("deals.csv", DEALS)], NOW)
    listed = other.get("/imports", If_None_Match=tags[0])
    tags.append(listed.headers["etag"])
    services.timeline.undo()
    tags.append(other.get("/imports").headers["etag"])

    assert listed.json()["rows"][0]["files"] == ["deals.csv"]
    assert listed.json()["rows"][0]["imported_at"] == "2026-11-23T09:00:00Z"
    assert len(set(tags)) == 3  # the data are as before, the list of imports is not
    services.close()


@pytest.mark.parametrize(
    ("path", "status", "name", "words"),
    [
        ("/attribution?model=liner", 404, "unknown-name", "Did you mean 'linear'?"),
        ("/attribution?currency=ABC", 404, "unknown-name", "Known: EUR."),
        ("/attribution?from=2026-02-01&to=2026-01-01", 422, "invalid-parameter", "not after"),
        ("/attribution?from=0", 422, "invalid-parameter", "YYYY-MM-DD"),
        ("/attribution?lookback_days=1.0", 422, "invalid-parameter", "whole number"),
        ("/overview?from=2026-01-01", 422, "invalid-parameter", "both from and to"),
        ("/overview?period=custom", 422, "invalid-parameter", "from and to instead"),
        ("/attribution?owner=nobody", 404, "unknown-name", "Known: u1, u2"),
        ("/attribution?exclude_channel=Radio", 404, "unknown-name", "Email"),
        ("/attribution?half_life_days=1_0", 422, "invalid-parameter", "such as 0.4"),
        ("/attribution?after_creation=yes", 422, "invalid-parameter", "true or false"),
        ("/attribution?weight_first=0", 422, "invalid-parameter", "at least one milestone"),
        ("/attribution?lift_test=Events,1", 422, "invalid-parameter", "three numbers"),
        ("/attribution?model=markov&order=5", 422, "invalid-parameter", "4"),
        ("/journeys?steps=7", 422, "invalid-parameter", "6"),
        ("/journeys/flows?exclude_kind=post", 404, "unknown-name", "post"),
        ("/accounts/nobody", 404, "unknown-name", "nobody"),
        ("/accounts?owner=", 422, "invalid-parameter", "owner"),
        ("/report.pdf?parts=summary&parts=summary", 422, "invalid-parameter", "once"),
        ("/report.pdf?as_of=2026-11-21", 422, "invalid-parameter", "reach"),
        ("/report.pdf?model=0", 404, "unknown-name", "no model called '0'"),
        ("/report.pdf?models=liner", 404, "unknown-name", "Did you mean 'linear'"),
        ("/report.pdf?from=2026-01-01", 422, "invalid-parameter", "both from and to"),
        ("/explanations/weather", 422, "invalid-parameter", "'overview', "),
        ("/explanations/channel?name=Radio", 404, "unknown-name", "Radio"),
        ("/explanations/deal?name=zz", 404, "unknown-name", "Known: d6"),
        ("/explanations/overview?model=all", 404, "unknown-name", "all"),
        ("/overview?from=0001-01-01&to=0001-01-02", 422, "invalid-parameter", "1900-01-01"),
        ("/forecast?period=quarter&horizon=9", 422, "invalid-parameter", "1 to 8 quarters"),
        ("/forecast?as_of=2026-11-21", 422, "invalid-parameter", "up to 2026-11-20"),
        ("/deals?as_of=2026-11-21", 422, "invalid-parameter", "up to 2026-11-20"),
        ("/deals/d6?until=2026-11-20", 422, "invalid-parameter", "after the as-of"),
        ("/overview?where=Teir=Gold", 404, "unknown-name", "Known: region"),
        ("/forecast?where=Gold", 422, "invalid-parameter", "Segment=Enterprise"),
        ("/journeys?where=region>=2", 422, "invalid-parameter", "Use = or !="),
        ("/report.pdf?where=region=Mars", 409, "empty-workspace", "region is Mars"),
        ("/deals/nobody", 404, "unknown-name", "Known: d6"),
        ("/deals/a/b%2Fc%00", 404, "unknown-name", "Known: d6"),
        ("/deals?limit=501", 422, "invalid-parameter", "500"),
        ("/overview?period=12m&period=all", 422, "invalid-parameter", "said 2 times"),
        ("/metrics?x=1&x=2", 422, "invalid-parameter", "Say it once"),
        ("/explanations/overview?name=Email", 422, "invalid-parameter", "has no name"),
        ("/nothing", 404, "not-found", "docs"),
        ("/metrics/", 404, "not-found", "docs"),
    ],
)
def test_a_slip_is_told_in_words(asking, path, status, name, words):
    told = assert_problem(asking.get(path), status, name)

    assert words in f"{told['detail']} {told['hint']}"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_what_is_not_possible_says_what_is(asking, method):
    answer = asking.client.request(method, "/deals/d6")

    assert_problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET"


def test_a_key_that_asks_too_often_is_told_when_to_ask_again(asking, tmp_path):
    slow = Limits(burst=2, requests_per_second=0.1, clock=lambda: 0.0)
    impatient = asking_of(asking.services, tmp_path, slow)

    answers = [impatient.get("/metrics") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert_problem(answers[-1], 429, "too-many-requests")
    assert answers[-1].headers["retry-after"] == "10"


def test_who_tries_keys_is_slowed_down_and_holders_of_a_key_are_not(asking, tmp_path):
    slow = Limits(burst=2, requests_per_second=0.1, clock=lambda: 0.0)
    patient = asking_of(asking.services, tmp_path, slow)
    guesser = TestClient(patient.api, client=("192.0.2.7", 1))
    other = TestClient(patient.api, client=("192.0.2.8", 1))

    answers = [guesser.get("/metrics", headers={"Authorization": "Bearer x"}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert_problem(answers[-1], 429, "too-many-requests")
    assert answers[-1].headers["retry-after"] == "10"
    assert other.get("/metrics").status_code == 401
    assert patient.get("/metrics").status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "name"),
    [
        (WorkspaceLockedError("acme is open elsewhere.", "Close it."), 503, "workspace-locked"),
        (ZeroDivisionError("secret detail"), 500, "unexpected"),
    ],
)
def test_a_failure_is_a_problem_without_inner_details(asking, tmp_path, error, status, name):
    def failing():
        raise error

    api = create_api(failing, asking.keys.keys, lambda: tmp_path, PLENTY)
    client = TestClient(api, headers=asking.client.headers, raise_server_exceptions=False)

    told = assert_problem(client.get("/overview"), status, name)
    assert "secret detail" not in json.dumps(told)


def test_a_damaged_key_file_lets_nobody_in(asking, tmp_path):
    keys = KeyFile(tmp_path / "acme.keys.json")
    keys.path.write_text("[")
    client = TestClient(create_api(lambda: asking.services, keys.keys, lambda: tmp_path))

    answer = client.get("/overview", headers={"Authorization": "Bearer x"})
    assert_problem(answer, 503, "keys-damaged")


def test_an_empty_workspace_says_so(tmp_path):
    services = Services(Workspace.in_memory())
    empty = asking_of(services, tmp_path)

    assert empty.get("/workspaces").json()["workspaces"][0]["deals"] == 0
    told = assert_problem(empty.get("/attribution"), 409, "empty-workspace")
    assert told["hint"]
    services.close()


def test_the_page_about_the_api_loads_nothing_from_elsewhere_and_lists_every_endpoint(asking):
    page = TestClient(asking.api).get("/docs").text

    assert "://" not in page
    assert "<script" not in page
    for path, _, _ in ENDPOINTS:
        assert f"GET {path.replace(':path', '')}<" in page
    assert "Excel workbooks (.xlsx, .xlsm)" in page
    assert "Answer to a ZIP archive" in page


def test_a_word_of_the_document_cannot_become_markup():
    said = {"responses": {"200": {"description": "<b>"}}, "description": "<i>", "parameters": []}
    info = {"title": "<u>", "description": "<s>"}
    page = docs_page({"info": info, "paths": {"/<p>": {"get": said}}})

    for word in ("<b>", "<i>", "<u>", "<s>", "/<p>"):
        assert word not in page


def test_the_docs_list_every_endpoint():
    text = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")

    for path, _, _ in ENDPOINTS:
        assert f"| `{path.removeprefix('/').replace(':path', '')}` |" in text


def test_only_parameters_that_are_lists_may_be_repeated(asking):
    paths = asking.api.openapi()["paths"]
    said = [
        one
        for operations in paths.values()
        for operation in operations.values()
        for one in operation.get("parameters", ())
    ]
    lists = {one["name"] for one in said if one["schema"].get("type") == "array"}

    assert lists == REPEATABLE
    assert not lists & {one["name"] for one in said if one["schema"].get("type") != "array"}
