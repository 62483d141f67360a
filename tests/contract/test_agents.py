"""Agents get the answers of the HTTP API through a real client of the package mcp."""

import asyncio
import importlib.util
import json
import os
import re
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from mcp import Client, StdioServerParameters

from app.agent_tools import TOOLS
from app.api.application import create_api
from app.api.keys import KeyFile
from app.api.limits import Limits
from app.commands.mcp import mcp
from app.mcp_server import AgentAnswers, agent_server
from app.services import Services
from core.crm.demo import DemoOptions, load, simulate
from core.errors import ExtraMissingError, WorkspaceMissingError
from core.metrics import METRICS
from core.workspace import Workspace
from tests.processes import holding

ROOT = Path(__file__).resolve().parents[2]
PERIOD = {"from": "2026-01-01", "to": "2026-06-30"}
EXAMPLES = {
    "workspace": ("/workspaces", {}),
    "metrics": ("/metrics", {}),
    "figures": ("/figures?page=pipeline&limit=5", {"page": "pipeline", "limit": 5}),
    "overview": (
        "/overview?period=qtd&where=kind=Renewal", {"period": "qtd", "where": ["kind=Renewal"]},
    ),
    "attribution": (
        "/attribution?model=linear&by=campaign&from=2026-01-01&to=2026-06-30",
        {"model": "linear", "by": "campaign", **PERIOD},
    ),
    "journeys": ("/journeys?limit=2&from=2026-01-01", {"limit": 2, "from": "2026-01-01"}),
    "forecast": (
        "/forecast?period=quarter&horizon=2", {"period": "quarter", "horizon": 2},
    ),
    "deals": ("/deals?limit=3", {"limit": 3}),
    "deal": ("/deals/{deal}", {"deal_id": "{deal}"}),
    "explain": ("/explanations/attribution?model=linear", {"topic": "attribution"}),
    "data_quality": ("/quality", {}),
    "imports": ("/imports?limit=1", {"limit": 1}),
}  # fmt: skip
"""What each tool is asked, and the same question over HTTP."""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Return the workspace file of a demo company."""
    made = tmp_path_factory.mktemp("agents") / "acme.duckdb"
    with Workspace.create(made) as workspace:
        load(workspace, simulate(DemoOptions(ends_on=date(2026, 11, 20), deals=150)))
    return made


@pytest.fixture(scope="module")
def api_answers(file):
    """Return what the HTTP API answers to every example, and the id of a deal."""
    keys = KeyFile.beside(file)
    with Workspace.open(file) as workspace:
        services = Services(workspace)
        _, secret = keys.add("Test", services.coverage().as_of)
        api = create_api(lambda: services, keys.keys, Limits(burst=1_000))
        client = TestClient(api, headers={"Authorization": f"Bearer {secret}"})
        deal = client.get("/deals").json()["rows"][0]["deal_id"]
        found = {name: client.get(path.format(deal=deal)) for name, (path, _) in EXAMPLES.items()}
    return deal, {name: answer.json() for name, answer in found.items()}


def asked(server, *questions):
    """Ask a server with a real client; return the tools and each result."""

    async def ask():
        async with Client(server) as client:
            tools = (await client.list_tools()).tools
            return tools, [await client.call_tool(name, said) for name, said in questions]

    return asyncio.run(ask())


def refused(server, name, said):
    """Return the words of a refusal."""
    _, (answer,) = asked(server, (name, said))
    assert answer.is_error
    (part,) = answer.content
    return part.text


def test_every_tool_answers_what_the_api_answers(file, api_answers):
    deal, over_http = api_answers
    questions = [
        (name, {key: deal if value == "{deal}" else value for key, value in said.items()})
        for name, (_, said) in EXAMPLES.items()
    ]
    _, answers = asked(agent_server(file), *questions)

    assert set(EXAMPLES) == set(TOOLS)
    for (name, _), answer in zip(questions, answers, strict=True):
        assert not answer.is_error, (name, answer.content)
        assert answer.structured_content == over_http[name], name
        assert json.loads(answer.content[0].text) == over_http[name]


def test_tools_only_read_and_say_what_each_argument_means(file):
    tools, _ = asked(agent_server(file))

    assert [tool.name for tool in tools] == list(TOOLS)
    for tool in tools:
        assert tool.annotations.read_only_hint
        assert not tool.annotations.destructive_hint
        assert tool.description.endswith(".")
        assert tool.output_schema["type"] == "object"
        assert tool.input_schema["additionalProperties"] is False
        named = tool.input_schema.get("$defs", {})
        for name, argument in tool.input_schema.get("properties", {}).items():
            meant = {**named.get(argument.get("$ref", "").rpartition("/")[2], {}), **argument}
            assert meant.get("description"), (tool.name, name)


def test_the_command_answers_a_client_over_standard_input_and_output(file):
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "app", "mcp", "--workspace", str(file)],
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        cwd=file.parent,
    )
    tools, (catalogue, won) = asked(server, ("metrics", {}), ("overview", {}))

    assert len(tools) == len(TOOLS)
    assert [one["name"] for one in catalogue.structured_content["metrics"]] == list(METRICS)
    assert won.structured_content["figures"][0]["metric"] == "closed_won"


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("attribution", {"model": "liner"}, "Did you mean 'linear'?"),
        ("attribution", {"lookback_days": "many"}, "lookback_days: write it as a whole number"),
        ("attribution", {"slip": 1}, "slip: Extra inputs are not permitted"),
        ("overview", {"from": "2026-01-01"}, "give both from and to"),
        ("overview", {"currency": "CHF"}, "There is no currency in the data called 'CHF'"),
        ("deals", {"where": ["Teir=Gold"]}, "There is no column called 'Teir'"),
        ("deal", {}, "deal_id: Field required"),
        ("deal", {"deal_id": "nobody"}, "nobody"),
        ("explain", {"topic": "weather"}, "topic: Input should be 'overview'"),
        ("drop_tables", {}, "There is no tool called 'drop_tables'"),
    ],
)
def test_a_slip_is_refused_in_words(file, name, said, words):
    assert words in refused(agent_server(file), name, said)


def test_a_workspace_without_deals_says_what_to_do(tmp_path):
    Workspace.create(tmp_path / "empty.duckdb").close()

    words = refused(agent_server(tmp_path / "empty.duckdb"), "attribution", {})
    assert "Import" in words


def test_a_connected_agent_keeps_nobody_waiting_and_is_told_who_holds_the_file(file):
    answers = AgentAnswers(file)
    first = answers.answer("workspace", {})
    with holding(file):
        said = refused(agent_server(file), "workspace", {})
    again = answers.answer("workspace", {})

    assert "is open in another process" in said
    assert first == again


def test_a_failure_tells_the_agent_nothing_of_the_inside(file, monkeypatch, caplog):
    def failing(_self, _name, _said):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(AgentAnswers, "answer", failing)
    words = refused(agent_server(file), "metrics", {})

    assert "secret detail" not in words
    assert words.split("reference ")[1][:8] in caplog.text


def test_without_the_package_the_command_says_how_to_install_it(file, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(ExtraMissingError, match=r'pip install "\.\[mcp\]"'):
        mcp(file)


def test_a_missing_workspace_is_told_before_anything_is_served(tmp_path):
    with pytest.raises(WorkspaceMissingError, match="no workspace"):
        mcp(tmp_path / "none.duckdb")


def test_the_extra_is_the_version_that_is_tested():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (wanted,) = project["optional-dependencies"]["mcp"]
    tested = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8")

    assert any(line.split()[:1] == [wanted] for line in tested.splitlines())


def test_the_docs_list_every_tool():
    text = (ROOT / "docs" / "agents.md").read_text(encoding="utf-8")

    assert re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE) == list(TOOLS)
