"""The command line keeps its contract: formats, exit status, errors in the words of the pages."""

import csv
import io
import json
import subprocess
import sys
from datetime import date
from decimal import Decimal

import pytest

from app.cli import cli
from core.crm.demo import DemoOptions, load, simulate
from core.workspace import Workspace


def test_exports_become_attributed_revenue_in_two_commands(run, exports, tmp_path):
    imported, *_ = run("import", *exports, "--workspace", tmp_path / "w.duckdb")
    status, out, _ = run(
        "attribute", "--workspace", tmp_path / "w.duckdb", "--model", "linear", "--format", "csv"
    )

    assert (imported, status) == (0, 0)
    # 1000.00 over three touches is 333.33, 333.34 and 333.33; D2 has no touch.
    assert [tuple(row.values())[:4] for row in csv.DictReader(io.StringIO(out))] == [
        ("linear", "Email", "0.666666667", "666.66"),
        ("linear", "Webinar", "0.333333333", "333.34"),
        ("linear", "(unattributed)", "1.0", "0.05"),
    ]


def test_every_models_total_equals_closed_won(run, workspace):
    _, out, _ = run("attribute", "--workspace", workspace, "--format", "json")

    totals: dict[str, int] = {}
    for row in json.loads(out):
        cents = round(float(row["revenue"]) * 100)
        totals[row["model"]] = totals.get(row["model"], 0) + cents
    assert len(totals) >= 6
    assert set(totals.values()) == {100_005}


def test_the_table_shows_the_line_that_proves_the_sums(run, workspace):
    _, out, _ = run("attribute", "--workspace", workspace, "--model", "first_touch")

    *_, total, closed_won, why = out.splitlines()
    assert total.split() == ["total", "€1,000.05"]
    assert closed_won.split() == ["closed", "won", "€1,000.05"]
    assert why == (
        "note: 1 won deal (€0.05) unattributed because no touch names the deals, their people "
        "or their company."
    )


def test_credit_can_be_summed_by_campaign(run, workspace):
    options = ("--by", "campaign", "--model", "last_touch", "--format", "csv")
    _, out, _ = run("attribute", "--workspace", workspace, *options)

    assert out.splitlines()[:2] == ["model,campaign,deals,revenue,share", out.splitlines()[1]]
    assert out.splitlines()[1].startswith("last_touch,Spring,1.0,1000.00,")


def test_a_period_and_a_lookback_narrow_the_question(run, workspace):
    options = ("--model", "linear", "--format", "csv", "--lookback-days", "20")
    _, out, _ = run("attribute", "--workspace", workspace, *options, "--to", "2025-03-05")

    # Of D1 only the touch on the closing day is left; D2 closed a day after the period.
    assert [line.split(",")[1:4] for line in out.splitlines()[1:]] == [["Email", "1.0", "1000.00"]]


def test_import_says_one_json_object_a_file_and_partial_is_exit_1(run, exports, tmp_path):
    good = (tmp_path / "deals.csv").read_text()
    (tmp_path / "deals.csv").write_text(good + "D4,Bad,Acme,Ada,New,12x,EUR,2025-01-10,,\n")
    status, out, _ = run(
        "import", tmp_path / "deals.csv", "--workspace", tmp_path / "w.duckdb", "--json"
    )

    told = json.loads(out)
    assert status == 1
    assert (told["status"], told["rows_in"], told["loaded"], told["rejected"]) == (
        "partial",
        4,
        3,
        1,
    )
    assert (
        told["rejects"][0].items()
        >= {
            "row": 4,
            "line": 5,
            "column": "amount",
            "value": "12x",
            "reason": "bad_amount",
        }.items()
    )


def test_a_refused_file_is_exit_2_and_says_why(run, tmp_path):
    (tmp_path / "empty.csv").write_bytes(b"")
    status, out, err = run("import", tmp_path / "empty.csv", "--workspace", tmp_path / "w.duckdb")

    assert status == 2
    assert out == ""
    assert err.startswith("error: empty.csv: refused.")
    assert not (tmp_path / "w.duckdb").exists()


