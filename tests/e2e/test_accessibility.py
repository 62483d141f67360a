"""Every page can be read by everybody: names, contrast, order of headings, language."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

HERE = Path(__file__).parent
AUDIT = (HERE / "accessibility.js").read_text(encoding="utf-8")
PAGES = sorted(path.stem for path in (HERE.parents[1] / "pages").glob("*.py"))
DONE = """document.querySelectorAll(
    "[data-testid=stSkeleton], [data-testid=stSpinner], [data-testid=stStatusWidget]"
).length === 0"""
DONE_WITHIN_MS = 60_000
SETTLES_WITHIN_MS = 800  # charts grow into place


@pytest.fixture(scope="module", params=["light", "dark"])
def visit(browser, server, request):
    """Visit in light or dark colours."""
    opened = browser.new_context(
        viewport={"width": 1440, "height": 1000}, base_url=server, color_scheme=request.param
    )
    yield opened.new_page()
    opened.close()


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_read_and_operate_the_page(visit, name):
    visit.goto("/" if name == "overview" else f"/{name}")
    visit.locator("h1").first.wait_for()
    visit.wait_for_timeout(SETTLES_WITHIN_MS)
    visit.wait_for_function(DONE, timeout=DONE_WITHIN_MS)
    visit.wait_for_timeout(SETTLES_WITHIN_MS)

    assert "\n".join(visit.evaluate(AUDIT)) == ""
