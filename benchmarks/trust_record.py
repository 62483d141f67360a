"""Measure every attribution model against truth and write the table the product shows.

Run: python benchmarks/trust_record.py [--deals 2000,6000,20000] [--seed 41] [--out FILE]
The product's own table is core/attribution/trust_record.csv; without --out nothing is written.

Fifteen companies a size. Twelve: three families of effects, exposure random or following intent,
from the demo simulator and from the independent laboratory (`benchmarks/incremental_lab.py`), all
with harvest channels. Three more are whole companies like the demo (`--scenario company`), with
renewals, currencies, seasons, and intent that moves every channel. Each is put into a workspace and
asked as a user would ask; the truth is the Shapley value of true chances to win
(`core.crm.demo.expected`).
"""

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import incremental_lab as lab
from core.attribution import attribute
from core.attribution.data_driven import MODELS
from core.attribution.incremental.intervals import WIDENING, bounds, resample
from core.attribution.incremental.model import sample_of
from core.attribution.incremental.offered import touch_credit
from core.attribution.misallocation import misallocated
from core.attribution.results import JourneySettings, Question
from core.attribution.rules.registry import RULES
from core.attribution.trust_record import by_model
from core.crm.demo.company import load, simulate
from core.crm.demo.expected import expected_shares, shapley_shares
from core.crm.demo.options import DemoOptions
from core.crm.demo.scenarios import Family
from core.engine import collect, open_engine
from core.schema import UNATTRIBUTED
from core.scope import Scope
from core.workspace import Workspace

ENDS_ON = date(2026, 11, 20)
WIDENINGS = (1.0, 1.5, WIDENING, 2.0)
"""Factors on deviations of resampled scores; the product uses `WIDENING`."""

WHOLE_COMPANIES = 3
"""Companies like the demo in each size; they differ by seed alone, from the record's own on."""

NAMES = (*(name for name in RULES if name != "custom"), *MODELS)


@dataclass(frozen=True)
class Company:
    """One company in a workspace, with its truth."""

    world: str
    family: str
    confounded: bool
    workspace: Workspace
    truth: dict[str, float]


def companies(deals: int, seed: int) -> Iterator[Company]:
    """Yield the companies of a size; each workspace is closed after its turn."""
    for family in (one.value for one in Family):
        for confounded in (False, True):
            options = demo_options(family, deals, seed, confounded=confounded)
            yield from simulated("demo", options)
            with Workspace.in_memory() as workspace:
                plan = lab.Plan(family, confounded, deals, seed)
                lab.load(workspace, lab.simulate(plan))
                yield Company("laboratory", family, confounded, workspace, lab_shares(plan))
    for number in range(seed, seed + WHOLE_COMPANIES):
        options = DemoOptions(ends_on=ENDS_ON, seed=number, deals=deals, scenario="company")
        yield from simulated("company", options)


def simulated(world: str, options: DemoOptions) -> Iterator[Company]:
    """Yield one company of the demo simulator."""
    scenario = options.world
    with Workspace.in_memory() as workspace:
        load(workspace, simulate(options))
        truth = expected_shares(options)
        yield Company(world, scenario.family.value, scenario.confounded, workspace, truth)


def demo_options(family: str, deals: int, seed: int, *, confounded: bool) -> DemoOptions:
    """Return a company of the demo simulator with harvest channels."""
    reach = "_confounded" if confounded else ""
    return DemoOptions(ends_on=ENDS_ON, seed=seed, deals=deals, scenario=f"{family}{reach}_harvest")


def lab_shares(plan: lab.Plan) -> dict[str, float]:
    """Return each channel's share of expected revenue in a company of the laboratory."""
    world = lab.draw(plan)

    def worth(present: np.ndarray) -> float:
        return float(lab.chances(world, present.astype(np.float64)) @ world.amounts)

    return shapley_shares(lab.CHANNELS, worth, 5, plan.seed)


