"""A pipeline said in a few lines, as the frames its histories are read from.

    pipeline = Pipeline().deal("D1", "2024-01-01").change("D1", "2024-01-10", "Demo")
    histories = pipeline.histories()

Instants are written as text, amounts in cents. Stages: Lead, Demo, Offer, then Won and Lost.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Self

import narwhals as nw
import numpy as np
import polars as pl

from core.forecasting.histories import Histories, read_histories

OPEN_STAGES = ("Lead", "Demo", "Offer")
STAGES = (*OPEN_STAGES, "Won", "Lost")

_FACTS = {
    "deal_id": pl.String,
    "name": pl.String,
    "account_id": pl.String,
    "account": pl.String,
    "industry": pl.String,
    "region": pl.String,
    "owner_id": pl.String,
    "owner": pl.String,
    "pipeline": pl.String,
    "kind": pl.String,
    "source": pl.String,
    "amount_minor": pl.Int64,
    "currency": pl.String,
    "created_at_epoch": pl.Int64,
    "expected_close_at": pl.Date,
    "closed_at_epoch": pl.Int64,
    "outcome": pl.String,
    "rate_day": pl.Date,
}
_CHANGES = {
    "deal_id": pl.String,
    "changed_at_epoch": pl.Int64,
    "stage": pl.String,
    "amount_minor": pl.Int64,
    "expected_close_at": pl.Date,
}
_QUOTAS = {
    "owner_id": pl.String,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "target_minor": pl.Int64,
    "currency": pl.String,
}
_OWNERS = {"owner_id": pl.String, "team": pl.String}
_RATES = {"currency": pl.String, "day": pl.Date, "per_euro": pl.Float64}


@dataclass(frozen=True)
class FrameEngine:
    """An engine over frames in memory."""

    tables: dict[str, pl.DataFrame]

    def table(self, name):
        """Return a canonical table."""
        return nw.from_native(self.tables[name].lazy())

    def once(self, key, build):
        """Build a frame, which costs nothing here."""
        return build()

    def remembered(self, key, compute):
        """Return what is computed: nothing is kept."""
        return compute()


class Pipeline:
    """Deals, their changes and quotas, added by chained calls that leave the original alone."""

    def __init__(self):
        self._deals: list[dict[str, Any]] = []
        self._changes: list[dict[str, Any]] = []
        self._quotas: list[dict[str, Any]] = []
        self._owners: list[dict[str, Any]] = []

    def _with(self, deal=None, change=None, quota=None, owner=None) -> Self:
        more = type(self)()
        more._owners = [*self._owners, *([owner] if owner else [])]
        more._deals = [*self._deals, *([deal] if deal else [])]
        more._changes = [*self._changes, *([change] if change else [])]
        more._quotas = [*self._quotas, *([quota] if quota else [])]
        return more

    def deal(
        self, deal_id, created, amount=100, *, won=None, lost=None, due=None, **columns
    ) -> Self:
        """Add a deal: won or lost on a day, or open."""
        row = dict.fromkeys((name for name, kind in _FACTS.items() if kind == pl.String), "") | {
            "deal_id": deal_id,
            "amount_minor": amount,
            "currency": "EUR",
            "created_at_epoch": epoch(created),
            "expected_close_at": day(due),
            "closed_at_epoch": epoch(won or lost),
            "outcome": "won" if won else "lost" if lost else "open",
            "rate_day": day(created[:10]),
        }
        return self._with(deal=row | columns)

    def change(self, deal_id, at, stage, amount=None, due=None) -> Self:
        """Add a change of stage, amount or expected close."""
        return self._with(
            change={
                "deal_id": deal_id,
                "changed_at_epoch": epoch(at),
                "stage": stage,
                "amount_minor": amount,
                "expected_close_at": day(due),
            }
        )

    def quota(self, owner_id, starts_on, target, ends_on=None, currency="EUR") -> Self:
        """Add what a person has to win."""
        row = {"owner_id": owner_id, "target_minor": target, "currency": currency}
        return self._with(quota=row | {"starts_on": day(starts_on), "ends_on": day(ends_on)})

    def owner(self, owner_id, team) -> Self:
        """Add a salesperson."""
        return self._with(owner={"owner_id": owner_id, "team": team})

    def engine(self) -> FrameEngine:
        """Return the frames as an engine."""
        stages = pl.DataFrame(
            {
                "pipeline": ["Sales"] * len(STAGES),
                "stage": list(STAGES),
                "position": list(range(1, len(STAGES) + 1)),
                "outcome": ["open"] * len(OPEN_STAGES) + ["won", "lost"],
            }
        )
        return FrameEngine(
            {
                "deal_facts": pl.DataFrame(self._deals, schema=_FACTS),
                "stage_changes": pl.DataFrame(self._changes, schema=_CHANGES),
                "quotas": pl.DataFrame(self._quotas, schema=_QUOTAS),
                "stages": stages,
                "owners": pl.DataFrame(self._owners, schema=_OWNERS),
                "exchange_rates": pl.DataFrame(schema=_RATES),
                "imports": pl.DataFrame(schema={"imported_at": pl.Datetime("us")}),
            }
        )

    def histories(self) -> Histories:
        """Return the deals' histories."""
        return read_histories(self.engine(), "EUR")


def epoch(text):
    """Return the epoch second of a day or instant written as text."""
    if text is None:
        return None
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def day(text):
    """Return a day written as text."""
    return None if text is None else date.fromisoformat(text)


def random_pipeline(seed, deals=300, weeks=60):
    """Return a pipeline of deals whose fates are drawn: about a quarter won, some still open."""
    random = np.random.default_rng(seed)
    first = epoch("2024-01-01")
    pipeline = Pipeline()
    for number in range(deals):
        deal_id, amount = f"D{number:04}", int(random.lognormal(9, 0.8))
        created = first + int(random.uniform(0, weeks * 7 * 86_400))
        ends = created + int(random.gamma(2.0, 20.0) * 86_400)
        is_over = ends < first + weeks * 7 * 86_400
        fate = ("won" if random.random() < 0.3 else "lost") if is_over else "open"
        close = {fate: instant(ends)} if is_over else {}
        owner = f"U{number % 4}"
        pipeline._deals.extend(
            Pipeline().deal(deal_id, instant(created), amount, owner=owner, **close)._deals
        )
        for step, stage in enumerate(OPEN_STAGES[: random.integers(1, 4)]):
            at = created + (ends - created) * step // 4
            if at < first + weeks * 7 * 86_400:
                due = instant(at + int(random.uniform(5, 80) * 86_400))[:10]
                rows = Pipeline().change(deal_id, instant(at), stage, amount, due)._changes
                pipeline._changes.extend(rows)
    return pipeline


def instant(seconds):
    """Return an epoch second as text."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19]
