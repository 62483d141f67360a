"""Kill an import, or an undo, at random moments: the workspace holds the old state or the new one.

Each round imports a file of deals over an older one in a process of its own and kills that process
without warning. Then the workspace is opened and every row must be of one and the same import, and
the history must say the same. With --undo the last import is taken back, or done again, instead.

    python benchmarks/import_kill.py [--rounds 100] [--rows 200000] [--undo]
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

HEADER = "deal_id,name,account,owner,stage,amount,currency,created_at,closed_at,is_won\n"


def write_deals(path: Path, rows: int, amount: int) -> None:
    """Write deals that all have one amount, so that a mixture of two imports shows."""
    line = f"N,A,O,Closed Won,{amount}.00,USD,2025-01-02,2025-03-04,true\n"
    body = "".join(f"D{number},{line}" for number in range(rows))
    path.write_text(HEADER + body, encoding="utf-8")


def import_file(path: Path, workspace_path: Path) -> None:
    """Import one file; say when the work starts, so that the kill falls into it."""
    from core.crm.importing import import_files
    from core.crm.receipts import SourceFile
    from core.workspace import Workspace

    with Workspace.open_or_create(workspace_path) as workspace:
        print("started", flush=True)
        import_files(workspace, [SourceFile(path.name, path.read_bytes())], datetime.now(UTC))


def exchange(workspace_path: Path) -> None:
    """Take the last import back, or do it again when it is undone."""
    from core.snapshots import snapshots
    from core.undo import redo, undo
    from core.workspace import Workspace

    with Workspace.open(workspace_path) as workspace:
        is_undone = snapshots(workspace)[0].is_undone
        print("started", flush=True)
        (redo if is_undone else undo)(workspace)


def command(workspace_path: Path, path: Path | None) -> list[str]:
    """Return the command that imports one file, or undoes, in a process of its own."""
    what = ["--file", str(path)] if path else ["--undo"]
    return [sys.executable, __file__, *what, "--workspace", str(workspace_path)]


def start_and_kill(workspace_path: Path, path: Path | None, seconds: float) -> bool:
    """Start an import or an undo and kill it after some seconds; say whether it was running."""
    process = subprocess.Popen(
        command(workspace_path, path), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    with process:
        if process.stdout:
            process.stdout.readline()
        time.sleep(seconds)
        was_running = process.poll() is None
        process.send_signal(signal.SIGKILL)
    return was_running


def state(workspace_path: Path) -> tuple[int, int, int]:
    """Return rows, amount in cents and number of imports; fail on a mixture."""
    from core.workspace import Workspace

    with Workspace.open(workspace_path) as workspace:
        rows, low, high, imports = workspace.query(
            "SELECT count(*), min(amount_minor), max(amount_minor), count(DISTINCT import_id)"
            " FROM deals"
        ).row(0)
        history = workspace.query("SELECT count(*) FROM imports").item()
    if low != high or imports != 1:
        raise SystemExit(f"a mixture: amounts {low} to {high} of {imports} imports")
    return rows, low, history


def usual_seconds(workspace_path: Path, path: Path | None) -> float:
    """Return how long an import or an undo takes when nobody kills it, start-up included."""
    started = time.perf_counter()
    subprocess.run(command(workspace_path, path), check=True, capture_output=True)
    return time.perf_counter() - started


def kill_imports(folder: Path, rounds: int, rows: int) -> tuple[int, int]:
    """Kill imports; return how many were running and how many left the old state."""
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    workspace_path, file = folder / "kill.duckdb", folder / "deals.csv"
    for amount in (1, 2):  # an update takes longer than a first import
        write_deals(file, rows, amount)
        usual = usual_seconds(workspace_path, file)
    before, kept_old, running = state(workspace_path), 0, 0
    for number in range(3, rounds + 3):
        write_deals(file, rows, number)
        running += start_and_kill(workspace_path, file, chance.uniform(0, usual))
        after = state(workspace_path)
        if after not in (before, (rows, 100 * number, before[2] + 1)):
            raise SystemExit(f"neither old nor new: {before} became {after}")
        kept_old += after == before
        before = after
    return running, kept_old


def kill_undos(folder: Path, rounds: int, rows: int) -> tuple[int, int]:
    """Kill undos, each the reverse of the one before that came through."""
    chance = random.Random(8)  # noqa: S311
    workspace_path, file = folder / "undo.duckdb", folder / "deals.csv"
    states = []
    for amount in (1, 2):
        write_deals(file, rows, amount)
        usual_seconds(workspace_path, file)
        states.append(state(workspace_path))
    usual = usual_seconds(workspace_path, None)
    before, kept_old, running = state(workspace_path), 0, 0
    for _ in range(rounds):
        running += start_and_kill(workspace_path, None, chance.uniform(0, usual))
        after = state(workspace_path)
        if after not in states:
            raise SystemExit(f"neither old nor new: {before} became {after}")
        kept_old += after == before
        before = after
    return running, kept_old


def main() -> int:
    """Run the rounds and print how many left the old state, how many the new."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--undo", action="store_true")
    parser.add_argument("--file", type=Path)
    parser.add_argument("--workspace", type=Path)
    given = parser.parse_args()
    if given.workspace:
        if given.file:
            import_file(given.file, given.workspace)
        else:
            exchange(given.workspace)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        kill = kill_undos if given.undo else kill_imports
        running, kept_old = kill(Path(folder), given.rounds, given.rows)
    print(
        f"{given.rounds} kills, {running} of them during the work: {kept_old} left the old "
        f"state, {given.rounds - kept_old} the new one, 0 a mixture"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
