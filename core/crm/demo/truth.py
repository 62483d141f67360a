"""What each channel really did: the same company replayed without it.

The truth is kept in a database schema of its own, which no engine and no view reads; only this
module does.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

import duckdb
import numpy as np
import polars as pl

from core.crm.demo.chance import Flags, Ints
from core.crm.demo.channels import CHANNELS, NAMES
from core.crm.demo.decisions import won_in_worlds
from core.crm.demo.hazard import all_channels, without
from core.crm.demo.ledger import Ledger
from core.crm.demo.options import VERSION, DemoOptions
from core.crm.demo.story import Story, tell
from core.crm.demo.touches import Touches, possible_touches
from core.errors import DataError
from core.workspace import Workspace

SCHEMA: Final = "laboratory"
_PARTS: Final = ("truth", "lost_without", "untouched", "totals")


@dataclass(frozen=True)
class Truth:
    """What the simulator knows and nobody else.

    Amounts are euro cents at the price list's rate; "won" means within the window.

    Parameters
    ----------
    options
        What decided the company: simulating it again gives this truth again.
    channels
        One row a channel: ``channel, effect, half_life_days, incremental_deals,
        incremental_revenue_minor``. Incremental is what is won with the channel and not without
        it, so that channels which can stand in for one another add up to less than all won.
    lost_without
        ``deal_id, channel``: each won deal that would not have been won without the channel.
    untouched
        ``deal_id``: each won deal that would have been won without any touch.
    won_deals, won_revenue_minor
        What was won.
    untouched_deals, untouched_revenue_minor
        What would have been won with no touch at all.
    """

    options: DemoOptions
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

    def totals(self) -> dict[str, Any]:
        """Return everything but the tables by name."""
        options = asdict(self.options) | {"ends_on": self.options.ends_on.isoformat()}
        figures = {
            "won_deals": self.won_deals,
            "won_revenue_minor": self.won_revenue_minor,
            "untouched_deals": self.untouched_deals,
            "untouched_revenue_minor": self.untouched_revenue_minor,
        }
        return options | {"simulator": VERSION} | figures

    def to_json(self) -> str:
        """Return the text of ``truth.json``."""
        told = self.totals() | {"channels": self.channels.to_dicts()}
        return json.dumps(told, indent=2) + "\n"


def measure(ledger: Ledger, options: DemoOptions) -> Truth:
    """Play the company without each channel and count what is missing."""
    story, euros, ids = ledger.story, ledger.euros_minor, ledger.deal_ids
    worlds = [all_channels(), *(without(i) for i in range(len(CHANNELS))), ~all_channels()]
    played = _played(story, worlds)
    won, untouched = played[0], played[0] & played[-1]
    missing = won & ~played[1:-1]
    channel, deal = np.nonzero(missing)
    effect = story.market.world.effects
    channels = pl.DataFrame(
        {
            "channel": list(NAMES),
            "effect": [effect * one.effect for one in CHANNELS],
            "half_life_days": [one.half_life_days for one in CHANNELS],
            "incremental_deals": missing.sum(axis=1),
            "incremental_revenue_minor": (missing * euros).sum(axis=1),
        }
    )
    return Truth(
        options,
        channels,
        pl.DataFrame({"deal_id": ids.gather(deal), "channel": pl.Series(NAMES).gather(channel)}),
        pl.DataFrame({"deal_id": ids.gather(np.flatnonzero(untouched))}),
        int(won.sum()),
        int(euros[won].sum()),
        int(untouched.sum()),
        int(euros[untouched].sum()),
    )


def fair_shares(options: DemoOptions, orders: int = 40) -> pl.DataFrame:
    """Split what touches brought among the channels: the Shapley values of the truth.

    Channels enter the untouched world one after the other; a channel's value is what it adds,
    averaged over random orders and their reverses (antithetic sampling). Unlike removal effects
    the values add up: with the untouched revenue they give all won revenue.

    Parameters
    ----------
    options
        The company.
    orders
        Random orders, each also played in reverse; the error falls with its root.

    Returns
    -------
    polars.DataFrame
        ``channel, deals, revenue_minor``: one row a channel, in fractions.
    """
    ledger = Ledger(tell(options), options.seed, options.identity)
    story, euros, touches = _swayed(ledger)
    value = np.zeros((len(CHANNELS), 2))
    for order in _orders(ledger, orders):
        worlds = [~all_channels()]
        for channel in order:
            worlds.append(worlds[-1].copy())
            worlds[-1][channel] = True
        won = won_in_worlds(story.market, story.deals, touches, worlds)
        totals = np.stack([won.sum(axis=1), (won * euros).sum(axis=1)], axis=1)
        value[order] += np.diff(totals, axis=0)
    mean = value / (2 * orders)
    return pl.DataFrame({"channel": list(NAMES), "deals": mean[:, 0], "revenue_minor": mean[:, 1]})


def _swayed(ledger: Ledger) -> tuple[Story, Ints, Touches]:
    """Keep the deals that touches decided: no effect is negative, so all others never change."""
    story = ledger.story
    untouched, won = _played(story, [~all_channels(), all_channels()])
    swayed = np.flatnonzero(won & ~untouched)
    row = np.full(len(story.deals), -1, dtype=np.int64)
    row[swayed] = np.arange(swayed.size)
    touches = possible_touches(story.market, story.deals)
    moved = replace(touches, opportunity=row[touches.opportunity])
    kept = moved.chosen(moved.opportunity >= 0)
    return replace(story, deals=story.deals.chosen(swayed)), ledger.euros_minor[swayed], kept


def _orders(ledger: Ledger, count: int) -> list[list[int]]:
    draws = [ledger.chance.uniform("order", i, np.arange(len(CHANNELS))) for i in range(count)]
    orders = [np.argsort(draw).tolist() for draw in draws]
    return [order for one in orders for order in (one, one[::-1])]


def _played(story: Story, worlds: list[Flags]) -> Flags:
    touches = possible_touches(story.market, story.deals)
    return won_in_worlds(story.market, story.deals, touches, worlds)


def store(cursor: duckdb.DuckDBPyConnection, truth: Truth) -> None:
    """Put the truth beside the data, inside the transaction that loads the company."""
    forget(cursor)
    cursor.execute(f"CREATE SCHEMA {SCHEMA}")
    totals = pl.DataFrame([truth.totals()])
    frames = (truth.channels, truth.lost_without, truth.untouched, totals)
    for name, frame in zip(_PARTS, frames, strict=True):
        cursor.register("incoming_truth", frame)
        cursor.execute(f"CREATE TABLE {SCHEMA}.{name} AS SELECT * FROM incoming_truth")  # noqa: S608
        cursor.unregister("incoming_truth")


def forget(cursor: duckdb.DuckDBPyConnection) -> None:
    """Remove the truth, when other data takes the demo's place."""
    cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def read(workspace: Workspace) -> Truth:
    """Return the truth stored beside a simulated company.

    Raises
    ------
    DataError
        If the workspace holds no simulated company.
    """
    if workspace.meta("kind") != "demo":
        raise DataError(
            "This workspace holds no simulated company, so nobody knows the truth about it.",
            "Make one with 'python -m app demo'.",
        )
    part = {name: workspace.query(f"SELECT * FROM {SCHEMA}.{name}") for name in _PARTS}  # noqa: S608
    totals = part["totals"].row(0, named=True)
    options = DemoOptions(
        seed=totals["seed"],
        deals=totals["deals"],
        scenario=totals["scenario"],
        ends_on=date.fromisoformat(totals["ends_on"]),
    )
    return Truth(
        options,
        part["truth"],
        part["lost_without"],
        part["untouched"],
        totals["won_deals"],
        totals["won_revenue_minor"],
        totals["untouched_deals"],
        totals["untouched_revenue_minor"],
    )
