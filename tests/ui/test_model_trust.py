"""The Model trust page as a visitor reads it."""

from datetime import date

import pytest

from app.services import Services
from core.crm.demo.company import load, simulate
from core.crm.demo.options import DemoOptions
from core.workspace import Workspace
from tests.ui.conftest import words


def test_the_page_says_which_model_errs_least_and_by_how_much(open_page, small):
    app = open_page("model_trust.py", small)
    assert not app.exception
    text = words(app)
    assert "errs least" in text
    assert "won deals each (yours has" in text
    assert "Only an experiment proves" in text


def test_every_measured_model_stands_in_the_table_by_its_error(open_page, small):
    app = open_page("model_trust.py", small)
    table = app.dataframe[0].value
    assert {"Incremental, estimated", "Linear", "Markov, order 1"} <= set(table["model"])
    assert table["of_won"].is_monotonic_increasing


def test_nothing_is_simulated_until_somebody_asks(open_page, small):
    app = open_page("model_trust.py", small)
    assert len(app.dataframe) == 1
    assert app.button(key="rehearse").label == "Simulate and measure"


def test_without_data_the_page_says_what_it_needs(open_page):
    app = open_page("model_trust.py", Services(Workspace.in_memory()))
    assert not app.exception
    assert "depends on how many deals there are" in words(app)


def test_the_misallocated_share_stands_beside_the_numbers_of_attribution(open_page, small):
    app = open_page("attribution.py", small)
    links = [link.proto.label for link in app.get("page_link")]
    assert any("misallocates" in label and "simulated companies" in label for label in links)
    assert "EUR; misallocates" in words(app)


@pytest.fixture(scope="module")
def enough_deals():
    """Return a simulated company with enough won deals for the incremental model."""
    workspace = Workspace.in_memory()
    load(workspace, simulate(DemoOptions(ends_on=date(2026, 11, 20), deals=400)))
    return Services(workspace)


def test_a_model_that_errs_less_is_offered_and_lit_by_one_click(open_page, enough_deals):
    app = open_page("attribution.py", enough_deals)
    assert "won deals Linear gives" in words(app)
    app.button(key="compare_more_accurate").click().run()
    assert not app.exception
    assert app.session_state["model"] == "incremental"
    assert "linear" in app.session_state["compare"]
    assert "Incremental, estimated: attributed revenue" in words(app)
    assert not [button for button in app.button if button.key == "compare_more_accurate"]


def test_no_model_is_offered_that_these_deals_are_too_few_for(open_page, small):
    app = open_page("attribution.py", small)
    assert not [button for button in app.button if button.key == "compare_more_accurate"]
