"""How fast the pages of attribution answer a change, with 100,000 touches.

    python benchmarks/model_change.py [deals]

Each change is one rerun of the page in this process, without a browser: the script from its first
line to its last, as a click causes it. Processor and wall seconds; the median of several.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import cycle
from pathlib import Path
from statistics import median

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.services import Services  # noqa: E402
from core.crm.demo.options import DemoOptions  # noqa: E402
from core.periods import Preset  # noqa: E402
from core.workspace import Workspace  # noqa: E402

DEALS = 6_400
"""Deals of the demo company that come to about 100,000 touches."""

TIMES = 5
LIT = ("last_touch", "time_decay", "first_touch", "linear")
LOOKBACKS = range(364, 200, -1)
HALF_LIVES = range(8, 100)
COMPARED = (
    "first_touch", "last_touch", "linear", "time_decay", "step_decay", "position_based"
)  # fmt: skip
ADDED = ("w_shaped", "full_path", "j_shaped", "linear_distinct", "inverse_j")


@contextmanager
def company(deals: int) -> Iterator[Services]:
    """Give the services of a demo company of so many deals."""
    with Workspace.in_memory() as workspace:
        services = Services(workspace)
        services.load_demo(DemoOptions(seed=7, deals=deals, ends_on=date(2026, 11, 23)))
        yield services


def opened(services: Services, script: str) -> AppTest:
    """Open a page as a visitor does, for all time."""
    page = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=600)
    page.session_state["app_services"] = services
    page.switch_page(f"../pages/{script}")
    page.session_state["period"] = Preset.ALL_TIME
    return page.run()


def setting(page: AppTest, key: str, values: Iterable[object]) -> Callable[[], None]:
    """Return what sets a widget of the page to the next of some values."""
    remaining = iter(values)

    def change() -> None:
        page.session_state[key] = next(remaining)

    return change


def measured(page: AppTest, change: Callable[[], None]) -> tuple[float, float]:
    """Return the median processor and wall milliseconds of a rerun after a change."""
    processor, wall = [], []
    for _ in range(TIMES):
        change()
        wall_start, start = time.perf_counter(), time.process_time()
        page.run()
        processor.append(1000 * (time.process_time() - start))
        wall.append(1000 * (time.perf_counter() - wall_start))
        if page.exception:
            raise RuntimeError(page.exception[0].value)
    return median(processor), median(wall)


def main() -> None:
    """Print what was measured."""
    with company(int(sys.argv[1]) if len(sys.argv) > 1 else DEALS) as services:
        print(f"{services.coverage().touches:,} touches, {services.coverage().deals:,} deals")
        page = opened(services, "attribution.py")
        compared = [[*COMPARED, added] for added in ADDED]
        fitted = [[*COMPARED, f"markov_{order}"] for order in (1, 2, 3, 4)] + [["markov_1"]]
        changes = {
            "another model lit": setting(page, "model", cycle(LIT)),
            "another model compared": setting(page, "compare", compared),
            "another half-life": setting(page, "half_life", map(float, HALF_LIVES)),
            "another lookback": setting(page, "lookback", LOOKBACKS),
            "markov compared": setting(page, "compare", fitted),
        }
        for name, change in changes.items():
            told(name, *measured(page, change))
        page = opened(services, "journeys.py")
        told("journeys: other steps", *measured(page, setting(page, "steps", (2, 4, 5, 6, 3))))
        told("journeys: a lookback", *measured(page, setting(page, "lookback", LOOKBACKS)))


def told(name: str, processor: float, wall: float) -> None:
    """Print one line."""
    print(f"{name:24} {processor:7.0f} ms processor {wall:7.0f} ms wall")


if __name__ == "__main__":
    main()
