"""Saved views of the Deals page are kept, chosen, linked, changed and deleted."""

import pytest

from app.services import Services
from core.crm.demo import DemoOptions, load, simulate
from core.deals.listing import Column, Listing
from core.deals.saved_views import saved_views
from core.workspace import Workspace
from tests.scored import AS_OF
from tests.ui.conftest import visit, words

AT_RISK = Listing(
    bands=("high",), columns=(Column.AMOUNT, Column.BAND), sort=Column.AMOUNT, ascending=True
)


@pytest.fixture(scope="module")
def company():
    """Return services of a simulated company without saved views."""
    workspace = Workspace.in_memory()
    load(workspace, simulate(DemoOptions(ends_on=AS_OF, deals=300)))
    return Services(workspace)


@pytest.fixture
def services(company):
    yield company
    for name in company.deals.saved_views().names:
        company.deals.change_views(lambda views, name=name: views.without(name))


@pytest.fixture
def kept(services):
    services.deals.change_views(lambda views: views.saved("At risk", AT_RISK))
    return services


def rows_of(app):
    return app.dataframe[0].value


def button(app, label):
    return next(one for one in app.button if one.label == label)


def is_at_risk(app):
    rows = rows_of(app)
    return set(rows["band"]) == {"High"} and rows["amount_minor"].dropna().is_monotonic_increasing


def test_what_is_shown_is_saved_under_a_name_and_named_in_the_address(services):
    app = visit("deals.py", services, risk="High risk")
    app = app.text_input(key="app_deal_saved_name").set_value("At risk").run()
    app = button(app, "Save as new").click().run()

    assert not app.exception
    assert app.query_params["saved"] == "At risk"
    assert saved_views(services.workspace).get("At risk") == Listing(bands=("high",))


def test_a_link_opens_a_view_for_somebody_else(kept):
    app = visit("deals.py", kept, saved="At risk")

    assert is_at_risk(app)
    assert app.selectbox(key="app_deal_saved_choice").value == "At risk"


def test_a_chosen_view_sets_filters_columns_and_order_and_clearing_it_resets_them(kept):
    app = visit("deals.py", kept, signal="Stalled")
    everything = len(rows_of(visit("deals.py", kept)))
    app = app.selectbox(key="app_deal_saved_choice").set_value("At risk").run()
    assert is_at_risk(app)
    assert not all("Stalled" in signals for signals in rows_of(app)["signals"])

    app = app.selectbox(key="app_deal_saved_choice").set_value(None).run()
    assert len(rows_of(app)) == everything
    assert "saved" not in app.query_params


def test_a_default_view_opens_by_itself_on_the_first_visit_only(kept):
    app = visit("deals.py", kept, saved="At risk")
    app = button(app, "Open it by itself").click().run()
    assert saved_views(kept.workspace).default == "At risk"

    app = visit("deals.py", kept)
    assert is_at_risk(app)
    app = app.selectbox(key="app_deal_saved_choice").set_value(None).run()
    assert not is_at_risk(app.run())


def test_an_address_with_filters_of_its_own_is_not_overruled_by_the_default(kept):
    kept.deals.change_views(lambda views: views.opening_with("At risk"))

    assert set(rows_of(visit("deals.py", kept, risk="Low risk"))["band"]) == {"Low"}


def test_what_the_address_says_beside_the_name_holds(kept):
    app = visit("deals.py", kept, saved="At risk", risk="Low risk")

    assert set(rows_of(app)["band"]) == {"Low"}


def test_a_changed_view_is_updated_when_told_to(kept):
    app = visit("deals.py", kept, saved="At risk")
    assert button(app, "Update At risk").disabled
    app = app.toggle(key="ascending").set_value(False).run()
    app = button(app, "Update At risk").click().run()

    assert not app.exception
    assert saved_views(kept.workspace).get("At risk").ascending is False


def test_a_view_is_renamed_and_the_address_follows(kept):
    app = visit("deals.py", kept, saved="At risk")
    app = app.text_input(key="app_deal_saved_name").set_value("Needs help").run()
    app = button(app, "Rename").click().run()

    assert app.query_params["saved"] == "Needs help"
    assert saved_views(kept.workspace).names == ("Needs help",)


def test_a_name_that_is_taken_cannot_be_saved_anew(kept):
    app = visit("deals.py", kept)
    app = app.text_input(key="app_deal_saved_name").set_value("At risk").run()

    assert button(app, "Save as new").disabled
    assert "Another view has that name." in words(app)


def test_a_deleted_view_is_gone_and_its_filters_stay(kept):
    app = visit("deals.py", kept, saved="At risk")
    app = button(app, "Delete At risk").click().run()

    assert saved_views(kept.workspace).names == ()
    assert "saved" not in app.query_params
    assert set(rows_of(app)["band"]) == {"High"}


def test_a_link_to_a_view_that_is_gone_says_so_and_shows_the_deals(services):
    app = visit("deals.py", services, saved="![x](http://example.invalid/a.png)")

    assert not app.exception
    assert "There is no saved view called" in words(app)
    assert "![x](http" not in words(app)
    assert len(rows_of(app)) > 10


def test_a_saved_owner_who_left_is_forgotten(services):
    services.deals.change_views(lambda views: views.saved("Mine", Listing(owner_ids=("nobody",))))
    app = visit("deals.py", services, saved="Mine")

    assert not app.exception
    assert len(rows_of(app)) > 10


def test_owners_of_a_view_are_chosen_in_the_sidebar(services):
    owner_id, name = services.coverage().owners[0]
    services.deals.change_views(lambda views: views.saved("Theirs", Listing(owner_ids=(owner_id,))))
    app = visit("deals.py", services, saved="Theirs")

    assert app.multiselect(key="owner").value == [owner_id]
    assert set(rows_of(app)["owner"]) == {name}


def test_a_view_saved_while_some_deals_are_chosen_is_kept_with_all_of_them(services):
    app = visit("deals.py", services, where="region = DACH", risk="High risk")
    app = app.text_input(key="app_deal_saved_name").set_value("At risk").run()
    app = button(app, "Save as new").click().run()

    assert not app.exception
    assert "chosen" in words(app)
    assert saved_views(services.workspace).names == ("At risk",)
