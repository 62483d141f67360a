"""Over HTTP any column of the exports chooses deals, with the words and figures of ``--where``."""

import csv
import gc
import io
import json
import shutil
import sys
import weakref

import pytest

from app.api.chosen import PARTS, Parts
from app.api.routes import ENDPOINTS
from app.cli import main
from app.mcp_server import AgentAnswers
from app.services import Services
from core.crm.receipts import SourceFile
from core.errors import UnknownNameError
from core.selection import LEFT_OUT
from core.workspace import Workspace
from tests.asking import NOW, asking_of, assert_problem

DEALS = """deal_id,name,stage,amount,currency,created_at,closed_at,is_won,Tier,Seats
D1,Northwind,Closed Won,1000.00,EUR,2026-07-01,2026-11-10,true,Gold,50
D2,Kestrel,Closed Won,250.00,EUR,2026-07-15,2026-11-05,true,Silver,8
D3,Halcyon,Proposal,90.00,EUR,2026-10-01,,,Gold,9
D4,Orchid,Proposal,70.00,EUR,2026-10-01,,,Silver,60
D5,Larch,Closed Lost,60.00,EUR,2026-07-01,2026-11-08,false,Gold,20
"""
TOUCHES = """touch_id,deal_id,contact,channel,campaign,occurred_at,cost
T1,D1,,Email,Spring,2026-09-15,10.00
T2,D2,,Partner,,2026-09-20,
T3,D5,,Email,Spring,2026-09-15,
"""
ABOUT_DEALS = (
    "/figures?page=overview",
    "/overview?period=all", "/attribution?model=linear", "/journeys", "/journeys/flows",
    "/accounts", "/forecast?horizon=1", "/deals", "/deals/D3", "/explanations/overview?period=all",
)  # fmt: skip
ABOUT_THE_DATA = {"/workspaces", "/metrics", "/imports", "/quality"}
GOLD = f"Only deals whose Tier is Gold. {LEFT_OUT}"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Return a workspace file whose deals have two columns no field takes."""
    made = tmp_path_factory.mktemp("where") / "acme.duckdb"
    files = [SourceFile("d.csv", DEALS.encode()), SourceFile("t.csv", TOUCHES.encode())]
    with Workspace.create(made) as workspace:
        Services(workspace).import_files(files, NOW)
    return made


@pytest.fixture
def asking(file):
    with Workspace.open(file) as workspace:
        yield asking_of(Services(workspace), file.parent)


@pytest.fixture
def command(file, tmp_path, capsys, monkeypatch):
    copy = shutil.copy(file, tmp_path)  # the API of the test holds the file itself

    def run(name, *arguments):
        line = ["plumbline", name, "--workspace", copy, *arguments]
        monkeypatch.setattr(sys, "argv", list(map(str, line)))
        with pytest.raises(SystemExit) as stopped:
            main()
        assert not stopped.value.code
        return capsys.readouterr().out

    return run


def with_where(path, *conditions):
    """Return a path that asks about the deals that fulfil some conditions."""
    said = "&".join(f"where={one}" for one in conditions)
    return f"{path}{'&' if '?' in path else '?'}{said}"


@pytest.mark.parametrize("condition", ["Tier=Gold", "Seats>=50", "Tier!=Gold"])
def test_attribution_of_a_part_is_that_of_the_command_line(command, asking, condition):
    printed = command("attribute", "--model", "linear", "--where", condition, "--format", "csv")
    told = asking.get(with_where("/attribution?model=linear", condition)).json()

    assert {row["name"]: row["revenue"]["major"] for row in told["rows"]} == {
        row["channel"]: row["revenue"] for row in csv.DictReader(io.StringIO(printed))
    }


def test_forecast_and_deals_of_a_part_are_those_of_the_command_line(command, asking):
    gold = ("--where", "Tier=Gold", "--format", "json")
    periods = json.loads(command("forecast", "--horizon", "2", *gold))
    scores = json.loads(command("deals", *gold))
    forecast = asking.get(with_where("/forecast?horizon=2", "Tier=Gold")).json()
    deals = asking.get(with_where("/deals", "Tier=Gold")).json()

    assert [row["forecast"]["major"] for row in forecast["periods"]] == [
        row["forecast"] for row in periods
    ]
    assert [row["deal_id"] for row in deals["rows"]] == [row["deal_id"] for row in scores] == ["D3"]
    assert deals["rows"][0]["p_win"] == pytest.approx(scores[0]["p_win"], abs=1e-12)
    assert "told of all deals" in deals["not_compared"]


def test_every_endpoint_about_deals_says_first_which_these_are_and_what_is_left_out(asking):
    for path in ABOUT_DEALS:
        told = asking.get(with_where(path, "Tier=Gold"))
        assert told.status_code == 200, (path, told.text)
        assert told.json()["warnings"][0] == GOLD, path
    assert asking.get("/overview").json()["warnings"] == []
    assert asking.get(with_where("/report.pdf?parts=summary", "Tier=Gold")).status_code == 200


def test_every_endpoint_takes_conditions_but_those_about_the_data_themselves(asking):
    paths = asking.api.openapi()["paths"]
    takes = {
        path
        for path, operations in paths.items()
        if any(one["name"] == "where" for one in operations.get("get", {}).get("parameters", ()))
    }

    every = {path.replace(":path", "") for path, _, _ in ENDPOINTS} | {"/report.pdf"}
    assert takes == every - ABOUT_THE_DATA
    assert_problem(asking.get("/quality?where=Tier=Gold"), 422, "invalid-parameter")


def test_conditions_are_part_of_the_tag_and_their_order_is_not(asking):
    both = asking.get(with_where("/overview", "Tier=Gold", "Seats>=20"))
    turned = asking.get(with_where("/overview", "Seats>=20", "Tier=Gold"))
    one = asking.get(with_where("/overview", "Tier=Gold"))

    assert both.headers["etag"] == turned.headers["etag"] != one.headers["etag"]
    assert both.json() == turned.json()
    again = asking.get(with_where("/overview", "Tier=Gold"), If_None_Match=one.headers["etag"])
    assert again.status_code == 304


def test_no_more_than_a_few_parts_are_kept_in_memory(asking):
    parts, whole = Parts(), asking.services
    kept = [
        weakref.ref(parts.of(whole, [f"Seats>={least}"]).workspace) for least in range(PARTS + 2)
    ]
    gc.collect()

    assert [one() is not None for one in kept] == [False] * 2 + [True] * PARTS
    again = parts.of(whole, [f"Seats>={PARTS + 1}"])
    assert again.workspace is kept[-1]()


def test_an_agent_is_told_about_the_same_part_and_a_new_question_needs_no_new_copy(file):
    answers = AgentAnswers(file)
    said = {"model": "linear", "where": ["Tier=Gold"]}
    first = answers.answer("attribution", said)
    again = answers.answer("overview", {"period": "all", "where": ["Tier=Gold"]})

    assert first.warnings[0] == again.warnings[0] == GOLD
    assert {row.name: row.revenue.minor for row in first.rows} == {"Email": 100_000}
    with pytest.raises(UnknownNameError, match="Tier"):
        answers.answer("deals", {"where": ["Teir=Gold"]})


def test_no_endpoint_lets_a_caller_choose_where_reductions_run(asking):
    """A URL of an engine names a host: a server that took it would call wherever it is told."""
    operations = [one for path in asking.api.openapi()["paths"].values() for one in path.values()]
    names = {parameter["name"] for one in operations for parameter in one.get("parameters", ())}
    assert "where" in names
    assert not {name for name in names if "engine" in name or "url" in name}
