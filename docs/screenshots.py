"""Take the pictures of the README from the running app on demo data: ``make screenshots``."""

# ruff: noqa: INP001 - a script, not a package
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ViewportSize

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.live import browsing, serving  # noqa: E402

Scheme = Literal["light", "dark"]

IMAGES = ROOT / "docs" / "images"
PAGES = (
    "overview", "attribution", "journeys", "pipeline", "forecast", "deals", "report", "import",
)  # fmt: skip
WIDE: ViewportSize = {"width": 1440, "height": 1000}
NARROW: ViewportSize = {"width": 390, "height": 844}
DONE = """document.querySelectorAll(
    "[data-testid=stSkeleton], [data-testid=stSpinner], [data-testid=stStatusWidget]"
).length === 0"""
DONE_WITHIN_MS = 120_000
SETTLES_WITHIN_MS = 2500  # charts and fonts are drawn after the page says it is done


def take(browser: Browser, url: str, name: str, scheme: Scheme, size: ViewportSize) -> None:
    """Take one picture; its name starts with the page's."""
    page = name.partition("-")[0]
    visit = browser.new_context(viewport=size, color_scheme=scheme)
    opened = visit.new_page()
    opened.goto(f"{url}/{'' if page == 'overview' else page}")
    opened.locator("h1").wait_for()
    opened.wait_for_timeout(SETTLES_WITHIN_MS)
    opened.wait_for_function(DONE, timeout=DONE_WITHIN_MS)
    opened.wait_for_timeout(SETTLES_WITHIN_MS)
    opened.screenshot(path=IMAGES / f"{name}.png")
    visit.close()
    sys.stdout.write(f"docs/images/{name}.png\n")


def main() -> None:
    """Take every page light and dark, and the overview and the forecast on a phone."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with serving() as server, browsing() as browser:
        for page in PAGES:
            take(browser, server.url, f"{page}-light", "light", WIDE)
            take(browser, server.url, f"{page}-dark", "dark", WIDE)
        for page in ("overview", "forecast"):
            take(browser, server.url, f"{page}-phone", "light", NARROW)


if __name__ == "__main__":
    main()
