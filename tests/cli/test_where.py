"""``--where`` on the command line: the same part of the deals for every command."""

import csv
import io

import polars as pl
import pytest

DEALS = """Nr,Worth,Opened,Done,Won?,Tier
D1,100.00,2025-01-01,2025-03-01,yes,Gold
D2,30.00,2025-01-02,2025-03-02,yes,Silver
D3,7.00,2025-06-03,,,Gold
"""
MAP = """table = "deals"
[columns]
deal_id = "Nr"
amount = "Worth"
created_at = "Opened"
closed_at = "Done"
is_won = "Won?"
"""


@pytest.fixture
def workspace(run, tmp_path):
    for name, text in (("deals.csv", DEALS), ("map.toml", MAP)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    file = tmp_path / "w.duckdb"
    status, _, err = run(
        "import", tmp_path / "deals.csv", "--workspace", file, "--map", tmp_path / "map.toml"
    )
    assert (status, err) == (0, "")
    return file


def test_an_extra_column_of_a_mapped_file_filters_attribution(run, workspace):
    asked = ("attribute", "--workspace", workspace, "--model", "linear", "--format", "csv")
    _, everything, _ = run(*asked)
    status, out, err = run(*asked, "--where", "Tier=Gold")

    assert status == 0
    assert [row["revenue"] for row in csv.DictReader(io.StringIO(everything))] == ["130.00"]
    assert [row["revenue"] for row in csv.DictReader(io.StringIO(out))] == ["100.00"]
    assert "Only deals whose Tier is Gold." in err


@pytest.mark.parametrize("command", ["attribute", "forecast", "deals"])
def test_a_column_there_is_not_is_refused_by_every_command(run, workspace, command):
    status, _, err = run(command, "--workspace", workspace, "--where", "Teir=Gold")

    assert status == 2
    assert "Tier" in err


def test_a_condition_that_says_nothing_is_refused(run, workspace):
    status, _, err = run("attribute", "--workspace", workspace, "--where", "Gold")

    assert status == 2
    assert "Segment=Enterprise" in err


def test_an_export_of_a_part_holds_that_part_and_says_so(run, workspace, tmp_path):
    for folder, where in (("whole", ()), ("gold", ("--where", "Tier=Gold"))):
        assert run("export", "--workspace", workspace, "--out", tmp_path / folder, *where)[0] == 0
    copies = [pl.read_parquet(tmp_path / name / "exported.parquet") for name in ("whole", "gold")]
    gold = pl.read_parquet(tmp_path / "gold" / "deals.parquet")
    assert not copies[0].equals(copies[1])
    assert gold["deal_id"].sort().to_list() == ["D1", "D3"]
