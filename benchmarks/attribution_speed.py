"""Time models against numbering the touches of each deal, and peak memory.

    python benchmarks/attribution_speed.py [DEALS]

Makes a workspace file in a temporary folder: 4.48 touches a deal (11.2 million for the 2.5
million deals of the target), every other deal with a contact role, and prints processor and wall
seconds, best of three. Processor time is what to compare on a busy machine.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from core.attribution.credit import attribute  # noqa: E402
from core.attribution.data_driven import PATH_MODELS  # noqa: E402
from core.attribution.results import Question  # noqa: E402
from core.attribution.rules.registry import RULES  # noqa: E402
from core.engine import open_engine  # noqa: E402
from core.scope import Scope  # noqa: E402
from core.settings import Settings  # noqa: E402
from core.workspace import Workspace  # noqa: E402

TOUCHES_A_DEAL = 4.48
NUMBERING = """
SELECT sum(n) FROM (
    SELECT row_number() OVER (PARTITION BY deal_id ORDER BY occurred_at_epoch, touch_id) AS n
    FROM touchpoints
)
"""
ASKED = {
    "five rules": ("first_touch", "last_touch", "linear", "time_decay", "position_based"),
    "all rules": tuple(RULES),
    "data-driven models": tuple(PATH_MODELS),
}

_ACCOUNTS = """
INSERT INTO accounts BY NAME
SELECT 'A' || i AS account_id, 'Company ' || i AS name FROM range({accounts}) r(i)
"""
_CONTACTS = """
INSERT INTO contacts BY NAME
SELECT
    'C' || i AS contact_id, 'A' || (i % {accounts}) AS account_id,
    make_timestamp(1672531200000000) AS created_at, 1672531200 AS created_at_epoch,
    false AS created_at_is_date
FROM range({deals}) r(i)
"""
_DEALS = """
INSERT INTO deals BY NAME
WITH numbered AS (
    SELECT
        i, 1672531200 + i % 300 * 86400 AS created, 1672531200 + (i % 300 + 90) * 86400 AS closed,
        (100 + hash(i) % 1000000)::BIGINT AS minor
    FROM range({deals}) r(i)
)
SELECT
    'D' || i AS deal_id, 'A' || (i % {accounts}) AS account_id, 'O' || (i % 50) AS owner_id,
    minor / 100 AS amount, minor AS amount_minor, 'EUR' AS currency, true AS is_won,
    make_timestamp(created * 1000000) AS created_at, created AS created_at_epoch,
    false AS created_at_is_date, make_timestamp(closed * 1000000) AS closed_at,
    closed AS closed_at_epoch, false AS closed_at_is_date
FROM numbered
"""
_ROLES = """
INSERT INTO deal_contacts BY NAME
SELECT 'D' || i AS deal_id, 'C' || i AS contact_id FROM range({deals}) r(i) WHERE i % 2 = 0
"""
_TOUCHES = """
INSERT INTO touchpoints BY NAME
WITH drawn AS (
    SELECT i, (hash(i * 7 + 1) % {deals})::BIGINT AS d FROM range({touches}) r(i)
), placed AS (
    SELECT i, d, 1672531200 + (d % 300 + 90) * 86400 - (hash(i * 3) % 15552000)::BIGINT AS moment
    FROM drawn
)
SELECT
    'T' || i AS touch_id, make_timestamp(moment * 1000000) AS occurred_at,
    moment AS occurred_at_epoch,
    false AS occurred_at_is_date, 'Channel ' || (hash(i * 5) % 10) AS channel,
    'Campaign ' || (hash(i * 11) % 40) AS campaign, 'click' AS kind,
    'C' || d AS contact_id, 'D' || d AS deal_id
FROM placed
"""


def fill(workspace: Workspace, deals: int) -> None:
    """Draw the company."""
    numbers = {
        "deals": deals,
        "accounts": max(1, deals // 5),
        "touches": int(deals * TOUCHES_A_DEAL),
    }
    with workspace.transaction() as cursor:
        for statement in (_ACCOUNTS, _CONTACTS, _DEALS, _ROLES, _TOUCHES):
            cursor.execute(statement.format(**numbers))


def best(task: Callable[[], object], times: int = 3) -> tuple[float, float]:
    """Return the least processor and wall seconds a task took."""
    processor, wall = [], []
    for _ in range(times):
        wall_start, start = time.perf_counter(), time.process_time()
        task()
        processor.append(time.process_time() - start)
        wall.append(time.perf_counter() - wall_start)
    return min(processor), min(wall)


def main() -> None:
    """Print the table of benchmarks/README-attribution.md."""
    deals = int(sys.argv[1]) if len(sys.argv) > 1 else 2_500_000
    with tempfile.TemporaryDirectory() as folder:
        limits = Settings(memory_limit_mb=1500)
        with Workspace.create(Path(folder) / "w.duckdb", limits) as workspace:
            filling = best(lambda: fill(workspace, deals), times=1)
            print(
                f"fill and derive     {filling[0]:7.2f} s processor {filling[1]:7.2f} s wall",
                flush=True,
            )
            numbering = best(lambda: workspace.query(NUMBERING))
            print(f"number the touches  {numbering[0]:7.2f} s processor {numbering[1]:7.2f} s wall")
            print(f"peak memory so far  {peak_mb():7.0f} MB", flush=True)
            for label, models in ASKED.items():
                question = Question(Scope("EUR"), models)
                took = best(
                    lambda asked=question: attribute(open_engine(workspace), asked, "benchmark")
                )
                ratio = took[0] / numbering[0]
                print(f"{label:19} {took[0]:7.2f} s processor {took[1]:7.2f} s wall {ratio:5.1f} x")
                print(f"peak memory so far  {peak_mb():7.0f} MB", flush=True)


def peak_mb() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