def rows(company: Company, deals: int) -> pl.DataFrame:
    """Return one row a model: what it misallocated."""
    engine = open_engine(company.workspace)
    result = attribute(engine, Question(Scope("EUR"), NAMES), "benchmark")
    touches = collect(engine.table("deal_touches").select("deal_key", "channel"))
    closed = collect(engine.table("deal_facts").select("outcome"))["outcome"]
    losses = (closed == "lost").sum()
    told = []
    for name in NAMES:
        given = result.frame.filter(pl.col("model") == name).select("channel", "share")
        found = misallocated(company.truth, dict(given.iter_rows()))
        told.append((name, round(found.of_won, 4), round(found.among_channels, 4)))
    frame = pl.DataFrame(told, schema=["model", "of_won", "among_channels"], orient="row")
    return frame.select(
        world=pl.lit(company.world),
        family=pl.lit(company.family),
        confounded=pl.lit(company.confounded),
        deals=pl.lit(deals),
        won_deals=pl.lit(result.won_deals),
        touches_per_deal=pl.lit(round(touches.height / deals, 1)),
        channels=pl.lit(touches["channel"].n_unique()),
        win_rate=pl.lit(round(result.won_deals / (result.won_deals + losses), 3)),
        model="model",
        of_won="of_won",
        among_channels="among_channels",
    )


@dataclass(frozen=True)
class Hit:
    """Whether an interval held the truth."""

    widening: float
    kind: str
    held: bool


def coverage(company: Company) -> list[Hit]:
    """Tell which 80 % intervals of shares of won revenue hold the truth."""
    engine = open_engine(company.workspace)
    learnt = touch_credit(engine, "EUR", JourneySettings()).learnt
    if learnt is None:
        return []
    found = []
    names = [*learnt.journeys.channels, UNATTRIBUTED]
    for widening in WIDENINGS:
        draws = resample(sample_of(learnt, learnt.revenue), 200, 1, widening)
        low, high = bounds(np.c_[draws.share, draws.unattributed], 0.8)
        for name, lowest, highest in zip(names, low, high, strict=True):
            told = company.truth[name]
            kind = "nobody" if name == UNATTRIBUTED else "working" if told > 0 else "idle"
            found.append(Hit(widening, kind, bool(lowest <= told <= highest)))
    return found


def print_coverage(hits: list[Hit]) -> None:
    """Print how many intervals held the truth, by widening and kind."""
    frame = pl.DataFrame([(one.widening, one.kind, one.held) for one in hits],
                         schema=["widening", "kind", "held"], orient="row")  # fmt: skip
    print(
        frame.group_by("widening", "kind")
        .agg(pl.col("held").mean().alias("covered"), pl.len().alias("n"))
        .sort("widening", "kind"),
        flush=True,
    )


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--deals", default="2000")
    parser.add_argument("--seed", type=int, default=41)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    kept = []
    for deals in map(int, arguments.deals.split(",")):
        hits: list[Hit] = []
        for company in companies(deals, arguments.seed):
            began = time.process_time()
            told = rows(company, deals)
            kept.append(told)
            hits += coverage(company)
            mine = told.filter(pl.col("model") == "incremental").row(0, named=True)
            print(
                f"{deals:6d} {company.world:10s} {company.family:14s} "
                f"{'confounded' if company.confounded else 'random':10s} "
                f"won {mine['won_deals']:5d}  incremental {mine['of_won']:.3f} "
                f"of which channels {mine['among_channels']:.3f}  "
                f"nobody {company.truth[UNATTRIBUTED]:.3f}  {time.process_time() - began:.1f} s",
                flush=True,
            )
        table = by_model(pl.concat(kept).filter(pl.col("deals") == deals))
        with pl.Config(tbl_rows=-1, tbl_cols=-1, float_precision=3):
            print(table, flush=True)
        print_coverage(hits)
        if arguments.out:
            pl.concat(kept).sort("deals", maintain_order=True).write_csv(arguments.out)


if __name__ == "__main__":
    main()
