"""Exchange rates come with the day they were published on."""

from datetime import date

import polars as pl

from core.exchange import published_rates, record_rates
from core.workspace import Workspace
from tests.builders import Company


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
