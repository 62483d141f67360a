"""``--currency``, which every command takes the same way."""

from contextlib import closing

import pytest
import typer

from app.agent_tools import TOOLS
from app.cli import cli
from app.mcp_server import AgentAnswers
from app.services import Services
from core.errors import UnknownNameError
from core.workspace import Workspace
from tests.asking import asking_of, assert_problem

REFUSED = "There is no currency in the data called 'XXX'. Known: EUR."
NEEDED = {"report": ("--out", "report.pdf"), "attribute": ("--model", "linear")}
"""What a command has to be told besides the workspace."""


def commands_with(option):
    """Return the names of the commands that have an option."""
    every = typer.main.get_command(cli).commands.items()
    return [
        name for name, one in every if any(option in parameter.opts for parameter in one.params)
    ]


ASKED = commands_with("--currency")


def test_every_command_that_shows_amounts_lets_choose_the_currency():
    assert set(ASKED) == {"attribute", "deals", "explain", "figures", "forecast", "report"}


@pytest.mark.parametrize("command", ASKED)
def test_a_currency_no_deal_has_is_refused(run, workspace, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    needed = NEEDED.get(command, ())
    status, out, errors = run(command, "--workspace", workspace, *needed, "--currency", "XXX")

    assert (status, out, errors) == (2, "", f"error: {REFUSED}\n")
    assert not (tmp_path / "report.pdf").exists()


def test_the_letters_of_a_currency_may_be_small(run, workspace):
    asked = ("deals", "--workspace", workspace, "--currency")
    status, out, _ = run(*asked, "eur")

    assert status == 0
    assert run(*asked, "EUR") == (0, out, "")


def test_programs_are_told_the_same_wherever_they_may_choose_it(workspace, tmp_path):
    with closing(Services(Workspace.open(workspace))) as services:
        asking = asking_of(services, tmp_path)
        paths = asking.get("/openapi.json").json()["paths"]
        asked = [
            path.format(account_id="A1", deal_id="D1", topic="overview")
            for path, operations in paths.items()
            for one in operations.get("get", {}).get("parameters", ())
            if one["name"] == "currency"
        ]
        answers = [asking.get(f"{path}?currency=XXX") for path in asked]

    assert len(asked) >= len(ASKED)
    for answer in answers:
        told = assert_problem(answer, 404, "unknown-name")
        assert f"{told['detail']} {told['hint']}" == REFUSED


def test_agents_are_told_the_same_wherever_they_may_choose_it(workspace):
    answers = AgentAnswers(workspace)
    needed = {"deal": {"deal_id": "D1"}}
    asked = [name for name, one in TOOLS.items() if "currency" in one.asked.model_fields]

    assert len(asked) >= len(ASKED) - 1  # a report is no answer for an agent
    for name in asked:
        with pytest.raises(UnknownNameError) as refused:
            answers.answer(name, {"currency": "XXX", **needed.get(name, {})})
        assert str(refused.value) == REFUSED
