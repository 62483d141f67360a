"""Tables can be written for an engine elsewhere, and an engine that is not there is told."""

import polars as pl
import pytest

from core.engine import READABLE, collect, open_engine
from core.workspace import Workspace


def read_csv(path):
    return path.read_text(encoding="utf-8").splitlines()


def test_every_table_is_written_as_parquet_with_what_it_is_a_copy_of(run, imported, tmp_path):
    status, out, _ = run("export", "--workspace", imported, "--out", tmp_path / "tables")
    files = {path.stem: path for path in (tmp_path / "tables").iterdir()}
    assert status == 0
    assert set(files) == {*READABLE, "exported"}
    assert f"{files['deals']}: 3 rows" in out.splitlines()
    with Workspace.open(imported) as workspace:
        assert pl.read_parquet(files["exported"]).rows() == [(workspace.fingerprint(),)]
        for name in ("deals", "deal_amounts", "deal_touches"):
            rows = collect(open_engine(workspace).table(name))
            assert pl.read_parquet(files[name]).equals(rows)


def test_csv_keeps_unknown_apart_from_empty_and_comes_with_its_load_script(run, imported, tmp_path):
    status, out, _ = run("export", "--workspace", imported, "--out", tmp_path, "--csv")
    script = (tmp_path / "load.sql").read_text(encoding="utf-8")
    header, first, *_ = read_csv(tmp_path / "deals.csv")
    row = dict(zip(header.split(","), first.split(","), strict=True))
    assert (status, out.splitlines()[-1]) == (0, str(tmp_path / "load.sql"))
    assert (row['"deal_id"'], row['"amount"'], row['"pipeline"']) == ('"D1"', "1000.00", "")
    assert '"amount" NUMERIC(18, 2)' in script
    assert script.count("\\copy") == len(READABLE) + 1


def test_a_folder_that_cannot_be_written_is_told_in_one_line(run, imported, tmp_path):
    (tmp_path / "taken").write_text("")
    status, _, errors = run("export", "--workspace", imported, "--out", tmp_path / "taken")
    assert status == 2
    assert errors.startswith(f"error: {tmp_path / 'taken'} cannot be written")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("oracle://ann:s3cret@host/db", "There is no engine called 'oracle:'. Known: duckdb:"),
        ("duckdb:elsewhere", "duckdb: takes no place. Write it as 'duckdb:'."),
        ("polars:?rows=5", "polars: has no option called 'rows'."),
    ],
)
def test_an_engine_that_cannot_be_is_told_without_what_is_secret(run, imported, url, said):
    status, _, errors = run("attribute", "--workspace", imported, "--engine", url)
    assert status == 2
    assert said in errors
    assert "s3cret" not in errors