def test_the_same_file_again_changes_nothing(run, exports, workspace):
    with Workspace.open(workspace) as before:
        fingerprint = before.fingerprint()
    status, out, _ = run("import", *exports, "--workspace", workspace)

    assert status == 0
    assert out.count("imported before") == 2
    with Workspace.open(workspace) as after:
        assert after.fingerprint() == fingerprint


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["attribute", "--workspace", "none.duckdb"], "There is no workspace at none.duckdb"),
        (["import", "none.csv", "--workspace", "w.duckdb"], "none.csv cannot be read"),
    ],
    ids=["no workspace", "no file"],
)
def test_an_error_is_one_line_on_standard_error_with_exit_2(
    run, arguments, words, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    status, out, err = run(*arguments)

    assert (status, out) == (2, "")
    assert err.startswith(f"error: {words}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--model", "liner"], "Did you mean 'linear'"),
        (["--from", "March"], "--from March is not a day"),
        (["--from", "2025-W10-1"], "--from 2025-W10-1 is not a day"),
        (["--from", "0001-01-01"], "Choose a day from 1900-01-01 to 2199-12-31"),
        (["--model", "markov", "--order", "0"], "markov_0"),
        (["--from", "2025-04-01", "--to", "2025-03-01"], "not after the last"),
        (["--engine", "oracle:"], "There is no engine called 'oracle:'"),
        (["--lookback-days", "0"], "at least 1 day"),
    ],
)
def test_a_wrong_option_is_refused_in_words(run, workspace, options, words):
    status, _, err = run("attribute", "--workspace", workspace, *options)

    assert status == 2
    assert words in err


def test_attribution_of_an_empty_workspace_says_what_to_do(run, tmp_path):
    Workspace.create(tmp_path / "w.duckdb").close()
    status, _, err = run("attribute", "--workspace", tmp_path / "w.duckdb")

    assert status == 2
    assert "Import" in err


def test_the_demo_company_is_stored_with_its_truth_beside_it(run, tmp_path):
    options = ("--seed", "3", "--deals", "60", "--ends-on", "2026-06-30")
    status, _, _ = run("demo", "--out", tmp_path / "d.duckdb", *options)

    assert status == 0
    truth = json.loads((tmp_path / "d.truth.json").read_text())
    assert truth["scenario"] == "company"
    with Workspace.open(tmp_path / "d.duckdb") as made, Workspace.in_memory() as again:
        load(again, simulate(DemoOptions(seed=3, deals=60, ends_on=date(2026, 6, 30))))
        assert made.fingerprint() == again.fingerprint()
        assert made.count("deals") == 60


def test_demo_exports_stand_in_a_folder_that_is_a_workspace_too(run, tmp_path):
    options = ("--deals", "40", "--ends-on", "2026-06-30", "--export", "salesforce", "--dirt")
    status, *_ = run("demo", "--out", tmp_path / "sf", *options)

    names = {path.name for path in (tmp_path / "sf").iterdir()}
    assert status == 0
    assert {"workspace.duckdb", "truth.json", "Opportunity.csv"} <= names
    assert run("attribute", "--workspace", tmp_path / "sf", "--model", "linear")[0] == 0


def test_a_demo_never_overwrites_a_workspace(run, workspace):
    before = workspace.read_bytes()
    status, _, err = run("demo", "--out", workspace, "--deals", "10")

    assert status == 2
    assert "cannot be made anew" in err
    assert workspace.read_bytes() == before


def test_a_path_file_is_attributed_without_a_workspace(run, tmp_path):
    (tmp_path / "paths.csv").write_text(
        "path,total_conversions,total_null\nEmail > Web,1,1\nWeb,1,1\n>,1,0\n"
    )
    options = ("--paths", tmp_path / "paths.csv", "--model", "markov", "--order", "1")
    status, out, err = run("attribute", *options, "--format", "csv")

    # Without Web nothing converts (effect 1); without Email only Web alone does, at half (1/2).
    credit = {row["channel"]: float(row["conversions"]) for row in csv.DictReader(io.StringIO(out))}
    assert status == 0
    assert credit == pytest.approx({"Email": 2 / 3, "Web": 4 / 3})
    assert "3 rows in = 2 counted + 1 rejected" in err
    assert "line 4, row 3" in err


def test_attribution_without_data_says_what_to_give(run):
    status, _, err = run("attribute", "--model", "linear")

    assert status == 2
    assert "--workspace or --paths" in err


def test_data_driven_models_reconcile_like_the_rules(run, workspace):
    _, out, _ = run("attribute", "--workspace", workspace, "--model", "markov_1")

    foot = {line.split()[0]: line.split()[-1] for line in out.splitlines() if "€" in line}
    assert foot["total"] == foot["closed"] == "€1,000.05"


SERIES = "ds,y\n" + "".join(f"2025-{month:02d}-01,{100 + month}\n" for month in range(1, 13))


