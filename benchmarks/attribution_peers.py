"""Attribution of one million path rows: this project and its installed peers in one run.

Each product runs in a process of its own and reports the CPU seconds of all its threads. The peers
get a data frame that is already in memory; this project reads and checks the file itself.

    python benchmarks/attribution_peers.py --peers-python PATH [--rows 1000000]

PATH is the interpreter of an environment with ChannelAttribution and marketing-attribution-models,
which need not be installed beside the product.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

ROOT = Path(__file__).resolve().parent.parent
Result = TypeVar("Result")
CHANNELS = 10
POOL = 60_000
SEED = 7


def write_paths(file: Path, rows: int) -> None:
    """Write one journey a row: paths drawn from a pool by a Zipf law, about four touches each."""
    import numpy as np

    rng = np.random.default_rng(SEED)
    weight = 1 / np.arange(1, CHANNELS + 1) ** 0.8
    pool = [
        " > ".join(
            f"Channel {code}" for code in rng.choice(CHANNELS, size=size, p=weight / weight.sum())
        )
        for size in np.minimum(rng.geometric(0.25, POOL), 15)
    ]
    chance = 1 / np.arange(1, POOL + 1) ** 0.9
    picks = rng.choice(POOL, size=rows, p=chance / chance.sum())
    won = rng.random(rows) < 0.1
    value = np.where(won, np.round(rng.lognormal(8, 1, rows), 2), 0.0)
    with file.open("w") as out:
        out.write("path,total_conversions,total_conversion_value,total_null\n")
        for pick, one, worth in zip(picks, won, value, strict=True):
            out.write(f"{pool[pick]},{int(one)},{worth},{int(not one)}\n")


class Stopwatch:
    """CPU and wall seconds of named steps in this process."""

    def __init__(self) -> None:
        self.steps: dict[str, dict[str, float]] = {}

    def run(self, name: str, work: Callable[[], Result]) -> Result:
        """Do the work and remember what it took."""
        cpu, wall = time.process_time(), time.perf_counter()
        result = work()
        self.steps[name] = {
            "cpu": time.process_time() - cpu,
            "wall": time.perf_counter() - wall,
        }
        return result


def plumbline(file: Path, watch: Stopwatch) -> dict[str, float]:
    """Read, check and attribute with this project."""
    sys.path.insert(0, str(ROOT))
    from core.attribution.path_attribution import attribute_paths
    from core.attribution.path_files import read_path_file

    counts = watch.run("read", lambda: read_path_file(file.read_bytes()).counts)
    watch.run("rules", lambda: attribute_paths(counts, ["first_touch", "last_touch", "linear"]))
    markov = watch.run("markov_1", lambda: attribute_paths(counts, ["markov_1"]))
    watch.run("shapley", lambda: attribute_paths(counts, ["shapley"]))
    return dict(markov.frame.select("channel", "conversions").iter_rows())


def channel_attribution(file: Path, watch: Stopwatch) -> dict[str, float]:
    """ChannelAttribution: three rules and a simulated Markov model; it has no Shapley."""
    import pandas as pd
    from ChannelAttribution import heuristic_models, markov_model

    data = pd.read_csv(file)
    names = {"var_path": "path", "var_conv": "total_conversions", "flg_pro": False}
    value = {"var_value": "total_conversion_value"}
    watch.run("rules", lambda: heuristic_models(data, **names, **value))
    result = watch.run(
        "markov_1",
        lambda: markov_model(data, **names, **value, var_null="total_null", verbose=False),
    )
    return dict(zip(result["channel_name"], result["total_conversions"], strict=True))


def nova_mam(file: Path, watch: Stopwatch) -> dict[str, float]:
    """marketing-attribution-models 2: rules, Markov and Shapley by exact channel set."""
    import polars as pl
    from mam.core import MAM

    data = pl.read_csv(file).select(
        "path", conversion=pl.col("total_conversions") == 1, occurrences=pl.lit(1)
    )
    mam = watch.run(
        "read",
        lambda: MAM(
            df=data,
            format_type="grouped_journey",
            channels_colname="path",
            journey_with_conv_colname="conversion",
            occurrences_colname="occurrences",
        ),
    )
    watch.run("rules", lambda: (mam.run_first_click(), mam.run_last_click(), mam.run_linear()))
    markov = watch.run("markov_1", mam.run_markov)
    watch.run("shapley", lambda: mam.run_shapley(max_size=None))
    name, credit = markov.to_polars().columns[:2]
    return dict(markov.to_polars().select(name, credit).iter_rows())


PRODUCTS = {
    "plumbline": plumbline,
    "ChannelAttribution": channel_attribution,
    "marketing-attribution-models": nova_mam,
}


def run_one(product: str, file: Path) -> None:
    """Run one product in this process and print what it took as JSON."""
    watch = Stopwatch()
    started = time.process_time()
    credit = PRODUCTS[product](file, watch)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer = {
        "steps": watch.steps,
        "markov_1": credit,
        "peak_mb": peak,
        "process_cpu": time.process_time() - started,
    }
    sys.stdout.write("\n" + json.dumps(answer) + "\n")


def measured(python: str, product: str, file: Path) -> dict[str, Any] | None:
    """Run one product in a process of its own; None where it is not installed."""
    done = subprocess.run(
        [python, __file__, "--product", product, "--file", str(file)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "MPLBACKEND": "Agg"},
    )
    if "ModuleNotFoundError" in done.stderr:
        print(f"{product} is not installed there and left out; --peers-python names another place.")
        return None
    if done.returncode:
        raise SystemExit(f"{product} failed:\n{done.stderr[-2000:]}")
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def main() -> None:
    """Compare the products and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers-python", default=sys.executable)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--product", choices=PRODUCTS)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.product:
        run_one(options.product, options.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paths.csv"
        write_paths(file, options.rows)
        answers = {
            product: measured(
                sys.executable if product == "plumbline" else options.peers_python, product, file
            )
            for product in PRODUCTS
        }
    report({product: answer for product, answer in answers.items() if answer is not None})


def report(answers: dict[str, dict[str, Any]]) -> None:
    """Print CPU seconds by step, memory, and how far each Markov answer is from the exact one."""
    steps = ("read", "rules", "markov_1", "shapley")
    exact = answers["plumbline"]["markov_1"]
    print("| product | " + " | ".join(steps) + " | sum | peak MB | Markov 1, largest difference |")
    print("|---" * (len(steps) + 4) + "|")
    for product, answer in answers.items():
        cpu = [answer["steps"].get(step, {}).get("cpu") for step in steps]
        credit = answer["markov_1"]
        off = max(abs(credit[name] / exact[name] - 1) for name in exact)
        cells = ["-" if seconds is None else f"{seconds:.2f}" for seconds in cpu]
        total = sum(seconds for seconds in cpu if seconds is not None)
        peak = f"{answer['peak_mb']:.0f}"
        print(f"| {product} | {' | '.join(cells)} | {total:.2f} | {peak} | {off:.2%} |")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, CPU seconds")


if __name__ == "__main__":
    main()
