"""Deals can be filtered by any column of an export; every page is then about those deals."""

import pytest

from app.services import Services
from core.crm.importing import import_files
from core.crm.receipts import SourceFile
from core.workspace import Workspace, set_meta
from tests.exports import NOW
from tests.ui.conftest import words

DEALS = """deal_id,name,stage,amount,currency,created_at,closed_at,is_won,Tier,Seats
D1,Northwind,Closed Won,1000.00,EUR,2025-07-01,2025-11-10,true,Gold,50
D2,Kestrel,Closed Won,250.00,EUR,2025-07-15,2025-11-05,true,Silver,8
D3,Halcyon,Proposal,90.00,EUR,2025-10-01,,,Gold,9
"""
TOUCHES = """touch_id,deal_id,contact,channel,campaign,occurred_at,cost
T1,D1,,Email,Spring,2025-09-15,
T2,D2,,Partner,,2025-09-20,
"""


@pytest.fixture(scope="module")
def services():
    """Return services that no test changes: their answers stay."""
    workspace = Workspace.in_memory()
    files = [SourceFile("d.csv", DEALS.encode()), SourceFile("t.csv", TOUCHES.encode())]
    import_files(workspace, files, NOW)
    with workspace.transaction() as cursor:
        set_meta(cursor, "as_of", "2025-12-01")
    return Services(workspace)


def choose(app):
    return next(box for box in app.multiselect if box.label == "Deals")


def test_extra_columns_are_offered_and_everything_is_shown_without_a_choice(open_page, services):
    app = open_page("overview.py", services, period="All time")

    assert choose(app).options == ["Tier = Gold", "Tier = Silver"]
    assert "chosen" not in words(app)


@pytest.mark.parametrize("page", ["overview.py", "attribution.py", "forecast.py", "deals.py"])
def test_a_chosen_value_holds_on_every_page(open_page, services, page):
    app = open_page(page, services, period="All time")
    choose(app).select("Tier = Gold").run()

    assert not app.exception
    assert any("2 deals chosen" in element.value for element in app.get("markdown"))


def test_the_credit_is_that_of_the_chosen_deals(open_page, services):
    app = open_page("attribution.py", services, period="All time")
    choose(app).select("Tier = Silver").run()

    assert app.dataframe[0].value["name"].to_list() == ["Partner"]
    assert float(app.dataframe[0].value["linear"].sum()) == 250.0


def test_values_of_one_column_are_alternatives(open_page, services):
    app = open_page("attribution.py", services, period="All time")
    choose(app).set_value(["Tier = Gold", "Tier = Silver"]).run()

    assert float(app.dataframe[0].value["linear"].sum()) == 1250.0


def test_data_quality_is_about_all_deals(open_page, services):
    app = open_page("data_quality.py", services, period="All time")
    choose(app).select("Tier = Gold").run()

    assert not app.exception
    assert not any("chosen" in element.value for element in app.get("markdown"))
