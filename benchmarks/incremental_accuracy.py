"""Measure the incremental model against truth on simulated companies, its intervals included.

Run: python benchmarks/incremental_accuracy.py [--deals N] [--seeds 1,2]
[--scenarios a,b] [--rows N]; a scenario that starts with lab_ is one of the laboratory.

Two worlds: the demo simulator, read through the engine as any workspace is, and a laboratory
written independently of it (`benchmarks/incremental_lab.py`). Truth is always a replay of the
same random numbers without a channel.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import incremental_lab as lab
from core.attribution.incremental.journeys import Journeys, read_journeys
from core.attribution.incremental.model import attribute_incremental
from core.attribution.incremental.results import IncrementalResult, IncrementalSettings
from core.attribution.incremental.source import load_journeys
from core.attribution.results import JourneySettings
from core.crm.demo.company import load, simulate
from core.crm.demo.options import DemoOptions
from core.engine import open_engine
from core.schema import UNATTRIBUTED
from core.workspace import Workspace

ENDS_ON = date(2026, 11, 20)
PLAIN = [
    f"{family}{confounded}{harvest}"
    for family in ("additive", "multiplicative", "saturating")
    for confounded in ("", "_confounded")
    for harvest in ("", "_harvest")
]


@dataclass(frozen=True)
class Truth:
    """What replay found: deals and revenue lost without each channel, and without any."""

    deals: int
    revenue: float
    deals_alone: int
    revenue_alone: float
    deals_without: dict[str, int]
    revenue_without: dict[str, float]

    def shares(self) -> dict[str, float]:
        """Return shares of won revenue: nobody's, and the rest split as single removals say."""
        alone = self.revenue_alone / self.revenue
        single = sum(self.revenue_without.values())
        parts = {n: (1 - alone) * v / single for n, v in self.revenue_without.items() if single}
        return {**parts, UNATTRIBUTED: alone}


@dataclass(frozen=True)
class Case:
    """One company to be judged on."""

    name: str
    confounded: bool
    journeys: Journeys
    last_day: float
    truth: Truth


def demo_case(scenario: str, seed: int, deals: int) -> Case:
    """Return a company of the demo simulator, read as a workspace is."""
    company = simulate(DemoOptions(ends_on=ENDS_ON, seed=seed, deals=deals, scenario=scenario))
    midnight = datetime.combine(ENDS_ON + timedelta(days=1), datetime.min.time(), UTC)
    as_of = int(midnight.timestamp())
    with Workspace.in_memory() as workspace:
        load(workspace, company)
        journeys = load_journeys(open_engine(workspace), "EUR", JourneySettings(), as_of)
    told = company.truth
    names = told.channels["channel"].to_list()
    truth = Truth(
        told.won_deals,
        told.won_revenue_minor,
        told.untouched_deals,
        told.untouched_revenue_minor,
        dict(zip(names, told.channels["incremental_deals"], strict=True)),
        dict(zip(names, told.channels["incremental_revenue_minor"], strict=True)),
    )
    confounded = company.options.world.confounded
    return Case(f"demo {scenario} seed {seed}", confounded, journeys, as_of / 86_400, truth)


def lab_case(plan: lab.Plan) -> Case:
    """Return a company of the independent laboratory."""
    company = lab.simulate(plan)
    journeys = read_journeys(company.deals, company.touches, company.ends_epoch)
    truth = Truth(
        company.deals_won,
        company.revenue,
        company.deals_alone,
        company.revenue_alone,
        company.deals_without,
        company.revenue_without,
    )
    reach = "_confounded" if plan.confounded else ""
    name = f"lab {plan.family}{reach} seed {plan.seed}"
    return Case(name, plan.confounded, journeys, company.ends_epoch / 86_400, truth)


@dataclass(frozen=True)
class Score:
    """How far an answer is from the truth, and how often its intervals hold it."""

    of_won: float
    among_channels: float
    alone: tuple[float, float]
    covered: dict[str, list[bool]]


