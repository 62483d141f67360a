"""Amounts as exports write them, through the import, because the rules are SQL."""

from decimal import Decimal

import pytest

from core.crm.conventions import Forced
from core.crm.options import ImportOptions
from tests.exports import deal, deals, load, reasons


def _amount(workspace, text, currency="USD"):
    receipt = load(workspace, deals(deal("D1", text, currency), deal("D2", "0.10", currency)))
    assert reasons(receipt) == {}
    return workspace.query("SELECT amount FROM deals WHERE deal_id = 'D1'").item()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$1,200.00", "1200.00"),
        ("1 200.5", "1200.50"),
        ("1'234.50", "1234.50"),
        ("USD 5", "5.00"),
        ("5 USD", "5.00"),
        ("-$5", "-5.00"),
        ("$-5", "-5.00"),
        ("\u22125", "-5.00"),
        ("($1,200.00)", "-1200.00"),
        (".5", "0.50"),
        ("9,999,999,999,999.99", "9999999999999.99"),
    ],
)
def test_an_amount_is_read_exactly(workspace, text, expected):
    assert _amount(workspace, text) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("--5", "bad_amount"),
        ("5-", "bad_amount"),
        ("(5", "bad_amount"),
        ("12,34.5", "bad_amount"),
        ("USD 5 USD", "bad_amount"),
        ("5 ABC", "bad_amount"),
        ("1e3", "bad_amount"),
        ("Infinity", "not_finite"),
        ("1e400", "amount_out_of_range"),
        ("10000000000000", "amount_out_of_range"),
        ("0.125", "subcent_amount"),
        ("€5", "currency_conflict"),
        ("5 EUR", "currency_conflict"),
        ("1.234,50", "mixed_number_format"),
    ],
)
def test_an_amount_that_is_none_is_rejected_with_its_reason(workspace, text, reason):
    receipt = load(workspace, deals(deal("D1", text), deal("D2", "0.10"), deal("D3", "7.25")))

    assert reasons(receipt) == {1: reason}
    assert receipt.rejects[0].column == "amount"


def test_one_way_of_writing_in_the_column_decides_the_ambiguous_amounts(workspace):
    load(workspace, deals(deal("D1", "1.234"), deal("D2", "5,50")))

    rows = workspace.query("SELECT amount FROM deals ORDER BY deal_id")["amount"].to_list()
    assert rows == [Decimal("1234.00"), Decimal("5.50")]


def test_two_ways_that_are_equally_common_decide_nothing(workspace):
    receipt = load(workspace, deals(deal("D1", "1.5"), deal("D2", "1,5"), deal("D3", "7")))

    assert reasons(receipt) == {1: "mixed_number_format", 2: "mixed_number_format"}


def test_a_person_can_say_which_mark_is_meant(workspace):
    options = ImportOptions(forced=Forced(decimal_mark=","))
    load(workspace, deals(deal("D1", "1.234")), options)

    assert workspace.query("SELECT amount FROM deals").item() == Decimal(1234)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("1200.25", "USD", 120_025),
        ("1200", "JPY", 1_200),
        ("1200.50", "JPY", 1_200),  # half to even
        ("1.25", "KWD", 1_250),
    ],
)
def test_minor_units_follow_the_currency(workspace, amount, currency, minor):
    load(workspace, deals(deal("D1", amount, currency)))

    assert workspace.query("SELECT amount_minor FROM deals").item() == minor


def test_a_blank_amount_is_not_zero(workspace):
    load(workspace, deals(deal("D1", "")))

    assert workspace.query("SELECT amount, amount_minor, currency FROM deals").row(0) == (
        None,
        None,
        "USD",
    )


def test_a_blank_currency_is_the_one_most_deals_name_and_is_counted(workspace):
    receipt = load(
        workspace, deals(deal("D1", "5", "EUR"), deal("D2", "5", "EUR"), deal("D3", "5", ""))
    )

    assert workspace.query("SELECT DISTINCT currency FROM deals").item() == "EUR"
    assert receipt.warnings[0].startswith("1 record names no currency; EUR is assumed")


def test_a_symbol_names_the_currency_where_no_code_does(workspace):
    load(workspace, deals(deal("D1", "5", "EUR"), deal("D2", "£5", "")))

    found = workspace.query("SELECT currency FROM deals WHERE deal_id = 'D2'").item()
    assert found == "GBP"
