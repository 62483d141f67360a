"""From the pipeline to the deals of a bar, and from a scenario to its difference, in a browser."""

import pytest

pytestmark = pytest.mark.e2e

CHART = "[data-testid=stVegaLiteChart]"
SHOWN_WITHIN_MS = 60_000  # the first forecast on a busy machine


def test_a_bar_of_the_bridge_opens_its_deals(page):
    page.goto("/pipeline")
    page.get_by_role("heading", name="What became of the pipeline").wait_for(
        timeout=SHOWN_WITHIN_MS
    )

    page.locator(CHART).first.locator("path[aria-label*='Created']").first.click()

    page.get_by_role("heading", name="Deals behind Created").wait_for()
    page.get_by_text("which equals what was opened").wait_for()
    assert page.locator("[data-testid=stException]").count() == 0


def test_a_scenario_is_set_against_the_base(page):
    page.goto("/forecast")
    page.get_by_role("heading", name="Closed won and forecast").wait_for(timeout=SHOWN_WITHIN_MS)

    page.get_by_role("radio", name="Cautious", exact=True).click()

    page.get_by_text("grey squares: the scenario").wait_for()
    assert page.locator("[data-testid=stException]").count() == 0
