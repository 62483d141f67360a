"""One visit from file to touch, as a person makes it, with a real server and browser."""

import pytest

from core.crm.templates import TEMPLATES

pytestmark = pytest.mark.e2e

CHART = "[data-testid=stVegaLiteChart]"
TABLE = "[data-testid=stDataFrame]"
FLOW = "[class*='st-key-journey_flow'] canvas"
DRAWN_WITHIN_MS = 1500  # the chart grows into place
HEADER_HEIGHT = 36
ROW_HEIGHT = 36
CHECKBOX_CENTRE = 14


def click_bar(page, name):
    """Click the bar of a name in the first chart of the page."""
    chart = page.locator(CHART).first
    chart.locator(f"path[aria-label*='{name}']").first.click()


def click_row(page, number, table=0):
    """Click a row of a table, rows counted from 1, tables from 0."""
    shown = page.locator(TABLE).nth(table)
    shown.scroll_into_view_if_needed()
    box = shown.bounding_box()
    down = HEADER_HEIGHT + (number - 0.5) * ROW_HEIGHT
    page.mouse.click(box["x"] + CHECKBOX_CENTRE, box["y"] + down)


def upload(page, contents):
    files = [
        {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
        for name, content in contents.items()
    ]
    page.set_input_files("input[type=file]", files)
    page.get_by_role("button", name="Import 2 files").click()


def test_from_uploaded_files_to_the_touches_of_one_deal(page):
    page.goto("/import")
    page.wait_for_selector("input[type=file]", state="attached")
    upload(page, TEMPLATES)
    page.get_by_text("10 rows in = 10 loaded + 0 rejected.").wait_for()

    page.get_by_role("link", name="Attribution").click()
    page.get_by_text("€20,900.00 closed won").wait_for()
    click_bar(page, "Outbound")
    page.get_by_role("heading", name="Behind Outbound").wait_for()
    page.get_by_text("add up to €4,200.00, which equals the bar").first.wait_for()

    page.get_by_text("of Outbound, Linear").wait_for()
    page.get_by_text("Choose a row to see the touches of its deal").wait_for()
    deals = 1  # below the campaigns
    click_row(page, 1, deals)
    page.get_by_text("Kestrel expansion: 2 touches share €8,400.00").wait_for()
    page.get_by_text("Every touch gets the same, 50.0% each").wait_for()


def test_a_channel_called_like_a_picture_is_shown_and_never_loaded(page):
    hostile = "![x](http://example.invalid/a.png)"
    touches = TEMPLATES["touchpoints.csv"].replace("Outbound", hostile)
    page.goto("/import")
    page.wait_for_selector("input[type=file]", state="attached")
    upload(page, {**TEMPLATES, "touchpoints.csv": touches})
    page.get_by_text("10 rows in = 10 loaded + 0 rejected.").wait_for()

    page.get_by_role("link", name="Attribution").click()
    page.get_by_text("€20,900.00 closed won").wait_for()
    click_bar(page, "example.invalid")

    page.get_by_role("heading", name=f"Behind {hostile}").wait_for()


def flow_chart(page):
    """Return where the chart of journeys stands on the page, once it is drawn."""
    drawn = page.locator(FLOW)
    drawn.wait_for()
    page.wait_for_timeout(DRAWN_WITHIN_MS)
    return drawn.bounding_box()


def test_a_click_on_a_step_opens_its_deals(page):
    page.goto("/journeys")
    box = flow_chart(page)

    page.mouse.click(box["x"] + 10, box["y"] + 60)

    page.get_by_role("heading", name="Deals: 1.").wait_for()
    page.get_by_text("of them won with").wait_for()


def test_markup_in_a_channel_is_not_obeyed_where_journeys_are_pointed_at(page):
    hostile = "<img src=http://example.invalid/b.png>"
    touches = TEMPLATES["touchpoints.csv"].replace("Outbound", hostile)
    page.goto("/import")
    page.wait_for_selector("input[type=file]", state="attached")
    upload(page, {**TEMPLATES, "touchpoints.csv": touches})
    page.get_by_text("10 rows in = 10 loaded + 0 rejected.").wait_for()

    page.get_by_role("link", name="Journeys").click()
    box = flow_chart(page)
    for down in range(10, int(box["height"]), 40):
        for right in (10, box["width"] / 3, 2 * box["width"] / 3):
            page.mouse.move(box["x"] + right, box["y"] + down)
            page.wait_for_timeout(30)

    assert page.locator("img[src*='example.invalid']").count() == 0


def test_the_overview_of_the_demo_company_stands_on_its_own(page):
    page.goto("/")

    page.get_by_text("Demo data").first.wait_for()
    page.locator("[data-testid=stMetric]").nth(4).wait_for()
    page.locator(CHART).nth(1).wait_for()
    assert page.locator("[data-testid=stException]").count() == 0


def test_filters_stay_in_the_address_and_on_every_page(page):
    page.goto("/?period=Last+quarter")
    page.get_by_text("Reset 1 filter").wait_for()

    page.get_by_role("link", name="Attribution").click()
    page.get_by_role("heading", name="Attribution", exact=True).wait_for()
    page.get_by_text("Reset 1 filter").wait_for()

    assert "period=Last+quarter" in page.url


def test_every_answer_carries_the_security_headers(page):
    headers = page.goto("/").headers

    assert "img-src 'self' data: blob:" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
