"""The report over HTTP is the one the command line writes, to the last byte."""

from datetime import date

import pytest

from app.services import Services
from core.crm.demo import DemoOptions, load, simulate
from core.workspace import Workspace
from tests.asking import asking_of


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Return a workspace of a simulated company, made once."""
    file = tmp_path_factory.mktemp("demo") / "acme.duckdb"
    with Workspace.create(file) as made:
        load(made, simulate(DemoOptions(ends_on=date(2026, 11, 20), deals=60)))
    return file


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "asked"),
    [
        (
            ("--audience", "marketing", "--paper", "letter", "--period", "all", "--as-of",
             "2026-06-30", "--currency", "EUR"),
            "audience=marketing&paper=letter&period=all&as_of=2026-06-30&currency=EUR",
        ),
        (
            ("--from", "2026-01-01", "--to", "2026-06-30", "--parts", "summary,risks"),
            "from=2026-01-01&to=2026-06-30&parts=summary&parts=risks",
        ),
        (
            ("--parts", "attribution,appendix", "--models", "linear,shapley", "--model", "shapley"),
            "parts=attribution&parts=appendix&models=linear&models=shapley&model=shapley",
        ),
    ],
    ids=["a past day", "two days", "models"],
)  # fmt: skip
def test_a_report_is_the_command_lines_byte_for_byte(demo, run, tmp_path, options, asked):
    out = tmp_path / "report.pdf"
    assert run("report", "--workspace", demo, "--out", out, *options)[0] == 0
    with Workspace.open(demo) as workspace:
        answer = asking_of(Services(workspace), tmp_path).get(f"/report.pdf?{asked}")

    assert answer.status_code == 200, answer.text
    assert answer.content == out.read_bytes()