def test_a_series_is_forecast_with_intervals_in_the_documented_columns(run, tmp_path):
    (tmp_path / "series.csv").write_text(SERIES)
    arguments = ("--series", tmp_path / "series.csv", "--horizon", "2")
    status, out, _ = run("forecast", *arguments, "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert list(rows[0]) == ["id", "ds", "forecast", "lo80", "hi80", "lo95", "hi95"]
    assert [row["ds"] for row in rows] == ["2026-01-01", "2026-02-01"]
    for row in rows:
        bounds = [float(row[name]) for name in ("lo95", "lo80", "forecast", "hi80", "hi95")]
        assert bounds == sorted(bounds)
    assert "origins" in run("forecast", *arguments)[1]


OUTLOOK_COLUMNS = [
    "period", "forecast", "lo80", "hi80", "lo95", "hi95", "booked", "pipeline", "new_business",
]  # fmt: skip


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """Return a workspace of a simulated company, made once."""
    file = tmp_path_factory.mktemp("simulated") / "acme.duckdb"
    with Workspace.create(file) as made:
        load(made, simulate(DemoOptions(ends_on=date(2026, 11, 20), deals=300)))
    return file


def test_an_outlook_adds_up_in_the_documented_columns(run, simulated):
    status, out, _ = run("forecast", "--workspace", simulated, "--horizon", "3", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(out)))
    assert status == 0
    assert list(rows[0]) == OUTLOOK_COLUMNS
    assert [row["period"] for row in rows] == ["2026-11", "2026-12", "2027-01"]
    for row in rows:
        parts = [Decimal(row[name]) for name in ("booked", "pipeline", "new_business")]
        assert sum(parts) == Decimal(row["forecast"])
        bounds = [float(row[name]) for name in ("lo95", "lo80", "forecast", "hi80", "hi95")]
        assert bounds == sorted(bounds)
        assert bounds[0] >= float(row["booked"])


def test_a_split_outlook_adds_up_to_the_whole(run, simulated):
    asked = ("forecast", "--workspace", simulated, "--period", "quarter", "--horizon", "1")

    whole = json.loads(run(*asked, "--format", "json")[1])
    parts = json.loads(run(*asked, "--by", "team", "--format", "json")[1])

    assert whole[0]["period"] == parts[0]["period"] == "2026-Q4"
    assert sum(Decimal(row["forecast"]) for row in parts) == Decimal(whole[0]["forecast"])


def test_the_outlook_for_people_shows_its_record(run, simulated):
    asked = ("forecast", "--workspace", simulated, "--horizon", "1", "--as-of", "2026-06-30")

    _, out, _ = run(*asked)

    assert "As of 2026-06-30" in out
    assert "2026-07" in out
    assert "replayed Outlook: off by" in out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "Give either --workspace or --series"),
        (("--workspace", "{}", "--by", "planet"), "planet"),
        (("--workspace", "{}", "--horizon", "0"), "cannot be forecast"),
        (("--workspace", "{}", "--as-of", "2019-01-01"), "No deal with an amount was won"),
        (("--workspace", "{}", "--as-of", "2099-01-01"), "and 2099-01-01 is later. Choose a day"),
    ],
)
def test_an_outlook_that_cannot_be_made_says_why(run, simulated, options, words):
    given = [str(option).format(simulated) for option in options]

    status, _, errors = run("forecast", *given)

    assert status == 2
    assert words in errors


def test_every_command_has_help(run):
    for command in cli.registered_commands:
        name = command.name or command.callback.__name__
        status, out, _ = run(name, "--help")
        assert status == 0
        assert name in out


def test_python_dash_m_app_is_the_command_line():
    answer = subprocess.run(
        [sys.executable, "-m", "app", "--help"], capture_output=True, text=True, check=True
    )

    assert "attribute" in answer.stdout


def test_a_text_says_what_the_figures_mean_with_the_facts_behind_it(run, workspace):
    status, out, _ = run("explain", "--workspace", workspace, "--period", "all", "--format", "json")

    said = json.loads(out)
    assert status == 0
    assert said["writer"] == "rules"
    assert said["text"].startswith("€1.00k of closed-won revenue came from 2 won deals")
    assert {fact["name"]: fact["value"] for fact in said["facts"]}["closed_won"] == 100_005
    assert said["sent"] == "Nothing was sent anywhere."


def test_a_channel_is_explained_by_its_name(run, workspace):
    status, out, _ = run("explain", "--workspace", workspace, "--topic", "channel:Email",
                         "--period", "all")  # fmt: skip

    assert status == 0
    assert "Email" in out
    assert "Written by rules" in out


@pytest.mark.parametrize("topic", ["weather", "channel:Nowhere"])
def test_an_unknown_topic_is_refused_with_the_known_ones(run, workspace, topic):
    status, _, err = run("explain", "--workspace", workspace, "--topic", topic)

    assert status == 2
    assert "Known: " in err


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("attribute", "--paths", "p.csv", "--currency", "EUR"), "A path file has no --currency."),
        (
            ("attribute", "--paths", "p.csv", "--from", "2026-01-01", "--where", "Tier=Gold"),
            "A path file has no --from and no --where.",
        ),
        (("forecast", "--series", "s.csv", "--by", "team"), "A file of series has no --by."),
        (
            ("forecast", "--series", "s.csv", "--as-of", "2026-01-01"),
            "A file of series has no --as-of. Leave it out, or give --workspace.",
        ),
    ],
)
def test_an_option_that_says_nothing_about_a_file_is_refused_not_left_out(run, asked, words):
    status, out, err = run(*asked)

    assert (status, out) == (2, "")
    assert words in err
