"""What won and lost journeys differ in, in words: the same on the page and in print."""

from typing import Any

import polars as pl

from core import formats
from core.attribution.patterns import LOST, WON, JourneyPatterns


def difference(patterns: JourneyPatterns) -> tuple[str, str]:
    """Return how won and lost journeys differ, and what that rests on."""
    found = {row["outcome"]: row for row in patterns.outcomes.iter_rows(named=True)}
    if patterns.met.is_empty():
        return (
            f"None of {formats.counted(patterns.deals, 'deal')} closed in this period has a touch",
            "there are no journeys to compare",
        )
    if not found.keys() >= {WON, LOST}:
        return (
            f"All {patterns.deals:,} deals closed in this period ended alike"
            if patterns.deals > 1
            else "Only one deal closed in this period",
            "there are no others to compare their journeys with",
        )
    won, lost = found[WON], found[LOST]
    return (
        f"Won deals took {_journey(won)}, lost ones {_journey(lost)}",
        f"medians of {won['deals']:,} won and {lost['deals']:,} lost deals",
    )


def widest_gap(patterns: JourneyPatterns) -> str:
    """Say which name won deals met more often than lost ones by the most; blank without both."""
    gaps = patterns.met.drop_nulls(["won_share", "lost_share"]).with_columns(
        gap=pl.col("won_share") - pl.col("lost_share")
    )
    if gaps.is_empty():
        return ""
    row = gaps.sort("gap", descending=True).row(0, named=True)
    return (
        f"{row['name']}: met by {formats.percent(row['won_share'], 0)} of won and "
        f"{formats.percent(row['lost_share'], 0)} of lost deals, the widest gap. Longer journeys "
        "meet more of everything, so a gap is no effect."
    )


def _journey(row: dict[str, Any]) -> str:
    if not row["touches"]:
        return "no touch"
    touches = formats.counted(round(row["touches"]), "touch", "touches")
    return f"{touches} over {formats.days(row['days'])}"
