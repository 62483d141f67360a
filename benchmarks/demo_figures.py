"""The measured figures of docs/demo-data.md: run with ``--write`` to put them into the page."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

PAGE = ROOT / "docs" / "demo-data.md"
STARTS, ENDS = "<!-- figures -->\n", "<!-- /figures -->\n"
ENDS_ON = date(2026, 11, 20)
SEEDS = (7, 1, 2)
DEALS = 2_000


def realism() -> Iterator[str]:
    """Yield a table of what an outsider measures, a column a seed."""
    from core.crm.demo import DemoOptions, simulate
    from core.crm.demo.realism import observe

    companies = [simulate(DemoOptions(seed=seed, deals=DEALS, ends_on=ENDS_ON)) for seed in SEEDS]
    seen = [observe(company) for company in companies]
    stages = zip(*(one.reached for one in seen), strict=True)
    names = ("Qualification", "Discovery", "Demo", "Proposal", "Negotiation")
    reached = dict(zip(names, stages, strict=True))
    rows = [
        ("Win rate", "15-35 %", [f"{one.win_rate:.1%}" for one in seen]),
        ("Median sales cycle, days", "45-120", [f"{one.cycle_days:.0f}" for one in seen]),
        (
            "Touches of a won deal: 5th, 50th, 95th percentile",
            "5-40, long tail",
            [f"{s.touches_low:.0f}, {s.touches_median:.0f}, {s.touches_high:.0f}" for s in seen],
        ),
        ("Most touches of a won deal", "", [f"{one.touches_most}" for one in seen]),
        ("Skewness of log amounts", "near 0", [f"{one.log_amount_skew:.2f}" for one in seen]),
        (
            "Wins in the last 14 days of a quarter",
            "above 15.3 %",
            [f"{one.quarter_end_share:.1%}" for one in seen],
        ),
        ("December to August revenue", "above 1", [f"{s.december_to_august:.1f}" for s in seen]),
        ("Growth, last year to the one before", "above 1", [f"{s.growth:.2f}" for s in seen]),
        ("Spend to won revenue", "1-3 %", [f"{one.spend_share:.1%}" for one in seen]),
        *(
            (f"Decided sales deals that reached {stage}", "", [f"{share:.0%}" for share in shares])
            for stage, shares in reached.items()
        ),
        (
            "Close date pushed to a later month: times, share of deals",
            "",
            [f"{one.pushes:.2f}, {one.pushed_share:.0%}" for one in seen],
        ),
        ("Deals that went back a stage", "", [f"{one.moved_back_share:.1%}" for one in seen]),
        ("Won deals that skipped a stage", "", [f"{one.skipped_share:.1%}" for one in seen]),
        ("Open deals past their close date", "", [f"{one.overdue_share:.1%}" for one in seen]),
        ("Open deals without an amount", "", [f"{one.blank_share:.1%}" for one in seen]),
        (
            "Won revenue that no touch was needed for",
            "",
            [f"{one.untouched_share:.1%}" for one in seen],
        ),
    ]
    yield "| Figure | Expected | " + " | ".join(f"Seed {seed}" for seed in SEEDS) + " |"
    yield "|---|---|" + "---:|" * len(SEEDS)
    for name, expected, values in rows:
        yield f"| {name} | {expected} | " + " | ".join(values) + " |"


def truth() -> Iterator[str]:
    """Yield a table of the true effect of each channel of the demo company."""
    from core.crm.demo import DemoOptions, fair_shares, simulate

    options = DemoOptions(seed=SEEDS[0], deals=DEALS, ends_on=ENDS_ON)
    found = simulate(options).truth
    shares = fair_shares(options)
    won = found.won_revenue_minor
    yield "| Channel | Deals lost without it | Revenue lost without it | Fair share of revenue |"
    yield "|---|---:|---:|---:|"
    rows = found.channels.join(shares, on="channel", maintain_order="left")
    for row in rows.iter_rows(named=True):
        lost = row["incremental_revenue_minor"] / won
        fair = row["revenue_minor"] / won
        yield f"| {row['channel']} | {row['incremental_deals']} | {lost:.1%} | {fair:.1%} |"
    yield f"| (no touch needed) | {found.untouched_deals} | | {found.untouched_share:.1%} |"


def figures() -> str:
    """Return the measured part of the page."""
    return (
        f"{DEALS:,} deals, history up to {ENDS_ON}.\n\n"
        + "\n".join(realism())
        + f"\n\nThe truth about seed {SEEDS[0]}:\n\n"
        + "\n".join(truth())
        + "\n"
    )


if __name__ == "__main__":
    measured = figures()
    if "--write" in sys.argv:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(STARTS)
        after = rest.partition(ENDS)[2]
        PAGE.write_text(f"{before}{STARTS}{measured}{ENDS}{after}", encoding="utf-8")
    print(measured)