def score(result: IncrementalResult, truth: Truth) -> Score:
    """Compare an answer with the replay."""
    rows = {row["channel"]: row for row in result.channels.iter_rows(named=True)}
    told = truth.shares()
    mine = {name: rows[name]["share"] if name in rows else 0.0 for name in told}
    channels = [name for name in told if name != UNATTRIBUTED]
    caused, found = (sum(part[n] for n in channels) or 1.0 for part in (told, mine))
    return Score(
        of_won=0.5 * sum(abs(told[n] - mine[n]) for n in told),
        among_channels=0.5 * sum(abs(told[n] / caused - mine[n] / found) for n in channels),
        alone=(told[UNATTRIBUTED], mine[UNATTRIBUTED]),
        covered=_covered(rows, truth),
    )


def _covered(rows: dict[str, dict[str, float]], truth: Truth) -> dict[str, list[bool]]:
    found: dict[str, list[bool]] = {"working": [], "idle": [], "alone": []}
    for name, deals in truth.deals_without.items():
        if name in rows:
            row = rows[name]
            inside = row["deals_without_low"] <= deals <= row["deals_without_high"]
            found["working" if deals else "idle"].append(inside)
    nobody = rows[UNATTRIBUTED]
    alone = truth.revenue_alone / truth.revenue
    found["alone"].append(nobody["share_low"] <= alone <= nobody["share_high"])
    return found


def cases(arguments: argparse.Namespace) -> Iterator[Case]:
    """Yield the companies asked for."""
    for seed in arguments.seeds.split(","):
        for scenario in arguments.scenarios.split(","):
            if scenario.startswith("lab_"):
                family, _, reach = scenario.removeprefix("lab_").partition("_")
                yield lab_case(lab.Plan(family, bool(reach), arguments.deals, int(seed)))
            elif scenario:
                yield demo_case(scenario, int(seed), arguments.deals)


def main() -> None:
    """Print one line a company and the averages."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--deals", type=int, default=3_000)
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--rows", type=int, default=20_000)
    labs = [f"lab_{f}{r}" for f in lab.FAMILIES for r in ("", "_confounded")]
    parser.add_argument("--scenarios", default=",".join([*PLAIN, *labs]))
    arguments = parser.parse_args()
    settings = IncrementalSettings(resamples=100, most_rows=arguments.rows)
    kept: list[tuple[Case, Score]] = []
    for case in cases(arguments):
        began = time.process_time()
        result = attribute_incremental(case.journeys, case.last_day, settings)
        seconds = time.process_time() - began
        one = score(result, case.truth)
        kept.append((case, one))
        told, mine = one.alone
        print(
            f"{case.name:45s} won {case.truth.deals:5d} {result.link:14s} "
            f"of won {one.of_won:.3f} channels {one.among_channels:.3f} "
            f"alone {told:.3f}/{mine:.3f} {seconds:5.1f} CPU s "
            f"{', '.join(result.harvesters)}",
            flush=True,
        )
    summarise(kept)


def summarise(kept: list[tuple[Case, Score]]) -> None:
    """Print means, the worst, and coverage with its number of cases."""
    for confounded in (False, True):
        part = [one for case, one in kept if case.confounded is confounded]
        if part:
            of_won = np.array([one.of_won for one in part])
            among = np.array([one.among_channels for one in part])
            print(
                f"confounded {confounded}: n {len(part)}, of won revenue mean {of_won.mean():.3f} "
                f"worst {of_won.max():.3f}; among channels mean {among.mean():.3f} "
                f"worst {among.max():.3f}"
            )
    table = [
        {"what": what, "n": len(inside), "covered": float(np.mean(inside))}
        for what in ("working", "idle", "alone")
        if (inside := [hit for _, one in kept for hit in one.covered[what]])
    ]
    print(pl.DataFrame(table))


if __name__ == "__main__":
    main()
