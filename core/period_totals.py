"""What a span of time adds up to: the deals closed in it, reduced on the engine to one row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import narwhals as nw

from core.conversion import CONVERSION, NO_RATE, REVENUE, into_currency
from core.engine import Engine, Frame, collect
from core.scope import Scope

_DAY_SECONDS: Final = 86_400


COUNTS: Final = ("won", "lost", "with_amount", "without_rate", "backwards")
"""Numbers of deals that are nought, and not unknown, where there is no deal."""


@dataclass(frozen=True)
class Totals:
    """What one span of time adds up to."""

    revenue_minor: int | None
    won: int
    lost: int
    with_amount: int
    without_rate: int
    backwards: int
    cycle_days: float | None

    def value(self, metric: str) -> float | None:
        """Return a figure of the catalogue, or None where its base is empty."""
        closed = self.won + self.lost
        return {
            "closed_won": self.revenue_minor,
            "won_deals": self.won,
            "win_rate": self.won / closed if closed else None,
            "average_deal": _mean(self.revenue_minor, self.with_amount),
            "sales_cycle": self.cycle_days,
        }[metric]

    def n(self, metric: str) -> int:
        """Return how many deals a figure rests on."""
        counts = {
            "win_rate": self.won + self.lost,
            "average_deal": self.with_amount,
            "sales_cycle": self.won - self.backwards,
        }
        return counts.get(metric, self.won)


def deals_of(engine: Engine, scope: Scope) -> Frame:
    """Return the deals of the owners in scope, with revenue in its currency and cycle in days."""
    deals = engine.table("deal_facts")
    if scope.owner_ids:
        deals = deals.filter(nw.col("owner_id").is_in(scope.owner_ids))
    converted = into_currency(engine, deals, scope.currency)
    cycle = (nw.col("closed_at_epoch") - nw.col("created_at_epoch")) / _DAY_SECONDS
    forward = nw.col("closed_at_epoch") >= nw.col("created_at_epoch")
    return converted.with_columns(cycle_days=nw.when(forward).then(cycle))


def closed_within(deals: Frame, scope: Scope) -> Frame:
    """Return the deals won or lost in the days of a scope."""
    closed = deals.filter(nw.col("outcome").is_in(["won", "lost"]))
    if scope.starts_on:
        closed = closed.filter(nw.col("closed_at_epoch") >= _epoch(scope.starts_on))
    if scope.ends_on:
        after = _epoch(scope.ends_on + timedelta(days=1))
        closed = closed.filter(nw.col("closed_at_epoch") < after)
    return closed


def sums() -> dict[str, nw.Expr]:
    """Return the sums that `as_totals` reads, to aggregate deals by."""
    won = nw.col("outcome") == "won"
    known = won & ~nw.col(REVENUE).is_null()
    return {
        REVENUE: nw.when(won).then(nw.col(REVENUE)).otherwise(None).sum().cast(nw.Int64),
        "won": won.cast(nw.Int64).sum().cast(nw.Int64),
        "lost": (nw.col("outcome") == "lost").cast(nw.Int64).sum().cast(nw.Int64),
        "with_amount": known.cast(nw.Int64).sum().cast(nw.Int64),
        "without_rate": (won & (nw.col(CONVERSION) == NO_RATE)).cast(nw.Int64).sum().cast(nw.Int64),
        "backwards": (won & (nw.col("closed_at_epoch") < nw.col("created_at_epoch")))
        .cast(nw.Int64)
        .sum()
        .cast(nw.Int64),
        "cycle_days": nw.when(won).then(nw.col("cycle_days")).otherwise(None).median(),
    }


def totals_of(closed: Frame) -> Totals:
    """Reduce closed deals to one row of totals."""
    row = collect(closed.select(**sums())).row(0, named=True)
    return as_totals(row)


def as_totals(row: Mapping[str, int | float | None]) -> Totals:
    """Return the totals a row of `sums` holds."""
    # Engines differ on the sum of nothing. No deals won is no revenue, but deals won of which none
    # has an amount is revenue nobody knows.
    counts = {name: int(row[name] or 0) for name in COUNTS}
    unknown = counts["won"] and not counts["with_amount"]
    return Totals(
        revenue_minor=None if unknown else int(row[REVENUE] or 0),
        cycle_days=row["cycle_days"],
        **counts,
    )


def _mean(total: int | None, n: int) -> float | None:
    return total / n if total is not None and n else None


def _epoch(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
