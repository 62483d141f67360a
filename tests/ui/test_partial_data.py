"""Who has imported a part of a CRM is told what is there, what is missing and what to drop next."""

import pytest

from app.components.text import literal
from app.navigation import ENTRIES
from app.services import Services
from tests.builders import Company
from tests.fakes import small_services
from tests.ui.conftest import words

NEEDS_NO_DEALS = ("import.py", "settings.py")


def touches_only():
    company = Company()
    for number in range(3):
        company.touch(f"t{number}", "2026-03-01", "Email")
    return Services(company.workspace())


def deals_only():
    company = Company().account("a1", name="Northwind")
    for number in range(4):
        is_won = number % 2 == 0
        company.deal(f"d{number}", "100.00", "2026-11-01", created_at="2026-08-01", is_won=is_won)
    return small_services(company)


@pytest.mark.parametrize(
    "script", [entry.script for entry in ENTRIES if entry.script not in NEEDS_NO_DEALS]
)
def test_touches_alone_are_not_called_no_data(open_page, script):
    app = open_page(script, touches_only())

    assert not app.exception
    assert "No deals yet" in words(app)
    assert "Imported so far: 3 touchpoints. Now drop in HubSpot's export of deals" in words(app)


def test_the_import_page_says_which_export_is_missing(open_page):
    without_deals, without_touches = touches_only(), deals_only()

    assert "No deals yet, which every page needs" in words(open_page("import.py", without_deals))
    assert "No touches yet" in words(open_page("import.py", without_touches))
    assert "drop in" not in words(open_page("import.py", small_services()))


def test_without_touches_attribution_says_what_to_drop_and_judges_no_model(open_page):
    app = open_page("attribution.py", deals_only())
    said = words(app)

    assert not app.exception
    assert "no touches are imported" in said
    assert "Go to Import" in [button.label for button in app.button]
    assert literal("€200.00") in said
    for of_models in ("misallocates", "to the wrong name", "All agree", "the same way"):
        assert of_models not in said


def test_a_period_without_a_win_is_not_told_to_import_touches(open_page):
    lost = Company().deal("d", "100.00", "2026-11-01", created_at="2026-08-01", is_won=False)
    app = open_page("attribution.py", small_services(lost))

    assert "No revenue to explain in this period." in words(app)
    assert "no touches are imported" not in words(app)


def test_without_touches_journeys_draw_no_empty_charts(open_page):
    app = open_page("journeys.py", deals_only())

    assert not app.exception
    assert "No touches are imported." in words(app)
    assert "Won against lost" not in words(app)


def test_without_touches_the_overview_gives_no_model_for_wrong(open_page):
    app = open_page("overview.py", deals_only())

    assert "No revenue is credited to a touch." in words(app)
    assert not [link for link in app.get("page_link") if "misallocates" in str(link.proto)]


def never_won_from_the_pipeline():
    """Return open deals beside one that was written down after it was won, as imports do."""
    company = Company().account("a1", name="Northwind")
    company.deal("w", "900.00", "2026-07-01", created_at="2026-08-01", is_won=True)
    for number in range(3):
        company.deal(f"o{number}", "5000.00", None, created_at="2026-08-01", is_won=None)
    return small_services(
        company.deal("l", "100.00", "2026-11-01", created_at="2026-08-01", is_won=False)
    )


def test_without_a_win_nothing_is_forecast_rather_than_nought(open_page):
    app = open_page("forecast.py", never_won_from_the_pipeline())
    said = words(app)

    assert not app.exception
    assert "Q4 2026 cannot be forecast yet:" in said
    assert "80% interval" not in said
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown["Forecast, Q4 2026"] == shown["Open deals, expected"] == "n/a"
    assert shown["Booked"] == "€0"


def test_without_a_win_the_deals_page_expects_nothing_rather_than_nought(open_page):
    app = open_page("deals.py", never_won_from_the_pipeline())

    assert "Nothing tells yet what 3 open deals" in words(app)
    assert "n/a" in [metric.value for metric in app.metric]
