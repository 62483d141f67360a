"""How long the demo company's full report takes, and how large it is.

    python benchmarks/report.py [deals]

Cold is the first report of a process, whose forecast replays the past, and `python -m app report`,
which starts a companion beside it; warm has the answers that take seconds at hand, as the Report
page does after the Forecast page. Wall seconds, and processor seconds of all processes.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.deal_services import DealQuestion  # noqa: E402
from app.heavy_answers import HeavyAnswers  # noqa: E402
from app.report_question import ReportQuestion  # noqa: E402
from app.report_services import ReportServices  # noqa: E402
from app.services import Services  # noqa: E402
from core.crm.demo.options import DemoOptions  # noqa: E402
from core.reports.pdf import to_pdf  # noqa: E402
from core.workspace import Workspace  # noqa: E402

LAST_DAY = date(2026, 11, 22)
REPEATS = 5


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return wall and processor seconds of a piece of work, with the processes it waits for."""
    wall, cpu = time.perf_counter(), _processor()
    work()
    return time.perf_counter() - wall, _processor() - cpu


def _processor() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def command_line(folder: Path, deals: int) -> list[tuple[float, float]]:
    """Return what the command takes, each time in a process of its own."""
    file = folder / "company.duckdb"
    with closing(Services(Workspace.create(file))) as services:
        services.load_demo(DemoOptions(seed=7, deals=deals, ends_on=LAST_DAY))
    command = [sys.executable, "-m", "app", "report", "--workspace", str(file)]
    command += ["--out", str(folder / "report.pdf")]

    def run() -> None:
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)

    return [timed(run) for _ in range(REPEATS)]


def main() -> None:
    """Measure asking and drawing, cold and warm."""
    deals = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    with TemporaryDirectory() as folder:
        commanded = command_line(Path(folder), deals)
    services = Services(Workspace.in_memory())
    services.load_demo(DemoOptions(seed=7, deals=deals, ends_on=LAST_DAY))
    question = ReportQuestion()
    wall, cpu = timed(lambda: services.reports.pdf(question))
    print(f"cold, in one process: {wall:.2f} s, processor {cpu:.2f} s")
    asked = services.deals.forecast_question(DealQuestion("EUR"))
    outlook = services.forecasting.outlook(asked)
    scores = services.deals.scored(DealQuestion("EUR"))
    warm = ReportServices(services, HeavyAnswers(lambda _: outlook, lambda _: scores))
    asking = [timed(lambda: warm.report(question)) for _ in range(REPEATS)]
    report = warm.report(question)
    drawing = [timed(lambda: to_pdf(report)) for _ in range(REPEATS)]
    whole = [timed(lambda: warm.pdf(question)) for _ in range(REPEATS)]
    measured = {
        "cold, the command": commanded,
        "warm, asking": asking,
        "warm, drawing": drawing,
        "warm, both, as it is made": whole,
    }
    for name, runs in measured.items():
        walls, cpus = (median(run[place] for run in runs) for place in (0, 1))
        print(f"{name}: {walls:.2f} s, processor {cpus:.2f} s, median of {REPEATS}")
    document = to_pdf(report)
    print(f"document: {len(document) / 1000:.0f} kB; the same twice: {document == to_pdf(report)}")


if __name__ == "__main__":
    main()
