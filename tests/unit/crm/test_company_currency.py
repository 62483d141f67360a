"""Amounts that the CRM itself converted go before exchange rates, and are never added to others."""

from datetime import date

import pytest

from core.attribution.closed_won import closed_won
from core.coverage import coverage
from core.crm.importing import import_files
from core.crm.receipts import SourceFile
from core.engine import collect, open_engine
from core.exchange import rates_in_words
from core.forecasting.histories import read_histories
from core.replay import replayed
from core.scope import Scope
from tests.exports import NOW

HUBSPOT = (
    "Record ID,Deal Name,Deal Stage,Amount,Amount in company currency,Currency,Close Date,"
    "Create Date,Is Closed Won\n"
)
REPORT = (
    "Opportunity Name,Account Name,Stage,Amount Currency,Amount,Amount (converted) Currency,"
    "Amount (converted),Close Date,Created Date\n"
)


def bring(workspace, *texts):
    files = [SourceFile(f"file{n}.csv", text.encode()) for n, text in enumerate(texts)]
    return import_files(workspace, files, NOW)


def hubspot(*rows):
    """Return an export of won deals: id, amount, converted amount, currency."""
    days = "2025-03-05,2025-01-02"
    lines = (
        f"{deal},Deal {deal},Closed Won,{amount},{converted},{currency},{days},true\n"
        for deal, amount, converted, currency in rows
    )
    return HUBSPOT + "".join(lines)


def stored(workspace):
    return workspace.query(
        "SELECT deal_id, amount_minor, currency, converted_amount_minor, converted_currency"
        " FROM deals ORDER BY 1"
    ).rows()


def won_in(workspace, currency):
    return closed_won(open_engine(workspace), Scope(currency)).minor


def test_the_company_currency_is_the_one_whose_deals_are_equal_in_both_columns(workspace):
    (receipt,) = bring(
        workspace, hubspot((1, 100, 100, "EUR"), (2, 50, "46.1234", "USD"), (3, 9, "10.8", "GBP"))
    )

    assert stored(workspace) == [
        ("1", 10_000, "EUR", 10_000, "EUR"),
        ("2", 5_000, "USD", 4_612, "EUR"),
        ("3", 900, "GBP", 1_080, "EUR"),
    ]
    # 100.00 + 46.12 + 10.80 as the CRM has them; each deal counts once.
    assert won_in(workspace, "EUR") == 15_692
    said = " ".join(receipt.warnings)
    assert "'Amount in company currency' is taken to be in EUR: 1 deal in EUR has" in said
    assert "2 deals in other currencies: their amount in EUR is the CRM's own" in said
    assert "Amounts of 2 deals in EUR as the CRM itself converted them." in rates_in_words(
        workspace
    )


@pytest.mark.parametrize(
    "rows",
    [
        [(1, 100, 92, "USD"), (2, 50, 60, "GBP")],
        [(1, 100, 100, "EUR"), (2, 50, 50, "CHF"), (3, 9, "8.3", "USD")],
    ],
    ids=["no currency", "two currencies"],
)
def test_a_company_currency_that_nothing_shows_is_not_guessed(workspace, rows):
    (receipt,) = bring(workspace, hubspot(*rows))

    assert {row[3:] for row in stored(workspace)} == {(None, None)}
    assert "is not used: no deal shows which currency it is in" in " ".join(receipt.warnings)


def test_where_everything_is_in_one_currency_there_is_nothing_to_say(workspace):
    (receipt,) = bring(workspace, hubspot((1, 100, 100, "EUR"), (2, 50, 50, "EUR")))

    assert not any("company currency" in warning for warning in receipt.warnings)
    assert won_in(workspace, "EUR") == 15_000


def test_yen_have_no_minor_unit(workspace):
    bring(workspace, hubspot((1, 1000, 1000, "JPY"), (2, 50, "7512.4", "USD")))

    assert [row[3:] for row in stored(workspace)] == [(1_000, "JPY"), (7_512, "JPY")]


def test_a_report_names_the_currency_it_converts_into(workspace):
    bring(
        workspace,
        REPORT
        + 'One,Acme,Closed Won,USD,"1,000.00",EUR,900.00,2025-03-05,2025-01-02\n'
        + "Two,Acme,Closed Won,EUR,10.00,EUR,10.00,2025-03-05,2025-01-02\n",
    )

    assert won_in(workspace, "EUR") == 91_000  # 900.00 + 10.00


def test_another_reporting_currency_is_converted_with_rates(workspace):
    rates = "currency,day,rate\nUSD,2025-01-01,2\n"
    bring(workspace, hubspot((1, 100, 100, "EUR"), (2, 50, 46, "USD")), rates)

    # 100 EUR at 2 dollars a euro + 50 USD: the CRM's amount in EUR is not asked for.
    assert won_in(workspace, "USD") == 25_000
    assert won_in(workspace, "EUR") == 14_600  # and not 50 / 2 = 25.00 for the second


def test_a_converted_amount_that_cannot_be_read_costs_no_record(workspace):
    (receipt,) = bring(workspace, hubspot((1, 100, 100, "EUR"), (2, 50, "n/a", "USD")))

    assert receipt.rejected == 0
    assert stored(workspace)[1] == ("2", 5_000, "USD", None, None)


def test_a_currency_only_the_crm_converts_into_can_be_reported_in(workspace):
    bring(workspace, REPORT + "One,Acme,Closed Won,USD,10.00,EUR,9.00,2025-03-05,2025-01-02\n")

    assert coverage(workspace).currencies == ("USD", "EUR")
    assert won_in(workspace, "EUR") == 900


def test_earlier_amounts_of_a_deal_are_converted_alike(workspace):
    header = "deal_id,changed_at,stage,amount\n"
    changes = f"{header}1,2025-01-05,Proposal,50.00\n1,2025-02-20,Closed Won,100.00\n"
    bring(workspace, hubspot((1, 100, 80, "USD"), (2, 5, 5, "EUR")), changes)

    states = read_histories(open_engine(workspace), "EUR").states
    assert {4_000, 8_000} <= set(states["amount_minor"].drop_nulls())  # 50 x 80 / 100
    with replayed(workspace, date(2025, 2, 1)) as past:
        facts = collect(open_engine(past).table("deal_facts"))
        then = facts.filter(deal_id="1").row(0, named=True)
    assert (then["amount_minor"], then["converted_amount_minor"]) == (5_000, 4_000)
