"""What an import changed: rows added and changed in each table, and what became of the deals.

Each figure is a set of rows: versions the import began beside those it ended (``core.snapshots``).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import polars as pl

from core import schema
from core.errors import UnknownNameError
from core.snapshots import Snapshot, snapshots, versions_begun, versions_ended
from core.workspace import Workspace


class Move(StrEnum):
    """What can become of a deal between two imports; several of them may."""

    NEW = "new"
    WON = "won"
    LOST = "lost"
    REOPENED = "reopened"
    RAISED = "amount raised"
    LOWERED = "amount lowered"
    PUSHED = "close date pushed"
    PULLED = "close date pulled in"
    MISSING = "no longer in the export"


@dataclass(frozen=True)
class TableChange:
    """Rows of one table that an import touched.

    Parameters
    ----------
    table
        Canonical table.
    added
        Rows that were not there before.
    changed
        Rows of which at least one value is another.
    missing
        Rows that earlier exports had and this one, a whole export, does not. They are kept.
    """

    table: str
    added: int
    changed: int
    missing: int


@dataclass(frozen=True)
class DealMove:
    """Deals that moved in one way.

    Parameters
    ----------
    move
        The way.
    deals
        How many.
    amounts
        Currency and sum in minor units of their amounts now; of the differences where the amount
        was raised or lowered. Unlike currencies are not added.
    """

    move: Move
    deals: int
    amounts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Changes:
    """What one import changed.

    Parameters
    ----------
    snapshot
        The import.
    compared_with
        Number of the import before it; None for the first, whose rows are all new.
    tables
        The tables it touched.
    moves
        What became of deals, in the order of `Move`; none for the first import.
    deals
        One row a deal and a move: ``move, deal_id, name, currency, amount_before, amount_after,
        close_before, close_after, stage_before, stage_after, file_line``; amounts are decimals in
        the deal's own currency. Empty for the first import.
    """

    snapshot: Snapshot
    compared_with: int | None
    tables: tuple[TableChange, ...]
    moves: tuple[DealMove, ...]
    deals: pl.DataFrame


_READ: Final = (
    "name", "currency", "amount", "amount_minor", "is_won", "stage", "expected_close_at",
)  # fmt: skip
_SHOWN: Final = {
    "move": "move", "deal_id": "deal_id", "name": "name", "currency": "currency",
    "amount_before": "amount_before", "amount_after": "amount",
    "close_before": "expected_close_at_before", "close_after": "expected_close_at",
    "stage_before": "stage_before", "stage_after": "stage", "file_line": "file_line",
}  # fmt: skip


def changes(workspace: Workspace, number: int | None = None) -> Changes:
    """Return what an import changed, the latest by default.

    Raises
    ------
    UnknownNameError
        If there is no such import, or it is undone.
    """
    done = [one for one in snapshots(workspace) if not one.is_undone]
    target = next((one for one in done if number in (None, one.number)), None)
    if target is None:
        known = [str(one.number) for one in done]
        raise UnknownNameError.among("import", "latest" if number is None else str(number), known)
    earlier = [one.number for one in done if one.number < target.number]
    moved = _moved(workspace, target.number) if earlier else pl.DataFrame()
    return Changes(
        target,
        earlier[0] if earlier else None,
        tuple(_tables(workspace, target.number)),
        _summed(moved) if earlier else (),
        moved.select(**_SHOWN) if earlier else moved,
    )


def _tables(workspace: Workspace, number: int) -> list[TableChange]:
    missing = dict(workspace.query(_MISSING, number=number).iter_rows())
    found = []
    for table in schema.IMPORTED:
        begun, ended = (
            int(workspace.query(f"SELECT count(*) FROM ({query})", number=number).item())  # noqa: S608
            for query in (versions_begun(table), versions_ended(table))
        )
        # Every version that ended was followed by one that began; the other ones are new rows.
        if begun or missing.get(table):
            found.append(TableChange(table, begun - ended, ended, missing.get(table, 0)))
    return found


_MISSING: Final = """
SELECT m.table_name, count(*) AS missing
FROM missing_rows m
JOIN imports i USING (import_id)
WHERE i.snapshot = $number
GROUP BY m.table_name
"""

_MISSING_DEALS: Final = """
SELECT
    d.deal_id, d.name, d.currency, d.amount, d.amount_minor, d.is_won, d.stage, d.expected_close_at
FROM missing_rows m
JOIN imports i USING (import_id)
JOIN deals d ON d.deal_id = m.key
WHERE i.snapshot = $number AND m.table_name = 'deals'
"""


def _moved(workspace: Workspace, number: int) -> pl.DataFrame:
    begun = workspace.query(versions_begun("deals"), number=number)
    ended = workspace.query(versions_ended("deals"), number=number)
    pairs = begun.select("deal_id", *_READ, file_line="source_line").join(
        ended.select(
            "deal_id", was_there=pl.lit(value=True), **{f"{name}_before": name for name in _READ}
        ),
        on="deal_id",
        how="left",
    )
    missing = workspace.query(_MISSING_DEALS, number=number).with_columns(
        was_there=pl.lit(value=True), file_line=pl.lit(None, pl.Int64)
    )
    gone = missing.with_columns(*[pl.col(name).alias(f"{name}_before") for name in _READ])
    found = [pairs.filter(test).with_columns(move=pl.lit(move)) for move, test in _TESTS.items()]
    rows = pl.concat([*found, gone.with_columns(move=pl.lit(Move.MISSING))], how="diagonal_relaxed")
    return rows.sort("deal_id", "move")


def _tests() -> dict[Move, pl.Expr]:
    """Return how each move is told from the two versions of a deal."""
    was_there = pl.col("was_there").fill_null(value=False)
    won, was_won = pl.col("is_won"), pl.col("is_won_before")
    amount, before = pl.col("amount_minor"), pl.col("amount_minor_before")
    like = pl.col("currency").eq_missing(pl.col("currency_before"))
    close, close_before = pl.col("expected_close_at"), pl.col("expected_close_at_before")
    is_open = won.is_null()
    return {
        Move.NEW: ~was_there,
        Move.WON: won & was_won.ne_missing(True),  # noqa: FBT003 - an operand
        Move.LOST: ~won & was_won.ne_missing(False),  # noqa: FBT003
        Move.REOPENED: is_open & was_won.is_not_null(),
        Move.RAISED: was_there & like & (amount > before),
        Move.LOWERED: was_there & like & (amount < before),
        Move.PUSHED: is_open & (close > close_before),
        Move.PULLED: is_open & (close < close_before),
    }


_TESTS: Final = _tests()


def _summed(moved: pl.DataFrame) -> tuple[DealMove, ...]:
    differs = pl.col("move").is_in([Move.RAISED, Move.LOWERED])
    before = pl.when(differs).then(pl.col("amount_minor_before")).otherwise(0)
    worth = pl.col("amount_minor") - before
    sums = (
        moved.drop_nulls("amount_minor")
        .group_by("move", pl.col("currency").fill_null(""))
        .agg(worth.sum().alias("minor"), pl.len().alias("deals"))
        .sort("deals", "currency", descending=[True, False])
    )
    counts = dict(moved.group_by("move").len().iter_rows())
    return tuple(
        DealMove(
            move,
            counts[move],
            tuple(sums.filter(move=move.value).select("currency", "minor").iter_rows()),
        )
        for move in Move
        if move in counts
    )
