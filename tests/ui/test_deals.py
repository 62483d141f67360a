"""The deals page says what open deals bring, lists them, and explains the one that is chosen."""

from datetime import date, timedelta

import numpy as np
import pytest

from app.deal_services import DealQuestion
from app.services import Services
from core.crm.demo import DemoOptions, load, simulate
from core.workspace import Workspace
from tests.builders import Company
from tests.fakes import FailingServices, small_services
from tests.scored import AS_OF
from tests.twice import imported_twice
from tests.ui.conftest import words


@pytest.fixture(scope="module")
def demo():
    """Return services of a simulated company."""
    workspace = Workspace.in_memory()
    load(workspace, simulate(DemoOptions(ends_on=AS_OF, deals=450)))
    return Services(workspace)


@pytest.fixture(scope="module")
def twice():
    """Return services of a company imported twice, two weeks apart."""
    return Services(imported_twice())


def deals_of(app):
    return app.dataframe[0].value


def test_the_page_says_what_is_expected_and_what_the_chances_were_worth(open_page, demo):
    app = open_page("deals.py", demo)

    assert not app.exception
    assert "is expected by 31 Dec 2026" in words(app)
    assert "from what came" in words(app)
    assert [card.label for card in app.metric] == [
        "Expected in the period",
        "Open pipeline",
        "Due, but likely to slip",
        "Deals at high risk",
    ]


def test_the_table_lists_every_open_deal_with_chances_that_sum_to_a_hundred(open_page, demo):
    rows = deals_of(open_page("deals.py", demo))

    assert len(rows) > 30
    assert (rows["p_win"] + rows["p_lose"] + rows["p_slip"] - 100).abs().max() < 1e-9
    assert set(rows["band"]) <= {"Low", "Medium", "High"}


def test_filters_in_the_url_narrow_the_table(open_page, demo):
    everything = deals_of(open_page("deals.py", demo))
    few = deals_of(open_page("deals.py", demo, risk="High risk", signal="Stalled"))

    assert 0 < len(few) < len(everything)
    assert set(few["band"]) == {"High"}
    assert all("Stalled" in signals for signals in few["signals"])


def test_a_first_import_says_that_there_is_nothing_to_compare_with(open_page, demo):
    app = open_page("deals.py", demo)

    assert "This is the first import: changes show from the next one on" in words(app).replace(
        "\\", ""
    )
    assert app.dataframe[0].value["moved"].isna().all()


def test_changes_since_the_import_before_are_shown_filtered_and_explained(open_page, twice):
    app = open_page("deals.py", twice, moved="Chance fell")
    rows = deals_of(app)

    assert not app.exception
    assert "Changes since import 1 of 6 Nov 2026" in words(app)
    assert 0 < len(rows) < 40
    assert (rows["moved"] <= -5).all()
    assert rows["mover"].notna().all()

    frame = twice.deals.scored(DealQuestion("EUR")).frame
    deal_id = frame.sort("moved", nulls_last=True)["deal_id"][0]
    said = words(open_page("deals.py", twice, deal=deal_id))
    assert "Since the last import" in said
    assert " then, **" in said


def test_a_view_without_deals_says_so(open_page, demo):
    app = open_page("deals.py", demo, show="Fell in 30 days", risk="Low risk", signal="Low intent")

    assert "No open deal fits." in words(app)


def test_the_deal_in_the_url_is_explained(open_page, demo):
    deal_id = demo.workspace.query("SELECT deal_id FROM deals WHERE is_won IS NULL LIMIT 1").item()
    app = open_page("deals.py", demo, deal=deal_id)

    assert not app.exception
    said = words(app)
    assert "Next action" in said
    assert "What each factor adds to the log-odds" in said
    assert "Similar deals that were won" in said
    assert "Channel path" in said


def test_a_forwarded_link_to_a_deal_that_is_not_open_says_so(open_page, demo):
    app = open_page("deals.py", demo, deal="nobody")

    assert not app.exception
    assert "deal **nobody**, which is not among these open deals" in words(app)
    assert "Next action" not in words(app)


def test_the_record_shows_what_was_said_and_what_came(open_page, demo):
    app = open_page("deals.py", demo)

    assert "What was said, and what came" in words(app)
    assert "Calibration error" in app.dataframe[1].value["measure"].to_list()


def test_too_few_closed_deals_are_said_aloud(open_page, small):
    app = open_page("deals.py", small)

    assert "Too few closed deals" in words(app)
    assert "4 won and 1 lost" in words(app)
    assert len(deals_of(app)) == 1


def without_signal():
    """Return services of a company whose deals are won and lost by the toss of a coin."""
    random = np.random.default_rng(5)
    company = Company()
    for number in range(160):
        created = date(2024, 1, 1) + timedelta(days=int(random.integers(0, 800)))
        closed = created + timedelta(days=int(random.integers(20, 120)))
        won = bool(random.random() < 0.4)
        company.deal(f"d{number}", "10.00", str(closed), created_at=str(created), is_won=won)
    company.deal("still", "10.00", None, created_at="2026-05-01", is_won=None)
    return small_services(company)


def test_without_a_signal_the_page_says_so_and_counts_nothing_at_risk(open_page):
    app = open_page("deals.py", without_signal())

    assert not app.exception
    assert "No signal:" in words(app)
    assert "base rate of 4" in words(app)
    assert (app.metric[3].value, app.metric[3].delta) == ("n/a", "not told apart")


def test_without_an_open_deal_the_page_says_so(open_page):
    company = Company().deal("d1", "10.00", "2026-06-30")
    app = open_page("deals.py", small_services(company))

    assert "There is no open deal." in words(app)


def test_an_empty_workspace_leads_to_the_import_page(open_page):
    app = open_page("deals.py", Services(Workspace.in_memory()))

    assert "No data yet" in words(app)


def test_a_failing_service_is_told_with_what_to_do(open_page, small):
    app = open_page("deals.py", FailingServices(small.workspace))

    assert not app.exception
    assert "Close it" in words(app) or any("Close it" in error.value for error in app.error)


def test_names_from_the_crm_are_shown_and_not_obeyed(open_page):
    company = Company().deal(
        "d1", "10.00", None, is_won=None, name="![x](http://example.invalid/a.png)",
        created_at="2026-10-01",
    )  # fmt: skip
    app = open_page("deals.py", small_services(company), deal="d1")

    assert not app.exception
    assert "![x](http" not in words(app)
