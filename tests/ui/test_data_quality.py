"""The data are judged before any model: scores, fixes, and every count opens its rows."""

from dataclasses import dataclass

import pytest

from app.services import Services
from core.errors import WorkspaceLockedError
from tests.builders import Company
from tests.fakes import small_company, small_services
from tests.ui.conftest import words


@pytest.fixture
def page(open_page, small):
    return lambda: open_page("data_quality.py", small)


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


def test_each_table_has_a_score_and_the_first_counts_are_shown(page):
    app = page()

    assert not app.exception
    shown = metrics(app)
    assert {"Accounts", "Deals", "Touchpoints"} <= set(shown)
    # d4 and d6 have no touch, and d5 has neither touch nor amount.
    assert (shown["Deals without a touch"], shown["Deals without an amount"]) == ("3", "1")


def test_the_fixes_say_what_they_win(page):
    said = words(page())

    assert "points**. Deals without a touch\\: 3 of 6" in said
    assert "Import campaign members" in said


def test_a_count_opens_its_rows(page):
    app = page()
    box = next(box for box in app.selectbox if box.label == "Open the rows of")
    app = box.select("Deals without an amount: 1 of 6").run()

    assert not app.exception
    assert app.dataframe[-1].value["deal_id"].to_list() == ["d5"]


def test_columns_that_leak_are_compared_only_when_opened(page):
    app = page()
    before = len(app.dataframe)
    app.session_state["quality_leaks"] = True
    app.run()

    assert not app.exception
    assert len(app.dataframe) == before + 1
    assert "stage" in app.dataframe[-1].value["column"].to_list()


def test_without_data_the_page_leads_to_the_import(open_page):
    app = open_page("data_quality.py", small_services(Company()))

    assert "Checks need deals" in words(app)


def test_a_weak_field_is_noted_on_the_pages_that_use_it(open_page, small):
    for script in ("overview.py", "attribution.py"):
        said = words(open_page(script, small)).replace("\\", "")
        assert "Weak data behind this page" in said
        assert "deals without an amount, 17% (1 of 6)" in said


def test_strong_fields_need_no_note(open_page):
    company = small_company()
    for number in range(60):
        company.deal(f"x{number}", "10.00", "2026-10-10", created_at="2026-10-01", owner_id="u1")
        company.touch(f"y{number}", "2026-10-05", deal=f"x{number}")

    assert "Weak data" not in words(open_page("overview.py", small_services(company)))


def test_hostile_names_are_shown_as_they_are(open_page):
    company = small_company().deal("![x](http://example.invalid/a.png)", None, "2026-10-10")
    app = open_page("data_quality.py", small_services(company))

    assert not app.exception
    assert "![x](http" not in words(app)


@dataclass(frozen=True)
class LockedServices(Services):
    """Services that cannot look at the data."""

    @property
    def data_quality(self):
        """Fail."""
        raise WorkspaceLockedError("acme.duckdb is open in another process.", "Close it.")


def test_a_failing_check_says_what_to_do(open_page, small):
    app = open_page("data_quality.py", LockedServices(small.workspace))

    assert not app.exception
    assert "Close it" in words(app)
