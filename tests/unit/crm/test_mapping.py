from decimal import Decimal

import pytest

from core.crm.mapping import parse_mapping
from core.crm.options import ImportOptions
from core.crm.receipts import Status
from core.errors import InvalidParameterError, UnknownNameError
from tests.exports import load, reasons

MAP = """
table = "deals"

[columns]
deal_id = "Opp #"
account_id = "Customer"
stage = { from = "Status", values = { "Gewonnen" = "Closed Won" } }
is_won = { from = "Status", values = { "Gewonnen" = "true", "Verloren" = "false" }, otherwise = "" }
amount = "Wert"
currency = { constant = "EUR" }
created_at = "Angelegt"
closed_at = { from = "Abschluss", when = "Zu" }

[read]
date_order = "day_first"
"""
FILE = (
    "Opp #;Customer;Status;Wert;Angelegt;Abschluss;Zu;Region\n"
    "17;Acme;Gewonnen;1.234,50;03/04/2025;05/06/2025;ja;Nord\n"
    "18;Bolt;Offen;99,90;03/04/2025;05/06/2025;0;\n"
)


@pytest.fixture
def options():
    return ImportOptions(mapping=parse_mapping(MAP))


def test_a_file_no_recipe_knows_is_refused_without_a_mapping(workspace):
    receipt = load(workspace, FILE.encode())

    assert receipt.status is Status.REFUSED
    assert "--map" in receipt.error


def test_a_mapping_alone_imports_it(workspace, options):
    receipt = load(workspace, FILE.replace("ja", "yes").encode(), options)

    assert (receipt.source, receipt.table, receipt.loaded) == ("map", "deals", 2)
    won, still_open = workspace.query("SELECT * FROM deals ORDER BY deal_id").to_dicts()
    assert (won["deal_id"], won["amount"], won["currency"]) == ("17", Decimal("1234.50"), "EUR")
    assert (won["stage"], won["is_won"], won["attributes"]) == (
        "Closed Won",
        True,
        '{"Region":"Nord"}',
    )
    assert f"{won['created_at']:%Y-%m-%d} {won['closed_at']:%Y-%m-%d}" == "2025-04-03 2025-06-05"
    assert (still_open["is_won"], still_open["closed_at"]) == (None, None)


def test_a_file_that_lacks_a_mapped_column_is_refused_by_its_name(workspace, options):
    receipt = load(workspace, FILE.replace("Wert", "Value").encode(), options)

    assert receipt.error.startswith("missing_columns:")
    assert "'wert'" in receipt.error


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("[columns]", "[colums]"), "does not know 'colums'"),
        (('deal_id = "Opp #"\n', ""), "says nothing about deal_id of deals"),
        (("day_first", "dmy"), "'dmy' is no date_order"),
        (('table = "deals"', "table = deals"), "not valid TOML"),
    ],
)
def test_a_mapping_that_cannot_be_meant_says_why(change, message):
    with pytest.raises(InvalidParameterError, match=message):
        parse_mapping(MAP.replace(*change))


def test_a_table_that_does_not_exist_is_named():
    with pytest.raises(UnknownNameError, match="Did you mean 'deals'"):
        parse_mapping(MAP.replace('"deals"', '"deal"'))


def test_dates_of_a_mapping_need_no_evidence(workspace):
    mapping = parse_mapping(MAP.replace("day_first", "month_first"))
    receipt = load(workspace, FILE.encode(), ImportOptions(mapping=mapping))

    assert reasons(receipt) == {}
    assert f"{workspace.query('SELECT min(created_at) FROM deals').item():%Y-%m-%d}" == "2025-03-04"
