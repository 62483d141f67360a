"""Exchange rates come with the day they were published on."""

from datetime import date

import polars as pl

from core.changes import changes
from core.crm.importing import import_files
from core.crm.receipts import SourceFile
from core.exchange import published_rates, rates_in_words, record_rates
from core.replay import replayed
from core.snapshots import as_of
from core.undo import redo, undo
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
    rows = "D1,10,CHF,2025-01-01,2025-02-01,true\nD2,10,EUR,2025-01-01,2025-03-05,true\n"
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


def rates_csv(*rows):
    return SourceFile("rates.csv", "\n".join(("currency,day,rate", *rows, "")).encode())


def two_currencies():
    rows = "D1,10,CHF,2025-01-01,2025-03-05,true\nD2,10,EUR,2025-01-01,2025-03-05,true\n"
    return SourceFile(
        "deals.csv", f"deal_id,amount,currency,created_at,closed_at,is_won\n{rows}".encode()
    )


def swiss_rate(workspace):
    """Return the rate that holds on the day of the deals, its day and whether it is one's own."""
    return workspace.query(
        "SELECT per_euro, published_on, is_own FROM exchange_rates WHERE currency = 'CHF'"
    ).row(0)


def test_undoing_an_import_of_rates_brings_the_former_ones_back():
    day = date(2025, 3, 1)
    with Workspace.in_memory() as workspace:
        import_files(workspace, [two_currencies()], NOW)
        of_bank = swiss_rate(workspace)
        import_files(workspace, [rates_csv("CHF,2025-03-01,0.5")], NOW)
        import_files(workspace, [rates_csv("CHF,2025-03-01,0.6", "CHF,2025-03-05,0.7")], NOW)
        assert swiss_rate(workspace) == (0.7, date(2025, 3, 5), True)

        undo(workspace)
        assert swiss_rate(workspace) == (0.5, day, True)
        undo(workspace)
        assert swiss_rate(workspace) == of_bank
        assert of_bank[2] is False

        redo(workspace)
        assert swiss_rate(workspace) == (0.5, day, True)
        redo(workspace)
        assert swiss_rate(workspace) == (0.7, date(2025, 3, 5), True)


def test_the_data_as_of_an_import_have_the_rates_of_then():
    with Workspace.in_memory() as workspace:
        import_files(workspace, [two_currencies(), rates_csv("CHF,2025-03-01,0.5")], NOW)
        import_files(workspace, [rates_csv("CHF,2025-03-01,0.6")], NOW)
        with as_of(workspace, 1) as then:
            assert swiss_rate(then)[0] == 0.5
        with replayed(workspace, date(2025, 3, 5)) as past:
            assert swiss_rate(past)[0] == 0.6
        (rates,) = (one for one in changes(workspace).tables if one.table == "rates")
        assert (rates.added, rates.changed) == (0, 1)


def test_where_everything_is_in_one_currency_no_rate_is_recorded():
    company = Company().deal("D1", currency="USD").spend("Email", "2024-05-03", "1", currency="USD")
    with company.workspace() as workspace:
        with workspace.transaction() as cursor:
            record_rates(cursor)
        assert workspace.query("SELECT * FROM exchange_rates").is_empty()


def test_a_quota_in_another_currency_gets_the_rate_of_its_first_day():
    company = (
        Company()
        .deal("D1", closed_at="2024-05-02", currency="EUR")
        .quota("O1", "2024-04-01", "2024-06-30", "1000.00", currency="USD")
    )
    with company.workspace() as workspace:
        with workspace.transaction() as cursor:
            record_rates(cursor)
        days = workspace.query("SELECT currency FROM exchange_rates WHERE day = '2024-04-01'")
        assert sorted(days["currency"]) == ["EUR", "USD"]
