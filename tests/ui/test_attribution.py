"""The attribution page sets the models side by side and proves their sum."""

import pytest

from app.services import Services
from core.workspace import Workspace
from tests.fakes import FailingServices, small_services
from tests.ui.conftest import words


def table(app):
    return app.dataframe[0].value


def test_all_models_stand_side_by_side_and_reconcile_with_closed_won(open_page):
    app = open_page("attribution.py", small_services())

    assert not app.exception
    shown = table(app)
    assert float(shown["linear"].sum()) == float(shown["first_touch"].sum()) == 7500.50
    assert "= **€7\\,500\\.50 closed won**" in words(app)
    assert "by each of the 6 models, to the cent" in words(app)


def test_the_verdict_names_who_leads_and_where_the_models_differ(open_page):
    app = open_page("attribution.py", small_services())

    assert "so the choice of model matters" in words(app)


@pytest.mark.parametrize(
    ("model", "first"), [("First touch", "Paid search"), ("Last touch", "Partner")]
)
def test_the_model_in_the_url_is_the_one_that_ranks(open_page, model, first):
    app = open_page("attribution.py", small_services(), model=model)

    assert f"{model}: attributed revenue" in words(app)
    assert table(app)["name"].to_list()[0] == first


def test_a_shorter_lookback_leaves_revenue_unattributed(open_page):
    app = open_page("attribution.py", small_services(), lookback="10")

    # Only d1 (touch 9 days before) and d3 (touch 9 days before) keep a touch; d2 and d5 do not.
    assert "€2\\,500\\.50 unattributed" in words(app)


def test_campaigns_can_take_the_place_of_channels(open_page):
    app = open_page("attribution.py", small_services(), by="Campaign")

    assert "Summit" in table(app)["name"].to_list()


def test_a_value_in_the_url_that_no_widget_offers_falls_back(open_page):
    app = open_page("attribution.py", small_services(), model="nonsense", lookback="-5")

    assert not app.exception
    assert "Linear: attributed revenue" in words(app)


def test_a_period_without_won_deals_says_how_to_find_some(open_page):
    days = ["2026-09-01", "2026-09-02"]

    app = open_page("attribution.py", small_services(), period="Custom", days=days)

    assert "No revenue to explain in this period." in words(app)


def test_a_deal_without_an_amount_is_named_beside_the_sum(open_page):
    app = open_page("attribution.py", small_services())

    assert "1 won deal has no amount" in words(app)


def test_an_empty_workspace_says_what_to_do_with_one_button(open_page):
    app = open_page("attribution.py", Services(Workspace.in_memory()))

    assert "No data yet" in words(app)
    assert [button.label for button in app.button] == ["Go to Import"]


def test_a_failing_service_shows_its_message_and_hint(open_page):
    app = open_page("attribution.py", FailingServices(small_services().workspace))

    assert not app.exception
    assert "open in another process" in app.error[0].proto.title.replace("\\", "")


def test_other_models_can_be_set_side_by_side(open_page):
    app = open_page(
        "attribution.py", small_services(), compare=["Last non-direct touch", "W-shaped"]
    )

    assert not app.exception
    assert set(table(app)) >= {"last_non_direct", "w_shaped"}
    assert "linear" not in set(table(app))
    assert "by each of the 2 models" in words(app)
