"""How often shuffled outcomes are taken for a signal, and how often a real effect is found.

    python benchmarks/attribution_signal.py [--runs 500]

Each run simulates journeys over five channels, of which one changes the chance of a conversion or
none does, and tests the models for a signal.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.attribution.chains import chain_of  # noqa: E402 - after the path is set
from core.attribution.data_driven import ShapleyRate, ShapleyTotals  # noqa: E402
from core.attribution.paths import PathCounts  # noqa: E402
from core.attribution.signal import game_signal, markov_signal  # noqa: E402

MODELS = ("markov_1", "markov_2", "shapley", "shapley_rate")
RATE = 0.2


def journeys(rate_with_b: float, count: int, seed: int) -> PathCounts:
    """Simulate journeys in which meeting channel B makes the conversion rate another one."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(count):
        path = tuple(rng.choice(list("ABCDE"), size=rng.geometric(0.35)))
        won = float(rng.random() < (rate_with_b if "B" in path else RATE))
        rows.append((path, won, None, 1 - won))
    return PathCounts.from_rows(rows)


def found(counts: PathCounts, seed: int) -> list[bool]:
    """Tell for each model whether it sees a signal."""
    sets = counts.channel_sets()
    return [
        markov_signal(chain_of(counts, 1), seed).found,
        markov_signal(chain_of(counts, 2), seed).found,
        game_signal(ShapleyTotals(), sets, seed).found,
        game_signal(ShapleyRate(), sets, seed).found,
    ]


def main() -> None:
    """Print a table: part of runs with a signal, by size of the effect and number of journeys."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    runs = parser.parse_args().runs
    print("| journeys | rate with B (else 0.20) | " + " | ".join(MODELS) + " |")
    print("|---" * (len(MODELS) + 2) + "|")
    for count in (200, 1_000):
        for rate in (0.20, 0.30, 0.40):
            counted = np.zeros(len(MODELS))
            for run in range(runs):
                counted += found(journeys(rate, count, seed=run), seed=100_000 + run)
            cells = " | ".join(f"{part:.1%}" for part in counted / runs)
            print(f"| {count} | {rate:.2f} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
