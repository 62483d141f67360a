"""A deal is chosen in the table, read in its drawer, and left again."""

import pytest

pytestmark = pytest.mark.e2e

TABLE = "[data-testid=stDataFrame]"
DRAWER = "[role=dialog]"
HEADER_HEIGHT = 36
ROW_HEIGHT = 36
CHECKBOX_CENTRE = 14
LEARNS_WITHIN_MS = 60_000


def test_a_chosen_deal_opens_in_a_drawer_whose_address_can_be_forwarded(page):
    page.goto("/deals")
    table = page.locator(TABLE).first
    table.wait_for(timeout=LEARNS_WITHIN_MS)
    box = table.bounding_box()
    page.mouse.click(box["x"] + CHECKBOX_CENTRE, box["y"] + HEADER_HEIGHT + 1.5 * ROW_HEIGHT)

    page.locator(DRAWER).get_by_text("Next action").wait_for()
    page.locator(DRAWER).get_by_text("Similar deals that were won").wait_for()
    address = page.url
    assert "deal=" in address

    page.keyboard.press("Escape")
    page.locator(DRAWER).wait_for(state="detached")
    page.wait_for_url("**/deals")

    page.goto(address)
    page.locator(DRAWER).get_by_text("Next action").wait_for()
