"""How long the demo company's full report takes, and how large it is.

    python benchmarks/report.py [deals]

Cold is the first report of a process, whose forecast replays the past; warm has the answers that
take seconds at hand, as the Report page does after the Forecast page. Wall and processor seconds.
"""

import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

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
    """Return wall and processor seconds of a piece of work."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    """Measure asking and drawing, cold and warm."""
    deals = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    services = Services(Workspace.in_memory())
    services.load_demo(DemoOptions(seed=7, deals=deals, ends_on=LAST_DAY))
    question = ReportQuestion()
    wall, cpu = timed(lambda: services.reports.pdf(question))
    print(f"cold: {wall:.2f} s, processor {cpu:.2f} s")
    asked = services.deals.forecast_question(DealQuestion("EUR"))
    outlook = services.forecasting.outlook(asked)
    scores = services.deals.scored(DealQuestion("EUR"))
    warm = ReportServices(services, HeavyAnswers(lambda _: outlook, lambda _: scores))
    asking = [timed(lambda: warm.report(question)) for _ in range(REPEATS)]
    report = warm.report(question)
    drawing = [timed(lambda: to_pdf(report)) for _ in range(REPEATS)]
    whole = [timed(lambda: warm.pdf(question)) for _ in range(REPEATS)]
    for name, runs in (("asking", asking), ("drawing", drawing), ("both, as it is made", whole)):
        walls, cpus = (median(run[place] for run in runs) for place in (0, 1))
        print(f"warm, {name}: {walls:.2f} s, processor {cpus:.2f} s, median of {REPEATS}")
    document = to_pdf(report)
    print(f"document: {len(document) / 1000:.0f} kB; the same twice: {document == to_pdf(report)}")


if __name__ == "__main__":
    main()
