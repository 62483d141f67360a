"""Processor time a page's own run takes, without server and browser.

    python benchmarks/page_runs.py

Each page runs in a process of its own on the demo company: cold (nothing imported, nothing
answered before), as of a day nobody asked about, warm, and after a slider moved. Processor seconds
of the server's process, so that a busy machine measures the same as a quiet one, nearly; what a
companion works beside it is not in them. ``PLUMBLINE_SECOND_PROCESS=no`` has it all in one.
"""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

PAGES = ("overview", "attribution", "pipeline", "forecast")
WARM_RUNS = 10
ENDS_ON = date(2026, 11, 23)


def seconds_of(run: Callable[[], AppTest]) -> float:
    """Return the processor seconds a run takes; a page that fails is no measurement."""
    begun = time.process_time()
    if run().exception:
        raise RuntimeError("the page failed")
    return time.process_time() - begun


def measure(page: str) -> None:
    """Print what one page takes, in this process."""
    from streamlit.testing.v1 import AppTest

    from app.services import Services
    from core.crm import demo
    from core.crm.demo.options import DemoOptions
    from core.settings import Settings
    from core.workspace import Workspace

    workspace = Workspace.in_memory(Settings())
    demo.load(workspace, demo.simulate(DemoOptions(ends_on=ENDS_ON)))
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=120)
    app.session_state["app_services"] = Services(workspace)
    if page != "overview":
        app.switch_page(f"../pages/{page}.py")
    taken = {"cold": seconds_of(app.run)}
    taken["warm"] = median(seconds_of(app.run) for _ in range(WARM_RUNS))
    if page == "forecast":
        slider = app.slider(key="app_scenario_win_rate")
        taken["slider moved"] = seconds_of(slider.set_value(15).run)
        taken["by month"] = seconds_of(app.button_group[0].set_value("month").run)
        day = app.date_input(key="as_of").set_value(date(2026, 5, 15))
        taken["replayed as of May"] = seconds_of(day.run)
    print(page, ", ".join(f"{name} {seconds:.2f} s" for name, seconds in taken.items()))


def main() -> None:
    """Measure every page in a process of its own, or the one named."""
    if len(sys.argv) > 1:
        measure(sys.argv[1])
        return
    for page in PAGES:
        subprocess.run([sys.executable, __file__, page], check=True)


if __name__ == "__main__":
    main()
