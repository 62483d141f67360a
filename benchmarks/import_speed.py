"""How long a million touchpoints take to import, and DuckDB merely to read and sort them.

The bar: at most three times DuckDB's own all-text read of the same file plus a sort of it, under
1 GB of memory. Each side runs in a process of its own, on the same machine, in turns.

    python benchmarks/import_speed.py [--rows 1000000] [--rounds 3]
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

TIMES_BAR = 3.0
MEMORY_BAR_MB = 1024
CHANNELS = ("Paid search", "Organic search", "Outbound", "Events", "Email", "Webinar", "Direct")


def write_touchpoints(path: Path, rows: int) -> None:
    """Write a template file with as many touches, in random order of time."""
    chance = random.Random(7)  # noqa: S311 - a data set, not a secret
    start = datetime(2024, 1, 1, tzinfo=UTC)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("touch_id,deal_id,contact,channel,campaign,occurred_at,cost\n")
        for number in range(rows):
            moment = start + timedelta(seconds=chance.randrange(63_000_000))
            file.write(
                f"T{number:08},D{chance.randrange(rows // 10):06},"
                f"C{chance.randrange(rows // 4):06},"
                f"{chance.choice(CHANNELS)},Campaign {chance.randrange(40)},"
                f"{moment:%Y-%m-%d %H:%M:%S},{chance.randrange(5_000) / 100:.2f}\n"
            )


def read_and_sort(path: Path) -> float:
    """Return the seconds DuckDB takes to read the file as text into a table and sort it."""
    import duckdb

    started = time.perf_counter()
    connection = duckdb.connect(config={"threads": "2"})
    connection.execute(
        "CREATE TABLE read AS SELECT * FROM read_csv($path, all_varchar = true)",
        {"path": str(path)},
    )
    connection.execute("CREATE TABLE sorted AS SELECT * FROM read ORDER BY deal_id, occurred_at")
    return time.perf_counter() - started


def import_file(path: Path) -> float:
    """Return the seconds the product takes to store the file in a workspace on disk."""
    from core.crm.importing import import_files
    from core.crm.receipts import SourceFile
    from core.workspace import Workspace

    with (
        tempfile.TemporaryDirectory() as folder,
        Workspace.create(Path(folder) / "speed.duckdb") as workspace,
    ):
        started = time.perf_counter()
        source = SourceFile(path.name, path.read_bytes())
        (receipt,) = import_files(workspace, [source], datetime.now(UTC))
        seconds = time.perf_counter() - started
        stored = workspace.count("touchpoints")
    if not receipt.rows_in == receipt.loaded == stored:
        raise SystemExit(f"rows in {receipt.rows_in}, loaded {receipt.loaded}, stored {stored}")
    return seconds


def measured(side: str, path: Path) -> dict[str, float]:
    """Run one side in a process of its own; return its seconds and peak memory in MB."""
    command = [sys.executable, __file__, "--side", side, "--file", str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> int:
    """Print each round and the verdict; exit 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--side", choices=("duckdb", "import"))
    parser.add_argument("--file", type=Path)
    given = parser.parse_args()
    if given.side:
        seconds = (read_and_sort if given.side == "duckdb" else import_file)(given.file)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "memory_mb": memory}))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "touchpoints.csv"
        write_touchpoints(path, given.rows)
        print(f"{given.rows:,} touchpoints, {path.stat().st_size / 1e6:.0f} MB")
        rounds = [(measured("duckdb", path), measured("import", path)) for _ in range(given.rounds)]
    for theirs, ours in rounds:
        print(
            f"DuckDB read and sort {theirs['seconds']:.2f} s; import {ours['seconds']:.2f} s, "
            f"{ours['memory_mb']:.0f} MB; {ours['seconds'] / theirs['seconds']:.2f} times"
        )
    times = min(o["seconds"] for _, o in rounds) / min(t["seconds"] for t, _ in rounds)
    memory = max(ours["memory_mb"] for _, ours in rounds)
    is_met = times <= TIMES_BAR and memory < MEMORY_BAR_MB
    print(f"best against best: {times:.2f} times (bar {TIMES_BAR}), {memory:.0f} MB: ", end="")
    print("met" if is_met else "missed")
    return 0 if is_met else 1


if __name__ == "__main__":
    raise SystemExit(main())
