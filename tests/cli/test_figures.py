"""``python -m app figures``."""

import csv
import io
import json
from datetime import date

import pytest

from app.figure_rows import ShownOn
from core.crm.demo import DemoOptions, load, simulate
from core.metrics import METRICS
from core.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    file = tmp_path_factory.mktemp("figures") / "w.duckdb"
    with Workspace.create(file) as made:
        load(made, simulate(DemoOptions(ends_on=date(2026, 11, 20), deals=200)))
    return file


def listed(read, *asked):
    """Return what the command prints as rows."""
    status, out, _ = read("figures", *asked, "--format", "json")
    assert status == 0
    return json.loads(out)


def test_every_figure_has_a_name_of_the_catalogue_its_unit_and_a_page(read, workspace):
    rows = listed(read, "--workspace", workspace)

    assert {row["name"] for row in rows} <= METRICS.keys()
    assert all(row["unit"] == METRICS[row["name"]].unit for row in rows)
    assert {row["page"] for row in rows} == set(ShownOn)
    assert len({(row["page"], row["name"], row["of"]) for row in rows}) == len(rows)


def test_the_figures_of_a_page_are_asked_for_by_its_name(read, workspace):
    whole = listed(read, "--workspace", workspace)
    rows = listed(read, "--workspace", workspace, "--page", "pipeline")

    assert rows == [row for row in whole if row["page"] == "pipeline"]


def test_a_period_and_two_days_that_are_that_period_are_the_same(read, workspace):
    asked = ("--workspace", workspace, "--page", "overview")
    named = listed(read, *asked, "--period", "last_quarter")

    assert named == listed(read, *asked, "--from", "2026-07-01", "--to", "2026-09-30")
    assert named != listed(read, *asked)


def test_an_amount_has_its_currency_and_nothing_unknown_is_a_number(run, read, workspace):
    rows = [row for row in listed(read, "--workspace", workspace) if row["page"] == "deals"]
    _, out, _ = run("figures", "--workspace", workspace, "--page", "deals", "--format", "csv")
    in_csv = list(csv.DictReader(io.StringIO(out)))

    assert {row["currency"] for row in rows if row["unit"] == "money"} == {"EUR"}
    unknown = [row["value"] is None for row in rows]
    assert any(unknown)  # a first import has no change of a chance
    assert [row["value"] == "" for row in in_csv] == unknown


def test_people_read_the_figures_as_the_pages_write_them(run, workspace):
    status, out, _ = run("figures", "--workspace", workspace, "--page", "data_quality")

    assert status == 0
    assert "quality_score" in out
    assert "of the last 12 months; data " in out


def test_a_period_with_one_end_is_refused(run, workspace):
    status, _, errors = run("figures", "--workspace", workspace, "--from", "2026-07-01")

    assert status == 2
    assert "A period has two ends. Give both --from and --to." in errors
