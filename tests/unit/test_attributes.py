"""Extra columns of an export can be used like fields: read with the kind of thing they hold."""

import json
from datetime import date

import polars as pl
import pytest

from core.attributes import AttributeKind, attributes, tables_with_attributes, typed
from core.engine import open_engine
from core.errors import UnknownNameError
from tests.builders import Company


@pytest.mark.parametrize(
    ("texts", "kind", "values"),
    [
        (["7", "12.5", " "], AttributeKind.NUMBER, [7.0, 12.5, None]),
        (["$1,200", "45%", "-3"], AttributeKind.NUMBER, [1200.0, 45.0, -3.0]),
        (["1.234,56", "7,5", None], AttributeKind.NUMBER, [1234.56, 7.5, None]),
        (["007", "12"], AttributeKind.TEXT, ["007", "12"]),
        (["12345678901234567890"], AttributeKind.TEXT, ["12345678901234567890"]),
        (["2026-01-02", "2026-01-03T10:00:00Z"], AttributeKind.DATE, [(2026, 1, 2), (2026, 1, 3)]),
        (["31.12.2025"], AttributeKind.DATE, [(2025, 12, 31)]),
        (["1/2/2026", "13/2/2026"], AttributeKind.DATE, [(2026, 2, 1), (2026, 2, 13)]),
        (["1/2/2026", "2/13/2026"], AttributeKind.DATE, [(2026, 1, 2), (2026, 2, 13)]),
        (["1/2/2026"], AttributeKind.TEXT, ["1/2/2026"]),
        (["Yes", "no", None], AttributeKind.BOOLEAN, [True, False, None]),
        (["inf", "nan"], AttributeKind.TEXT, ["inf", "nan"]),
        ([None, ""], AttributeKind.TEXT, [None, None]),
    ],
    ids=str,
)
def test_a_column_is_read_as_what_its_values_are(texts, kind, values):
    found, read = typed(pl.Series("column", texts, dtype=pl.String))
    expected = [date(*value) if isinstance(value, tuple) else value for value in values]

    assert (found.kind, read.to_list()) == (kind, expected)


def test_a_few_odd_values_are_blank_and_counted():
    found, read = typed(pl.Series("score", [*map(str, range(99)), "n/a"]))

    assert (found.kind, found.filled, found.unread) == (AttributeKind.NUMBER, 100, 1)
    assert read[-1] is None


def test_every_column_any_deal_has_is_there_for_all_of_them():
    company = (
        Company()
        .deal("D1", attributes=json.dumps({"Score": "7", 'odd "name": {': "x"}))
        .deal("D2", attributes=json.dumps({"Renewal": "2026-05-01", "deal_id": "other"}))
        .deal("D3")
    )
    with company.workspace() as workspace:
        found = attributes(open_engine(workspace))

    rows = found.frame.sort("deal_id").to_dicts()
    assert [column.name for column in found.columns] == ["Renewal", "Score", 'odd "name": {']
    assert rows[0] == {"deal_id": "D1", "Score": 7.0, 'odd "name": {': "x", "Renewal": None}
    assert (rows[1]["Renewal"], rows[1]["deal_id"]) == (date(2026, 5, 1), "D2")
    assert rows[2] == {"deal_id": "D3", "Score": None, 'odd "name": {': None, "Renewal": None}
    assert found.of_kind(AttributeKind.NUMBER) == ("Score",)


def test_deals_without_extra_columns_have_none():
    with Company().deal("D1").workspace() as workspace:
        assert attributes(open_engine(workspace)).columns == ()


def test_a_table_that_keeps_no_extra_columns_is_refused_by_name():
    with Company().workspace() as workspace, pytest.raises(UnknownNameError, match="spend"):
        attributes(open_engine(workspace), "spend")

    assert "deals" in tables_with_attributes()
