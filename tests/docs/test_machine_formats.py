"""The machine formats are what docs/machine-formats.md says: names, order of columns, types."""

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest

from app.cli import INTERRUPTED, OUR_MISTAKE, cli
from core.crm.demo import DemoOptions, load, simulate
from core.workspace import Workspace
from tests.cli.conftest import run  # noqa: F401 - the command line as a fixture

PAGE = Path(__file__).resolve().parents[2] / "docs" / "machine-formats.md"
TYPES = {"text": str, "number": (int, float), "truth": bool, "null": type(None)}
HEADER = "deal_id,name,account,owner,stage,amount,currency,created_at,closed_at,is_won\n"
FIRST = "D1,Platform,Acme,Ada,Closed won,1000.00,EUR,2025-01-10,2025-03-05,true\n"
BAD = "D2,Pilot,Acme,Ada,New,12x,EUR,2025-01-10,,\n"
COMMANDS = {
    "import --json": ("import", "{folder}/deals.csv", "--workspace", "{folder}/w.duckdb", "--json"),
    "history --json": ("history", "--workspace", "{own}", "--json"),
    "history --import N --json": (
        "history", "--workspace", "{own}", "--import", "2", "--json",
    ),
    "attribute --format json": (
        "attribute", "--workspace", "{demo}", "--model", "linear", "--format", "json",
    ),
    "attribute --paths FILE --format json": (
        "attribute", "--paths", "{folder}/paths.csv", "--model", "linear", "--format", "json",
    ),
    "forecast --format json": (
        "forecast", "--workspace", "{demo}", "--horizon", "2", "--format", "json",
    ),
    "forecast --by team --format json": (
        "forecast", "--workspace", "{demo}", "--horizon", "1", "--by", "team", "--format", "json",
    ),
    "forecast --series FILE --format json": (
        "forecast", "--series", "{folder}/series.csv", "--horizon", "2", "--format", "json",
    ),
    "figures --format json": ("figures", "--workspace", "{demo}", "--format", "json"),
    "deals --format json": ("deals", "--workspace", "{demo}", "--format", "json"),
    "explain --format json": ("explain", "--workspace", "{demo}", "--format", "json"),
    "key list --json": ("key", "list", "--workspace", "{own}", "--json"),
}  # fmt: skip
"""The command behind each part of the page."""


def documented():
    """Return the fields and the CSV columns of each part of the page."""
    text = PAGE.read_text(encoding="utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    found = {}
    for part in parts:
        title, _, body = part.partition("\n")
        fields = dict(re.findall(r"^\| `([^`]+)` \| ([a-z ]+) \|", body, flags=re.MULTILINE))
        columns = re.search(r"^`--format csv` .*: `([\w,]+)`$", body, flags=re.MULTILINE)
        if fields:
            found[title] = fields, columns[1].split(",") if columns else None
    return found


DOCUMENTED = documented()


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Return a demo company, a workspace of two imports, and files of each kind."""
    folder = tmp_path_factory.mktemp("formats")
    with Workspace.create(folder / "demo.duckdb") as made:
        load(made, simulate(DemoOptions(ends_on=date(2026, 11, 20), deals=150)))
    (folder / "deals.csv").write_text(HEADER + FIRST + BAD)
    (folder / "paths.csv").write_text("path,total_conversions,total_conversion_value\nA > B,2,5\n")
    months = "".join(f"2025-{month:02d}-01,{100 + month}\n" for month in range(1, 13))
    (folder / "series.csv").write_text("ds,y\n" + months)
    return {"folder": folder, "demo": folder / "demo.duckdb", "own": folder / "own.duckdb"}


@pytest.fixture
def say(run, places):  # noqa: F811
    """Run a command of the page and return what it prints, and its exit status."""
    if not places["own"].exists():
        deals = places["folder"] / "deals.csv"
        first = deals.read_text()
        run("import", deals, "--workspace", places["own"])
        deals.write_text(first.replace("1000.00", "1200.00"))
        run("import", deals, "--workspace", places["own"])
        run("key", "add", "--workspace", places["own"], "--name", "Test")

    def said(arguments):
        status, out, _ = run(*(word.format(**places) for word in arguments))
        return status, out

    return said


def flat(value, path=""):
    """Yield the path and the type of every value that holds no other."""
    if isinstance(value, dict):
        for key, inner in value.items():
            name = "CODE" if re.fullmatch(r"[A-Z]{3}", key) else key
            yield from flat(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for inner in value:
            yield from flat(inner, f"{path}[]")
    else:
        yield path, value


def may_be(value, said):
    """Tell whether a value is of one of the documented types."""
    kinds = [TYPES[word] for word in said.split(" or ")]
    is_truth = isinstance(value, bool)
    return any(isinstance(value, kind) and (is_truth <= (kind is bool)) for kind in kinds)


def test_every_part_of_the_page_has_its_command():
    assert DOCUMENTED.keys() == COMMANDS.keys()


def test_every_command_with_a_machine_format_is_on_the_page():
    groups = [(f"{g.typer_instance.info.name} ", g.typer_instance) for g in cli.registered_groups]
    offering = {
        prefix + (one.name or one.callback.__name__)
        for prefix, group in [("", cli), *groups]
        for one in group.registered_commands
        if {"as_json", "output"} & set(one.callback.__annotations__)
    }
    on_page = {re.match(r"[a-z -]*?(?= --)", title)[0] for title in DOCUMENTED}

    assert offering == on_page | {"undo", "redo"}


@pytest.mark.parametrize("title", COMMANDS)
def test_json_has_the_documented_fields_of_the_documented_types(say, title):
    fields, _ = DOCUMENTED[title]
    _, out = say(COMMANDS[title])
    found = list(flat(json.loads(out)))

    lists = {name for name in fields if name.endswith("[]")}  # they may be empty
    assert {path for path, _ in found} | lists == fields.keys()
    for path, value in found:
        assert may_be(value, fields[path]), (path, value)


@pytest.mark.parametrize("title", [title for title, (_, columns) in DOCUMENTED.items() if columns])
def test_csv_has_the_documented_columns_in_their_order(say, title):
    _, columns = DOCUMENTED[title]
    _, out = say([word if word != "json" else "csv" for word in COMMANDS[title]])

    assert next(csv.reader(io.StringIO(out))) == columns


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("history", "--workspace", "{own}"), 0),
        (("import", "{folder}/deals.csv", "--workspace", "{own}"), 1),
        (("import", "{folder}/demo.duckdb", "--workspace", "{own}"), 2),
        (("import", "{folder}/none.csv", "--workspace", "{own}"), 2),
        (("history", "--workspace", "{folder}/none.duckdb"), 2),
        (("attribute", "--workspace", "{own}", "--model", "liner"), 2),
        (("attribute", "--workspace", "{own}", "--slip"), 2),
        (("undo", "--workspace", "{own}", "--import", "99"), 2),
    ],
)
def test_exit_codes_are_the_documented_ones(say, arguments, code):
    codes = re.findall(r"^\| (\d+) \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)

    ours = (OUR_MISTAKE, INTERRUPTED)  # tests/cli/test_slips.py
    assert codes == ["0", "1", "2", *map(str, ours)]
    assert say(arguments)[0] == code
