"""How fast the pages answer and what memory they hold, with a real server and browser.

    python benchmarks/pages.py

Measured: seconds until the server answers, until each page shows its last element on a first and
on a second visit, until a changed filter shows, and the server's memory after every page.
"""

import sys
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.live import browsing, serving  # noqa: E402

LAST_SHOWN = {
    "": "[data-testid=stExpander]",
    "attribution": "[data-testid=stExpander]",
    "import": "[data-testid=stDataFrame]",
}
VISITS = 5
VIEWPORT = {"width": 1440, "height": 1000}


def visit(browser: Browser, url: str) -> dict[str, float]:
    """Open every page as a new visitor; return the seconds each took."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    seconds = {}
    for path, last in LAST_SHOWN.items():
        begun = time.perf_counter()
        page.goto(f"{url}/{path}")
        page.locator(last).last.wait_for()
        seconds[path or "overview"] = time.perf_counter() - begun
    page.goto(url)
    page.locator(LAST_SHOWN[""]).last.wait_for()
    begun = time.perf_counter()
    page.get_by_role("link", name="Attribution").click()
    page.get_by_role("heading", name="All models side by side").wait_for()
    seconds["switch to attribution"] = time.perf_counter() - begun
    begun = time.perf_counter()
    page.get_by_role("radio", name="Last touch", exact=True).click()
    page.get_by_role("heading", name="Last touch: attributed revenue").wait_for()
    seconds["choose another model"] = time.perf_counter() - begun
    context.close()
    return seconds


def main() -> None:
    """Print what was measured."""
    with serving() as server, browsing() as browser:
        print(f"server answers after {server.started_within_seconds:.1f} s")
        print(f"memory before the first visit {server.memory_mb():.0f} MB")
        visits = [visit(browser, server.url) for _ in range(VISITS)]
        for name in visits[0]:
            later = median(seconds[name] for seconds in visits[1:])
            print(f"{name}: first visit {visits[0][name]:.2f} s, later visits {later:.2f} s")
        print(f"memory after {VISITS} visits to every page {server.memory_mb():.0f} MB")


if __name__ == "__main__":
    main()
