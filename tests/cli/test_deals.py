"""``deals`` on the command line: columns, sums, words."""

import csv
import io
import json
from contextlib import closing
from datetime import date, timedelta

import numpy as np
import pytest

from app.services import Services
from core.analyst.writers.registry import WriterSettings
from core.crm.demo import DemoOptions, load, simulate
from core.workspace import Workspace
from tests.scored import AS_OF
from tests.twice import imported_twice

COLUMNS = ["deal_id", "p_win", "p_lose", "p_slip", "band", "signals"]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    file = tmp_path_factory.mktemp("demo") / "w.duckdb"
    with Workspace.create(file) as made:
        load(made, simulate(DemoOptions(ends_on=AS_OF, deals=300)))
    return file


def test_csv_has_the_documented_columns_and_chances_that_sum_to_one(read, workspace):
    status, out, _ = read("deals", "--workspace", workspace, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))

    assert status == 0
    assert list(rows[0]) == COLUMNS
    for row in rows:
        assert sum(float(row[name]) for name in COLUMNS[1:4]) == pytest.approx(1, abs=1e-12)
        assert row["band"] in {"low", "medium", "high", "none"}


def test_json_has_the_same_deals_with_signals_as_a_list(run, workspace):
    _, out, _ = run("deals", "--workspace", workspace, "--format", "json")
    rows = json.loads(out)

    assert set(COLUMNS) < set(rows[0])
    assert all(isinstance(row["signals"], list) for row in rows)


def test_json_tells_the_change_since_the_import_before_and_what_moved_it(run, tmp_path):
    file = tmp_path / "twice.duckdb"
    imported_twice(deals=300, path=file).close()
    rows = json.loads(run("deals", "--workspace", file, "--format", "json")[1])
    csv_head = run("deals", "--workspace", file, "--format", "csv")[1].splitlines()[0]

    changed = [row for row in rows if row["changed_by"]]
    assert changed
    assert all(-1 < row["change"] < 1 for row in changed)
    assert csv_head.split(",") == COLUMNS


def test_people_read_that_a_first_import_has_nothing_to_compare_with(run, workspace):
    assert "This is the first import" in run("deals", "--workspace", workspace)[1]


def test_an_earlier_day_replays_the_deals_that_were_open_then(read, workspace):
    now = read("deals", "--workspace", workspace, "--format", "csv")[1]
    then = read("deals", "--workspace", workspace, "--format", "csv", "--as-of", "2026-05-31")[1]

    assert now.splitlines()[0] == then.splitlines()[0]
    assert {line.split(",")[0] for line in now.splitlines()} != {
        line.split(",")[0] for line in then.splitlines()
    }


def test_people_read_what_the_chances_are_worth_or_that_there_is_no_signal(run, workspace):
    status, out, _ = run("deals", "--workspace", workspace, "--until", "2027-03-31")

    assert status == 0
    assert "won, lost and still open by 31 Mar 2027" in out
    assert "calibration error" in out or "No signal" in out


def test_without_a_signal_it_is_said_aloud_and_nothing_is_counted_at_risk(run, tmp_path):
    file, deals = tmp_path / "coin.duckdb", tmp_path / "deals.csv"
    deals.write_text(tossed_up(), encoding="utf-8")
    run("import", deals, "--workspace", file)

    assert "note: No signal: " in run("deals", "--workspace", file)[1]
    assert "note: No signal: " in run("explain", "--workspace", file, "--topic", "deal:open")[1]
    with closing(Services(Workspace.open(file))) as services:
        inquiry = services.ask.understand("How many open deals are at risk?", WriterSettings())
        assert services.ask.answer(inquiry).rows["value"].to_list() == [None]


def tossed_up():
    """Return deals won and lost by the toss of a coin, and an open one, as a file."""
    random = np.random.default_rng(5)
    lines = ["deal_id,name,stage,amount,currency,created_at,closed_at,is_won"]
    for number in range(160):
        created = date(2024, 1, 1) + timedelta(days=int(random.integers(0, 800)))
        closed = created + timedelta(days=int(random.integers(20, 120)))
        won = str(bool(random.random() < 0.4)).lower()
        lines.append(f"d{number},Deal,Closed,10.00,EUR,{created},{closed},{won}")
    return "\n".join([*lines, "open,Deal,Proposal,10.00,EUR,2026-05-01,,", ""])


def test_a_period_in_the_past_is_one_line_on_standard_error(run, workspace):
    status, out, err = run("deals", "--workspace", workspace, "--until", "2020-01-01")

    assert (status, out) == (2, "")
    assert err.startswith("error: The period would end on 2020-01-01")


def test_a_period_of_more_than_two_years_is_refused_before_it_fills_the_memory(run, workspace):
    status, out, err = run("deals", "--workspace", workspace, "--until", "2199-12-31")

    assert (status, out) == (2, "")
    assert "more than two years after" in err


def test_a_day_the_data_do_not_reach_is_refused_and_not_told_as_nothing(run, workspace):
    status, out, err = run("deals", "--workspace", workspace, "--as-of", "2099-01-01")

    assert (status, out) == (2, "")
    assert "The data reach" in err
    assert "2099-01-01 is later." in err
