"""The revenue to explain: what counts, what is left out, and that it is said."""

from datetime import date

import pytest

from core.attribution.closed_won import closed_won, won_deals
from core.attribution.results import Anchor
from core.engine import collect, open_engine
from core.scope import Scope
from tests.builders import Company


@pytest.fixture(params=["duckdb:", "polars:"])
def summed(request):
    def read(company, **scope):
        with company.workspace() as workspace:
            return closed_won(open_engine(workspace, request.param), Scope("EUR", **scope))

    return read


def test_only_deals_won_in_the_period_count_whole_days_included(summed):
    company = (
        Company()
        .deal("D1", "1.00", "2024-01-01")
        .deal("D2", "2.00", "2024-03-31 23:59:59")
        .deal("D4", "4.00", "2024-04-01")
        .deal("D8", "8.00", "2023-12-31")
        .deal("D16", "16.00", "2024-02-01", is_won=False)
        .deal("D32", "32.00", None, is_won=None)
    )
    total = summed(company, starts_on=date(2024, 1, 1), ends_on=date(2024, 3, 31))
    assert (total.deals, total.minor, total.warnings) == (2, 300, ())


def test_owners_limit_the_deals(summed):
    company = Company().deal("D1", "1.00", owner_id="O1").deal("D2", "2.00", owner_id="O2")
    assert summed(company, owner_ids=("O2",)).minor == 200


def test_a_foreign_amount_is_converted_with_the_rates_of_its_day(summed):
    # 100 USD at 1.08 USD/EUR = 92.5925... EUR -> 9259 cents; 10000 JPY at 160 = 62.50 EUR
    company = (
        Company()
        .deal("D1", "100.00", currency="USD")
        .deal("D2", "10000", currency="JPY")
        .rate("EUR", "2024-06-30", 1.0)
        .rate("USD", "2024-06-30", 1.08)
        .rate("JPY", "2024-06-30", 160.0)
        .rate("USD", "2024-06-29", 9.99)
    )
    assert summed(company).minor == 9259 + 6250


def test_the_reporting_currency_may_have_no_cents():
    # 100.00 EUR at 160.5 JPY = 16050 JPY, in yen
    company = Company().deal("D", "100.00").rate("EUR", "2024-06-30", 1.0)
    company.rate("JPY", "2024-06-30", 160.5)
    with company.workspace() as workspace:
        deals = won_deals(open_engine(workspace), Scope("JPY"), Anchor.WON)
        assert collect(deals)["revenue_minor"].to_list() == [16050]


def test_deals_without_a_rate_are_left_out_and_named(summed):
    company = Company().deal("D1", "1.00").deal("D2", "2.00", currency="XAU")
    total = summed(company)
    assert (total.deals, total.minor) == (1, 100)
    assert "left out: D2 in XAU" in total.warnings[0]


def test_a_deal_without_an_amount_counts_as_a_deal_and_is_mentioned(summed):
    total = summed(Company().deal("D1", "1.00").deal("D2", None).deal("D3", None))
    assert (total.deals, total.minor) == (3, 100)
    assert total.warnings == ("2 won deals have no amount: counted as deals, without revenue.",)


def test_an_amount_without_a_currency_is_taken_as_the_reporting_one_and_mentioned(summed):
    total = summed(Company().deal("D1", "1.00", currency=None))
    assert total.minor == 100
    assert total.warnings == ("1 won deal has no currency: the amounts are taken as EUR.",)


def test_a_won_deal_without_a_close_date_is_mentioned(summed):
    total = summed(Company().deal("D1", "1.00", None))
    assert (total.deals, total.minor) == (1, 100)
    assert "no close date" in total.warnings[0]


def test_a_credit_note_lowers_closed_won_and_is_mentioned(summed):
    total = summed(Company().deal("D1", "5.00").deal("D2", "-2.00"))
    assert total.minor == 300
    assert "negative amount" in total.warnings[0]


def test_no_deals_at_all_sum_to_nothing(summed):
    assert summed(Company()).deals == 0
