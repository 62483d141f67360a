"""The outlook on simulated companies, beside its two parts and what is simple.

Each company is asked for six months ahead at the end of its history, and its outlook is replayed
from up to 24 past months with nothing known that came later: the errors are those the product
itself shows on its leaderboard. Two positions in the month: its end, and ten days before it.

    python benchmarks/outlook_accuracy.py [--seeds 201 202 203 204] [--deals 2000]
"""

import argparse
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from core.crm.demo import DemoOptions, load, simulate
from core.crm.demo.scenarios import SCENARIOS
from core.engine import open_engine
from core.forecasting.forecast_question import ForecastQuestion, PeriodKind
from core.forecasting.histories import Histories, read_histories
from core.forecasting.outlook import outlook, replayed_parts
from core.forecasting.outlook_results import Outlook
from core.workspace import Workspace

ENDS_ON = date(2026, 11, 20)
AS_OF = (date(2026, 10, 31), date(2026, 11, 20))
LEVELS = (50, 80, 95)
# Worlds with late touches that do nothing have the same deals as those without.
WORLDS = tuple(name for name in SCENARIOS if "harvest" not in name)
KINDS = {PeriodKind.MONTH: 6, PeriodKind.QUARTER: 2}


@dataclass(frozen=True)
class Scores:
    """Errors of one company from one position in the month."""

    world: str
    seed: int
    as_of: date
    wape: dict[str, float]
    inside: dict[int, tuple[int, int]]
    seconds: float

    @property
    def ratio(self) -> float:
        """The outlook's error over that of the better part."""
        return self.wape["outlook"] / min(self.wape["pipeline"], self.wape["series"])


def company(world: str, seed: int, deals: int) -> Histories:
    """Return a simulated company's deals."""
    options = DemoOptions(ends_on=ENDS_ON, seed=seed, scenario=world, deals=deals)
    with Workspace.in_memory() as workspace:
        load(workspace, simulate(options))
        return read_histories(open_engine(workspace), "EUR")


def scores(world: str, seed: int, answer: Outlook, seconds: float) -> Scores:
    """Return the errors an outlook shows of itself and the others."""
    return Scores(
        world,
        seed,
        answer.as_of,
        {line.name: 100 * (line.wape or 0.0) for line in answer.standings},
        {each.level: (each.hits, each.n) for each in answer.track_record.coverage},
        seconds,
    )


def measured(
    histories: Histories, world: str, seed: int, found: dict[PeriodKind, list[Scores]]
) -> None:
    """Add the scores of one company from both positions; months and quarters share a replay."""
    for as_of in AS_OF:
        begins = time.process_time()
        asked = {kind: ForecastQuestion("EUR", as_of, kind, KINDS[kind]) for kind in KINDS}
        said = replayed_parts(histories, asked[PeriodKind.MONTH].prepared)
        for kind, question in asked.items():
            answer = outlook(histories, question, said=said)
            found[kind].append(scores(world, seed, answer, time.process_time() - begins))


def mean(values: list[float]) -> float:
    """Return the mean."""
    return sum(values) / len(values)


def line(name: str, rows: list[Scores]) -> str:
    """Return a line of the table: mean errors, ratio to the better part, intervals."""
    said = ("pipeline", "series", "outlook", "seasonal_naive", "run_rate")
    errors = " | ".join(f"{mean([row.wape[each] for row in rows]):.1f}" for each in said)
    held = " | ".join(
        f"{100 * sum(row.inside[level][0] for row in rows) / max(1, total(rows, level)):.1f}"
        for level in LEVELS
    )
    ratios = [row.ratio for row in rows]
    return f"| {name} | {len(rows)} | {errors} | {mean(ratios):.3f} | {max(ratios):.3f} | {held} |"


def total(rows: list[Scores], level: int) -> int:
    """Return how many past intervals were checked."""
    return sum(row.inside[level][1] for row in rows)


def report(rows: list[Scores], kind: PeriodKind) -> None:
    """Print the tables."""
    print(f"\n### By {kind}\n")
    print("| companies | n | pipeline | series | outlook | last year | run rate | ratio | worst "
          "| in 50 | in 80 | in 95 |")  # fmt: skip
    print("|---|" + "---|" * 11)
    for world in dict.fromkeys(row.world for row in rows):
        print(line(world, [row for row in rows if row.world == world]))
    for as_of in AS_OF:
        print(line(f"as of {as_of}", [row for row in rows if row.as_of == as_of]))
    print(line("**all**", rows))
    worse = sum(row.ratio > 1.02 for row in rows)
    print(f"\nMore than 2 % worse than the better part: {worse} of {len(rows)}.")
    print(f"CPU seconds an outlook: {mean([row.seconds for row in rows]):.2f}.", flush=True)


def main() -> None:
    """Run every world and seed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, nargs="+", default=[201, 202, 203, 204])
    asked.add_argument("--deals", type=int, default=2_000)
    asked.add_argument("--worlds", nargs="+", default=list(WORLDS))
    given = asked.parse_args()
    found: dict[PeriodKind, list[Scores]] = {kind: [] for kind in KINDS}
    for seed in given.seeds:
        for world in given.worlds:
            measured(company(world, seed, given.deals), world, seed, found)
    for kind, rows in found.items():
        report(rows, kind)


if __name__ == "__main__":
    main()
