"""A download opens in a spreadsheet as text and numbers, and runs nothing."""

import polars as pl
import pytest

from core.spreadsheet import csv_bytes


def read(content):
    return pl.read_csv(content[3:], infer_schema=False)


@pytest.mark.parametrize("cell", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_would_run_is_shown_as_text(cell):
    assert read(csv_bytes(pl.DataFrame({"deal": [cell]})))["deal"].item() == f"'{cell}"


def test_numbers_and_harmless_text_stay_as_they_are():
    rows = pl.DataFrame({"deal": ["Müller & Söhne"], "amount": [-12.5]})

    assert read(csv_bytes(rows)).row(0) == ("Müller & Söhne", "-12.5")


def test_the_file_says_that_it_is_utf_8():
    assert csv_bytes(pl.DataFrame({"a": ["ü"]})).startswith(b"\xef\xbb\xbf")


def test_blank_cells_stay_blank():
    assert csv_bytes(pl.DataFrame({"a": [None, "x"]}))[3:] == b"a\n\nx\n"


def test_every_text_column_of_several_is_made_harmless():
    rows = pl.DataFrame({"deal": ["=1+1", "b"], "account": ["@sum", "c"], "n": [1, -2]})

    assert csv_bytes(rows).decode("utf-8-sig") == "deal,account,n\n'=1+1,'@sum,1\nb,c,-2\n"
