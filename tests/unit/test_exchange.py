"""Exchange rates come with the day they were published on."""

from datetime import date

import polars as pl

from core.crm.importing import import_files
from core.crm.receipts import SourceFile
from core.exchange import published_rates, rates_in_words, record_rates
from core.workspace import Workspace
from tests.builders import Company
from tests.exports import NOW


def test_a_weekend_takes_the_rate_of_the_friday_before():
    rates = published_rates([("USD", date(2024, 5, 4))]).row(0, named=True)

    # The European Central Bank published 1.0744 dollars a euro on Friday, 3 May 2024.
    assert rates == {
        "currency": "USD",
        "day": date(2024, 5, 4),
        "per_euro": 1.0744,
        "published_on": date(2024, 5, 3),
    }


def test_a_euro_is_a_euro_and_an_unpublished_currency_has_no_rate():
    rates = published_rates([("EUR", date(2024, 5, 3)), ("XXX", date(2024, 5, 3))])

    assert rates.select("currency", "per_euro").rows() == [("EUR", 1.0)]


def test_a_day_before_the_first_rate_takes_the_first():
    rates = published_rates([("GBP", date(1990, 1, 1))])

    assert rates["published_on"].item() == date(1999, 1, 4)


def test_every_day_a_deal_needs_gets_each_currency_once():
    deals = pl.DataFrame(
        {
            "deal_id": ["1", "2"],
            "currency": ["USD", "EUR"],
            "created_at": [date(2024, 5, 2), date(2024, 5, 3)],
        }
    )
    with Workspace.in_memory() as workspace:
        with workspace.transaction() as cursor:
            workspace.insert(cursor, "deals", deals)
            record_rates(cursor)
            record_rates(cursor)
        stored = workspace.query("SELECT currency, day FROM exchange_rates ORDER BY ALL").rows()

    assert stored == [
        (currency, day)
        for currency in ("EUR", "USD")
        for day in (date(2024, 5, 2), date(2024, 5, 3))
    ]


def test_every_day_of_a_cost_gets_its_own_currency_and_those_of_the_deals():
    company = (
        Company()
        .deal("D1", created_at="2024-05-02", closed_at="2024-05-02", currency="EUR")
        .spend("Email", "2024-05-03", "10.00", currency="USD")
        .touch("T1", "2024-05-06 10:00", cost="3.00", currency="GBP")
        .touch("T2", "2024-05-07")
        .campaign("C1", started_on=date(2024, 5, 8), cost="5.00", currency="USD")
    )
    with company.workspace() as workspace:
        with workspace.transaction() as cursor:
            record_rates(cursor)
        stored = workspace.query("SELECT day, currency FROM exchange_rates ORDER BY ALL").rows()

    # The touch without a cost needs no rate.
    assert [(day.day, currency) for day, currency in stored] == [
        (2, "EUR"), (3, "EUR"), (3, "USD"), (6, "EUR"), (6, "GBP"), (8, "EUR"), (8, "USD"),
    ]  # fmt: skip


def test_rates_of_ones_own_go_before_those_of_the_bank_from_their_day_on():
    deals_of = "deal_id,amount,currency,created_at,closed_at,is_won\n"
    rows = "D1,10,CHF,2025-01-01,2025-02-01,true\nD2,10,CHF,2025-01-01,2025-03-05,true\n"
    rates = "currency,day,rate\nCHF,2025-03-01,0.5\nCHF,2025-04-01,9\n"
    with Workspace.in_memory() as workspace:
        files = [
            SourceFile("deals.csv", (deals_of + rows).encode()),
            SourceFile("rates.csv", rates.encode()),
        ]
        receipts = import_files(workspace, files, NOW)
        assert [receipt.rejected for receipt in receipts] == [0, 0]
        found = workspace.query(
            "SELECT day::VARCHAR, per_euro, published_on::VARCHAR FROM exchange_rates"
            " WHERE currency = 'CHF' ORDER BY day"
        ).rows()
        assert found[0][0] == "2025-02-01"
        assert found[0][2] < "2025-03-01"  # before the first rate of one's own the bank's holds
        assert found[1] == ("2025-03-05", 0.5, "2025-03-01")
        assert "Rates of your own for CHF, the latest of 2025-03-01." in rates_in_words(workspace)


def test_a_rate_that_is_none_is_rejected():
    rates = b"currency,day,rate\nCHF,2025-03-01,0\nCHF,2025-03-02,-1\n,2025-03-03,1\nCHF,,1\n"
    with Workspace.in_memory() as workspace:
        (receipt,) = import_files(workspace, [SourceFile("rates.csv", rates)], NOW)

    assert [reject.reason for reject in receipt.rejects] == [
        "bad_rate", "bad_rate", "missing_value", "missing_value",
    ]  # fmt: skip
