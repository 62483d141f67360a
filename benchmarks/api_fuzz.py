"""Requests nobody thought of against the running server, with every check schemathesis has.

    python benchmarks/api_fuzz.py

It makes a demo company, serves it as ``python -m app serve`` does, and lets ``schemathesis run``
ask: every example, every boundary of every parameter, generated requests, and chains of them. A key
may ask 5 times a second, so whatever schemathesis sends with the key goes round many; what it sends
without one, or with a wrong one, stays as it is. Ends with 1 where a check failed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.api.keys import KeyFile, KeyScope  # noqa: E402
from tests.live import serving  # noqa: E402

KEYS = 100
LONGEST_SECONDS = 120
"""An answer that takes longer counts as a finding; on a machine that others use they wait too."""
CHANGING = "--include-tag changes --include-tag jobs"
CONFIG = """
hooks = "keys_in_turn"

[checks.positive_data_acceptance]
# Each parameter is allowed, together they are not, which no schema can say (a period that ends
# before it starts); an upload may be no multipart body to the server; there may be no room.
expected-statuses = ["2xx", "401", "404", "409", "415", "422", "429"]
"""
HOOK = """
import itertools
import json
import os
from collections import Counter

import schemathesis
from requests.adapters import HTTPAdapter

SENT = [f"Bearer {key}" for key in os.environ["API_FUZZ_KEYS"].split()]
TURN = itertools.cycle(SENT)
SEEN = Counter()


def send(self, request, **options):
    # On the wire, where no check looks: a key that is swapped earlier would count as made up.
    if request.headers.get("Authorization") in SENT:
        request.headers["Authorization"] = next(TURN)
    return plain(self, request, **options)


plain, HTTPAdapter.send = HTTPAdapter.send, send


@schemathesis.hook
def after_call(context, case, response):
    SEEN[f"{case.operation.label} {int(response.status_code)}"] += 1
    with open(os.environ["API_FUZZ_SEEN"], "w") as out:
        json.dump(SEEN, out)
"""


def prepared(folder: Path, deals: int) -> tuple[Path, list[str]]:
    """Return a workspace of a demo company, and the secrets of keys that may write to it."""
    file = folder / "demo.duckdb"
    demo = [sys.executable, "-m", "app", "demo", "--out", str(file), "--deals", str(deals)]
    subprocess.run([*demo, "--ends-on", "2026-11-20"], cwd=ROOT, check=True, capture_output=True)
    keys = KeyFile.beside(file)
    now = datetime.now(UTC)
    return file, [keys.add("Fuzz", now, KeyScope.WRITE)[1] for _ in range(KEYS)]


def ask(url: str, secrets: list[str], folder: Path, examples: int) -> tuple[int, Counter[str]]:
    """Let schemathesis ask, and return how it ended and what was answered."""
    (folder / "keys_in_turn.py").write_text(HOOK, encoding="utf-8")
    (folder / "schemathesis.toml").write_text(CONFIG, encoding="utf-8")
    seen = folder / "seen.json"
    environment = {
        **os.environ,
        "API_FUZZ_KEYS": " ".join(secrets),
        "API_FUZZ_SEEN": str(seen),
        "PYTHONPATH": str(folder),
    }
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run", f"{url}/api/openapi.json",
        "--header", f"Authorization: Bearer {secrets[0]}",
        "--checks", "all",
        "--max-examples", str(examples),
        "--seed", "7",
        "--request-timeout", str(LONGEST_SECONDS),
        "--max-response-time", str(LONGEST_SECONDS),
        "--continue-on-failure",
        "--no-color",
    ]  # fmt: skip
    ended, answered = 0, Counter[str]()
    # Reading first: an import of theirs takes the place of the demo company.
    for part in (CHANGING.replace("include", "exclude"), CHANGING):
        run = subprocess.run([*command, *part.split()], cwd=folder, env=environment, check=False)
        ended = max(ended, run.returncode)
        answered += Counter(json.loads(seen.read_text(encoding="utf-8")))
    return ended, answered


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=12, help="Generated requests an endpoint.")
    parser.add_argument("--deals", type=int, default=40)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file, secrets = prepared(folder, chosen.deals)
        begun = time.monotonic()
        with serving(PLUMBLINE_WORKSPACE=str(file)) as server:
            ended, seen = ask(server.url, secrets, folder, chosen.examples)
            used, memory = server.cpu_seconds(), server.memory_mb()
        took = time.monotonic() - begun
    show(seen)
    print(f"{seen.total()} requests, {took:.0f} s, {used:.0f} s of CPU and {memory:.0f} MB")
    return ended


def show(seen: Counter[str]) -> None:
    """Print how often every operation was answered with which status."""
    by_operation: dict[str, Counter[str]] = {}
    for answered, count in seen.items():
        operation, _, status = answered.rpartition(" ")
        by_operation.setdefault(operation, Counter())[status] += count
    for operation, statuses in by_operation.items():
        print(f"{operation:30} {statuses.total():5}  {dict(sorted(statuses.items()))}")
    statuses = sum(by_operation.values(), Counter())
    print(f"{'all':30} {statuses.total():5}  {dict(sorted(statuses.items()))}")


if __name__ == "__main__":
    sys.exit(main())
