"""Every hostile file does what the manifest says: accepted, partly accepted or refused, and why."""

import csv
import re
import shutil
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.crm.importing import import_files
from core.crm.receipts import Receipt, SourceFile, Status
from core.workspace import Workspace

CORPUS = Path(__file__).with_name("hostile_csv")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
STATUS = {"accept": Status.ACCEPTED, "partial": Status.PARTIAL, "refuse": Status.REFUSED}


def _manifest():
    for folder in ("", "own"):
        with (CORPUS / folder / "MANIFEST.csv").open(encoding="utf-8", newline="") as lines:
            for case in csv.DictReader(lines):
                yield {**case, "file": str(Path(folder) / case["file"])}


CASES = list(_manifest())


def _source(name: str) -> SourceFile:
    return SourceFile(Path(name).name, (CORPUS / name).read_bytes())


@pytest.fixture(scope="module")
def valid(tmp_path_factory):
    """Hold the valid deals, which the touchpoint files refer to; nobody writes to this file."""
    file = tmp_path_factory.mktemp("valid") / "deals.duckdb"
    with Workspace.create(file) as made:
        import_files(made, [_source("00_valid_deals.csv")], NOW)
    return file


@pytest.fixture
def workspace(valid, tmp_path):
    with Workspace.open(shutil.copy(valid, tmp_path / "copy.duckdb")) as made:
        yield made


@pytest.mark.parametrize("case", CASES, ids=[case["file"] for case in CASES])
def test_a_hostile_file_does_what_the_manifest_says(case, workspace):
    before = workspace.fingerprint()
    (receipt,) = import_files(workspace, [_source(case["file"])], NOW)

    assert receipt.status is STATUS[case["verdict"]]
    assert receipt.rows_in == receipt.loaded + receipt.rejected
    assert len(receipt.rejects) == receipt.rejected
    if receipt.status is Status.REFUSED:
        assert case["reasons"] == f"file:{receipt.error.split(':')[0]}"
        assert workspace.fingerprint() == before
    else:
        assert f"{receipt.rows_in},{receipt.loaded},{receipt.rejected}" == (
            f"{case['rows_in']},{case['accept']},{case['reject']}"
        )
        reasons = ";".join(f"{reject.row}:{reject.reason}" for reject in receipt.rejects)
        assert reasons == case["reasons"]
    checks = [check for check in case["check"].split(";") if check]
    loaded = _loaded(receipt, case["file"]) if checks else {}
    for check in checks:
        _assert_holds(check, workspace, receipt, loaded)


def _assert_holds(
    check: str, workspace: Workspace, receipt: Receipt, loaded: dict[int, dict]
) -> None:
    expression, _, expected = check.partition("=")
    if cell := re.fullmatch(r"(\w+)\[(\d+)\]", expression):
        assert _as_written(loaded[int(cell[2])][cell[1]]) == expected
    elif total := re.fullmatch(r"sum\((\w+)\)", expression):
        amounts = [row[total[1]] for row in loaded.values() if row[total[1]] is not None]
        assert sum(amounts) == Decimal(expected)
    elif blank := re.fullmatch(r"(?:null|count)\((\w+)(?: is null)?\)", expression):
        assert sum(row[blank[1]] is None for row in loaded.values()) == int(expected)
    elif expression == "count":
        assert len(loaded) == int(expected)
    elif expression == "warn":
        counted = [warning for warning in receipt.warnings if re.match(r"1 (deal|touch) ", warning)]
        assert len(counted) == int(expected)
    elif expression == "message names 'amount'":
        assert "'amount'" in receipt.error
    elif expression == "table deals still exists":
        assert workspace.count("deals") == 20  # one id is also among the valid deals
    else:
        assert _is_shown_elsewhere(check), check


def _is_shown_elsewhere(check: str) -> bool:
    """Tell what pages, reports and the analyst have to show; tested where they are."""
    return any(
        word in check for word in ("export", "opened", "PDF", "letter", "connections", "narrative")
    )


def _loaded(receipt: Receipt, name: str) -> dict[int, dict]:
    """Return the rows the file gives by the number of their data record.

    It is stored again, alone: a row that an earlier file gave already stays that file's.
    """
    if receipt.status is Status.REFUSED:
        return {}
    with Workspace.in_memory() as alone:
        import_files(alone, [_source(name)], NOW)
        rows = alone.query(f"SELECT * FROM {receipt.table} ORDER BY source_line").to_dicts()
    rejected = {reject.row for reject in receipt.rejects}
    numbers = [n for n in range(1, receipt.rows_in + 1) if n not in rejected]
    return dict(zip(numbers, rows, strict=True))


def _as_written(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.hour == value.minute == 0 else f"{value:%Y-%m-%dT%XZ}"
    return str(value)
