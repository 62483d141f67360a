"""What each channel really did: the same company replayed without it.

The truth is kept in a database schema of its own, which no engine and no view reads; only this
module does.
"""

import json
from dataclasses import dataclass
from typing import Final

import duckdb
import numpy as np
import polars as pl

from core.crm.demo.channels import CHANNELS, NAMES
from core.crm.demo.ledger import Ledger
from core.errors import DataError
from core.workspace import Workspace

SCHEMA: Final = "laboratory"

_CREATE: Final = (
    f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE",
    f"CREATE SCHEMA {SCHEMA}",
)


@dataclass(frozen=True)
class Truth:
    """What the simulator knows and nobody else.

    Parameters
    ----------
    scenario
        The world.
    channels
        One row a channel, in the order of `CHANNELS`: ``channel, effect, half_life_days,
        incremental_deals, incremental_revenue_minor``. Incremental is what is won within the
        window with the channel and not without it; euro cents at the price list's rate.
    lost_without
        ``deal_id, channel``: each won deal that would not have been won without the channel.
    untouched
        ``deal_id``: each won deal that would have been won without any touch.
    won_deals, won_revenue_minor
        What was won in the window.
    untouched_deals, untouched_revenue_minor
        What would have been won with no touch at all.
    """

    scenario: str
    channels: pl.DataFrame
    lost_without: pl.DataFrame
    untouched: pl.DataFrame
    won_deals: int
    won_revenue_minor: int
    untouched_deals: int
    untouched_revenue_minor: int

    @property
    def untouched_share(self) -> float | None:
        """Share of won revenue that would have closed with no touch; None if nothing was won."""
        if self.won_revenue_minor == 0:
            return None
        return self.untouched_revenue_minor / self.won_revenue_minor

    def to_json(self) -> str:
        """Return the truth as the text of ``truth.json``."""
        told = {
            "scenario": self.scenario,
            "won_deals": self.won_deals,
            "won_revenue_minor": self.won_revenue_minor,
            "untouched_deals": self.untouched_deals,
            "untouched_revenue_minor": self.untouched_revenue_minor,
            "channels": self.channels.to_dicts(),
        }
        return json.dumps(told, indent=2) + "\n"


def measure(ledger: Ledger, scenario: str) -> Truth:
    """Count what would be missing without each channel."""
    won, decisions, euros = ledger.won_in_window, ledger.story.decisions, ledger.euros_minor
    missing = won[:, None] & ~decisions.won_without
    untouched = won & decisions.won_untouched
    deal, channel = np.nonzero(missing)
    effect = ledger.story.market.world.effects
    channels = pl.DataFrame(
        {
            "channel": list(NAMES),
            "effect": [effect * one.effect for one in CHANNELS],
            "half_life_days": [one.half_life_days for one in CHANNELS],
            "incremental_deals": missing.sum(axis=0),
            "incremental_revenue_minor": (missing * euros[:, None]).sum(axis=0),
        }
    )
    ids = ledger.deal_ids
    return Truth(
        scenario,
        channels,
        pl.DataFrame({"deal_id": ids.gather(deal), "channel": pl.Series(NAMES).gather(channel)}),
        pl.DataFrame({"deal_id": ids.gather(np.flatnonzero(untouched))}),
        int(won.sum()),
        int(euros[won].sum()),
        int(untouched.sum()),
        int(euros[untouched].sum()),
    )


def store(cursor: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    """Put the truth beside the data, inside the transaction that loads the company."""
    for statement in _CREATE:
        cursor.execute(statement)
    totals = pl.DataFrame(
        {
            "scenario": [truth.scenario],
            "won_deals": [truth.won_deals],
            "won_revenue_minor": [truth.won_revenue_minor],
            "untouched_deals": [truth.untouched_deals],
            "untouched_revenue_minor": [truth.untouched_revenue_minor],
        }
    )
    parts = {
        "truth": truth.channels,
        "lost_without": truth.lost_without,
        "untouched": truth.untouched,
        "totals": totals,
    }
    for name, frame in parts.items():
        cursor.register("incoming_truth", frame)
        cursor.execute(f"CREATE TABLE {SCHEMA}.{name} AS SELECT * FROM incoming_truth")  # noqa: S608
        cursor.unregister("incoming_truth")


def forget(cursor: duckdb.DuckDBPyConnection) -> None:
    """Remove the truth, when other data takes the demo's place."""
    cursor.execute(_CREATE[0])


def read(workspace: Workspace) -> Truth:
    """Return the truth stored beside a simulated company.

    Raises
    ------
    DataError
        If the workspace holds no simulated company.
    """
    found = workspace.query("SELECT 1 FROM duckdb_tables() WHERE schema_name = $name", name=SCHEMA)
    if found.is_empty():
        raise DataError(
            "This workspace holds no simulated company, so nobody knows the truth about it.",
            "Make one with 'python -m app demo'.",
        )
    part = {
        name: workspace.query(f"SELECT * FROM {SCHEMA}.{name}")  # noqa: S608
        for name in ("truth", "lost_without", "untouched", "totals")
    }
    totals = part["totals"].row(0, named=True)
    return Truth(
        channels=part["truth"],
        lost_without=part["lost_without"],
        untouched=part["untouched"],
        **totals,
    )
