"""A saved view of the Deals page is forwarded as a link, and gone once it is deleted."""

import pytest

from core.workspace import Workspace
from tests.live import serving

pytestmark = pytest.mark.e2e

LEARNS_WITHIN_MS = 60_000
DRAWN = "[data-testid=stDataFrame]"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Start the real server on a file: views of the demo are each visitor's own."""
    from core.crm.demo import DemoOptions, load, simulate
    from tests.scored import AS_OF

    file = tmp_path_factory.mktemp("views") / "acme.duckdb"
    with Workspace.create(file) as made:
        load(made, simulate(DemoOptions(ends_on=AS_OF, deals=150)))
    with serving(PLUMBLINE_WORKSPACE=str(file)) as running:
        yield running.url


def opened(visit, address):
    """Open an address and wait for the table of deals."""
    page = visit.new_page()
    page.goto(address)
    page.locator(DRAWN).first.wait_for(timeout=LEARNS_WITHIN_MS)
    return page


def chosen_view(page):
    return page.get_by_role("combobox", name="Saved view")


def test_a_view_is_saved_opened_by_its_link_elsewhere_and_deleted(page, browser, server):
    page.goto("/deals?risk=High+risk")
    page.locator(DRAWN).first.wait_for(timeout=LEARNS_WITHIN_MS)
    page.get_by_role("button", name="Save this view").click()
    name = page.get_by_role("textbox", name="Name")
    name.fill("At risk")
    name.press("Enter")
    page.get_by_role("button", name="Save as new").click()
    page.wait_for_url("**saved=At+risk**")
    link = page.url

    elsewhere = browser.new_context(viewport={"width": 1440, "height": 1000})
    other = opened(elsewhere, f"{server}/deals?saved=At+risk")
    assert "saved=At+risk" in link
    other.get_by_role("button", name="Edit this view").click()
    other.get_by_role("button", name="Delete At risk").click()
    other.get_by_role("button", name="Save this view").wait_for()
    assert "saved=" not in other.url
    elsewhere.close()

    page.goto(link)
    page.get_by_text("There is no saved view called At risk").wait_for(timeout=LEARNS_WITHIN_MS)
