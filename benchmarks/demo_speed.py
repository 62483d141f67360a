"""How long the demo company takes to simulate and load, and how much memory it needs.

Run it alone: ``python benchmarks/demo_speed.py [deals …]``. Each size runs in a process of its
own, so that peak memory is that size's. CPU seconds are printed beside wall seconds: on a shared
machine only they compare.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

SIZES = (2_000, 10_000, 100_000)
ENDS_ON = date(2026, 11, 20)


def measure(deals: int) -> dict[str, float]:
    """Simulate and load one company into a file; return seconds, counts and peak megabytes."""
    from core.crm.demo import DemoOptions, load, simulate
    from core.workspace import Workspace

    clocks = [(time.perf_counter(), time.process_time())]
    company = simulate(DemoOptions(deals=deals, ends_on=ENDS_ON))
    clocks.append((time.perf_counter(), time.process_time()))
    with tempfile.TemporaryDirectory() as folder:
        with Workspace.create(Path(folder) / "demo.duckdb") as workspace:
            load(workspace, company)
            touches = workspace.count("touchpoints")
        clocks.append((time.perf_counter(), time.process_time()))
    (wall_0, cpu_0), (wall_1, cpu_1), (wall_2, cpu_2) = clocks
    return {
        "deals": deals,
        "touches": touches,
        "simulate": wall_1 - wall_0,
        "load": wall_2 - wall_1,
        "cpu": cpu_2 - cpu_0,
        "cpu_simulate": cpu_1 - cpu_0,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main(sizes: tuple[int, ...]) -> None:
    """Print a line for each size."""
    print(f"{os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}")
    print("|   deals |   touches | simulate s | load s | total s | CPU s | peak MB |")
    print("|--------:|----------:|-----------:|-------:|--------:|------:|--------:|")
    for deals in sizes:
        command = [sys.executable, __file__, "--one", str(deals)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        m = json.loads(done.stdout)
        total = m["simulate"] + m["load"]
        print(
            f"| {deals:7,} | {m['touches']:9,} | {m['simulate']:10.2f} | {m['load']:6.2f} |"
            f" {total:7.2f} | {m['cpu']:5.1f} | {m['peak_mb']:7.0f} |"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]))))
    else:
        main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
