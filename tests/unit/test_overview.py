"""The overview's figures can be added up by hand from six deals."""

from datetime import date

import polars as pl
import pytest

from core.coverage import coverage
from core.engine import open_engine
from core.errors import EmptyWorkspaceError
from core.overview import Course, OverviewQuestion, overview
from core.scope import Scope
from core.workspace import Workspace, set_meta
from tests.builders import Company
from tests.fakes import small_company, small_services

AS_OF = date(2026, 11, 20)
QUARTER = Scope("EUR", date(2026, 10, 1), AS_OF)
BEFORE = Scope("EUR", date(2026, 7, 1), date(2026, 8, 20))


def ask(company, scope=QUARTER, before=BEFORE, url="duckdb:"):
    with company.workspace() as workspace:
        question = OverviewQuestion(scope, before, AS_OF)
        return overview(open_engine(workspace, url), question, workspace.fingerprint())


def values(result):
    return {name: figure.value for name, figure in result.figures.items()}


@pytest.mark.parametrize("url", ["duckdb:", "polars:"])
def test_every_figure_equals_what_one_adds_up_by_hand_on_every_engine(url):
    result = ask(small_company(), url=url)

    assert values(result) == {
        "closed_won": 250_050 + 400_000,  # d2 and d3; d5 has no amount
        "won_deals": 3,  # d2, d3, d5
        "win_rate": 3 / 4,  # d4 was lost
        "average_deal": 650_050 / 2,  # over the two deals with an amount
        "sales_cycle": 82,  # median of 82 (d2), 101 (d3) and 66 (d5) days
        "open_pipeline": 900_000,  # d6
    }
    assert result.figures["closed_won"].previous == 100_000  # d1
    assert result.course is Course.UP


def test_a_period_without_closed_deals_has_no_rate_no_average_and_no_cycle():
    empty = Scope("EUR", date(2025, 1, 1), date(2025, 1, 31))

    figures = values(ask(small_company(), empty, None))

    assert figures["closed_won"] == 0
    assert figures["win_rate"] is None
    assert figures["average_deal"] is None
    assert figures["sales_cycle"] is None


def test_revenue_of_won_deals_without_any_amount_is_not_known_rather_than_nought():
    result = ask(Company().deal("d1", None, "2026-10-05"), before=None)

    assert result.figures["closed_won"].value is None
    assert result.warnings == (
        "1 won deal without an amount: counted as won, not part of revenue.",
    )


def test_only_deals_of_the_chosen_owners_count():
    ada = Scope("EUR", QUARTER.starts_on, QUARTER.ends_on, ("u1",))

    assert values(ask(small_company(), ada))["closed_won"] == 250_050


def test_an_amount_in_another_currency_is_converted_with_the_rate_of_its_day():
    company = Company().deal("d1", "110.00", "2026-10-05", currency="USD")
    company.rate("USD", "2026-10-05", 1.10).rate("EUR", "2026-10-05", 1.0)

    assert values(ask(company))["closed_won"] == 10_000  # 110.00 / 1.10


def test_a_deal_in_a_currency_without_a_rate_is_named_and_adds_nothing():
    company = Company().deal("d1", "110.00", "2026-10-05", currency="USD")
    company.deal("d2", "50.00", "2026-10-05")

    result = ask(company)

    assert values(result)["closed_won"] == 5_000
    assert "1 won deal in a currency without a rate into EUR" in result.warnings[0]


def test_the_monthly_series_has_every_month_and_marks_the_one_not_over():
    monthly = ask(small_company()).monthly

    assert monthly["month"].to_list() == [date(2026, month, 1) for month in (8, 9, 10, 11)]
    assert monthly["revenue_minor"].to_list() == [100_000, 0, 250_050, 400_000]
    assert monthly["complete"].to_list() == [True, True, True, False]


def test_the_latest_won_deals_come_first():
    recent = ask(small_company()).recent

    assert recent["deal_id"].to_list() == ["d5", "d3", "d2"]
    assert recent["closed_on"].to_list()[0] == date(2026, 11, 15)
    assert recent["revenue_minor"].to_list()[0] is None


def test_coverage_offers_the_currencies_and_owners_that_are_there():
    covered = small_services().coverage()

    assert covered.currencies == ("EUR",)
    assert covered.owners == (("u1", "Ada Byron"), ("u2", "Grace Hopper"))
    assert (covered.deals, covered.touches) == (6, 7)


def test_today_is_the_day_the_data_say_or_their_last_day_and_never_after_the_import():
    with small_company().workspace() as workspace:
        assert coverage(workspace).as_of == date(2026, 11, 15)
        with workspace.transaction() as cursor:
            record = pl.DataFrame({"import_id": ["i1"], "imported_at": [date(2026, 11, 12)]})
            workspace.insert(cursor, "imports", record)
        assert coverage(workspace).as_of == date(2026, 11, 12)
        with workspace.transaction() as cursor:
            set_meta(cursor, "as_of", "2026-11-20")
        assert coverage(workspace).as_of == AS_OF


def test_an_empty_workspace_covers_nothing_and_says_what_to_do():
    with Workspace.in_memory() as workspace, pytest.raises(EmptyWorkspaceError, match="Import"):
        coverage(workspace)


def test_a_deal_closed_before_its_creation_is_named_and_left_out_of_the_sales_cycle():
    company = Company().deal("d1", "10.00", "2026-10-05", created_at="2026-10-01")
    company.deal("d2", "10.00", "2026-10-05", created_at="2026-11-01")

    result = ask(company)

    assert values(result)["sales_cycle"] == 4
    assert result.figures["sales_cycle"].n == 1
    assert "1 won deal closed before creation" in result.warnings[0]
