"""How fast the pages answer and what memory they hold, with a real server and browser.

    python benchmarks/pages.py

Measured: seconds until the server answers, until each page shows its last element on a first and
on a second visit, until a changed filter shows, and the server's memory after every page. The
forecast is also opened cold, on a server that has had no time to work it out ahead, and as of a
date nobody asked about before.
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
    "pipeline": "[data-testid=stExpander]",
    "forecast": "[data-testid=stExpander]",
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
    page.goto(f"{url}/forecast")
    page.locator(LAST_SHOWN["forecast"]).last.wait_for()
    begun = time.perf_counter()
    page.get_by_role("radio", name="Cautious", exact=True).click()
    page.get_by_text(", cautious").first.wait_for()
    seconds["play another scenario"] = time.perf_counter() - begun
    begun = time.perf_counter()
    page.get_by_role("radio", name="Month", exact=True).click()
    page.get_by_text("by month, pipeline and series blended").wait_for()
    seconds["forecast by month"] = time.perf_counter() - begun
    context.close()
    return seconds


def cold_forecast(browser: Browser) -> None:
    """Open the forecast as the first thing on a new server, then as of an earlier date."""
    with serving() as server:
        page = browser.new_context(viewport=VIEWPORT).new_page()
        for name, path in (("today", "forecast"), ("replayed", "forecast?as_of=2026-05-15")):
            begun, used = time.perf_counter(), server.cpu_seconds()
            page.goto(f"{server.url}/{path}")
            page.locator(LAST_SHOWN["forecast"]).last.wait_for()
            took, cpu = time.perf_counter() - begun, server.cpu_seconds() - used
            print(f"forecast, cold, {name}: {took:.2f} s, {cpu:.2f} s of the server's processor")
        page.context.close()


def main() -> None:
    """Print what was measured."""
    with browsing() as browser:
        cold_forecast(browser)
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
