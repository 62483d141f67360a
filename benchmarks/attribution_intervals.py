"""How often account bootstrap intervals hold the share a model converges to.

    python benchmarks/attribution_intervals.py [--runs 200] [--accounts 150]

The truth of an interval is the model's own share on very many accounts of the same kind: intervals
speak of chance, not of whether the model is right.
"""

import argparse
import sys
from pathlib import Path

import narwhals as nw
import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core.attribution.data_driven import Markov, ShapleyTotals  # noqa: E402 - after the path is set
from core.attribution.reductions import (  # noqa: E402
    GROUP,
    chain_of_journeys,
    sets_of_journeys,
)
from core.attribution.uncertainty import (  # noqa: E402
    GroupedSets,
    GroupedTransitions,
    game_intervals,
    markov_intervals,
)
from core.engine import Frame  # noqa: E402

CHANNELS = ("A", "B", "C", "D", "E")
LEVEL = 0.8
MANY = 60_000


def touches(accounts: int, seed: int) -> Frame:
    """Simulate one to three deals an account; accounts differ in taste and in willingness."""
    rng = np.random.default_rng(seed)
    deals = rng.integers(1, 4, accounts)
    account = np.repeat(np.arange(accounts), deals)
    taste = rng.dirichlet(np.array([4.0, 3.0, 2.0, 1.0, 1.0]), accounts).cumsum(axis=1)
    length = np.minimum(rng.geometric(0.3, len(account)), 12)
    deal = np.repeat(np.arange(len(account)), length)
    code = (rng.random(len(deal))[:, None] > taste[account[deal]]).sum(axis=1)
    has_b = np.bincount(deal, weights=code == 1) > 0
    willing = rng.normal(-1.2, 0.6, accounts)[account] + 0.8 * has_b
    won = (rng.random(len(account)) < 1 / (1 + np.exp(-willing))).astype(np.int64)
    frame = pl.DataFrame(
        {
            GROUP: account[deal],
            "deal_key": deal,
            "sequence": np.arange(len(deal)),
            "channel": pl.Series(CHANNELS).gather(np.minimum(code, len(CHANNELS) - 1)),
            "won": won[deal],
            "worth_minor": won[deal] * 100,
        }
    )
    lazy: Frame = nw.from_native(frame.lazy())
    return lazy


def main() -> None:
    """Print the part of intervals that hold the truth, by model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--accounts", type=int, default=150)
    options = parser.parse_args()
    many = touches(MANY, seed=1)
    markov, shapley = Markov(1), ShapleyTotals()
    truth = {
        markov.name: markov.of_chain(chain_of_journeys(many, CHANNELS, 1)).conversions,
        shapley.name: shapley.of_sets(sets_of_journeys(many, CHANNELS)).conversions,
    }
    held = {name: np.zeros(len(CHANNELS)) for name in truth}
    for run in range(options.runs):
        some = touches(options.accounts, seed=100 + run)
        chains = GroupedTransitions.of(some, CHANNELS, 2, options.accounts)
        sets = GroupedSets.of(some, CHANNELS, options.accounts)
        answers = (
            markov_intervals(markov, chains, seed=run, level=LEVEL),
            game_intervals(shapley, sets, seed=run, level=LEVEL),
        )
        for answer in answers:
            share = truth[answer.model] / truth[answer.model].sum()
            low, high = answer.frame["low"].to_numpy(), answer.frame["high"].to_numpy()
            held[answer.model] += (low <= share) & (share <= high)
    for name, count in held.items():
        parts = ", ".join(
            f"{channel} {part:.0%}"
            for channel, part in zip(CHANNELS, count / options.runs, strict=True)
        )
        mean = count.mean() / options.runs
        print(f"{name}: {mean:.1%} of {LEVEL:.0%} intervals hold the truth ({parts})")


if __name__ == "__main__":
    main()
