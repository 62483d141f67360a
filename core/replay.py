"""Any past day as it was then: a workspace that holds only what was known on that day.

A deal closed later is open again, with the stage, amount and expected close its history gives;
what happened later is not there. Whatever is asked of such a workspace is therefore answered as
it would have been that day, by the same code, and no answer can look ahead.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Final

import polars as pl

from core.coverage import coverage
from core.engine import Engine, collect, open_engine
from core.errors import EmptyWorkspaceError
from core.schema import IMPORTED
from core.snapshots import as_of, number_on
from core.workspace import REPLAYED_TO, Workspace, set_meta

RECORDS: Final = ("imports", "rejected_rows", "published_rates")
"""Tables beside the canonical ones that a past day has too."""

_HAPPENED: Final[Mapping[str, str]] = {
    "accounts": "created_at",
    "contacts": "created_at",
    "stage_changes": "changed_at",
    "touchpoints": "occurred_at",
    "campaigns": "started_on",
    "spend": "day",
}
"""Column that says when a row came into the world; a row without it was always there."""

_DUE: Final = ("expected_close_at",)
_HISTORIC: Final = ("stage", "amount", "amount_minor", *_DUE)
_CONVERTED: Final = "converted_amount_minor"
_CLOSING: Final = ("closed_at", "closed_at_epoch", "closed_at_is_date", "is_won")

HINDSIGHT: Final = ("next_step", "attributes")
"""Fields of a deal that only today's value is known of; they are blank for a deal reopened."""


def replayed(workspace: Workspace, day: date) -> Workspace:
    """Return the workspace as it was at the end of a day, in memory; close it when done.

    Rows that later imports changed are as they were; within them, what happened after the day is
    undone. Known limits: fields without a history (owner, name, source, kind) are as they were
    imported last, and a deal that was reopened after the day keeps its last closing only.

    Raises
    ------
    InvalidParameterError
        If the day is after the last the data reach.
    EmptyWorkspaceError
        If no deal had been created by then.
    """
    coverage(workspace).day_known(day)
    with _as_imported(workspace, day) as then:
        tables = _known(open_engine(then), day)
    if tables["deals"].is_empty():
        raise EmptyWorkspaceError(
            f"No deal had been created by {day}.", "Choose a later day, or import older deals."
        )
    past = Workspace.in_memory()
    with past.transaction() as cursor:
        for name, rows in tables.items():
            past.insert(cursor, name, rows)
        set_meta(cursor, "as_of", day.isoformat())
        set_meta(cursor, REPLAYED_TO, day.isoformat())
        set_meta(cursor, "kind", workspace.meta("kind") or "own")
    return past


@contextmanager
def _as_imported(workspace: Workspace, day: date) -> Iterator[Workspace]:
    """Give the rows as the last import of the day left them; all there are where none is older."""
    number = number_on(workspace, day)
    if number is None:
        yield workspace
        return
    with as_of(workspace, number) as then:
        yield then


def _known(engine: Engine, day: date) -> dict[str, pl.DataFrame]:
    end = datetime.combine(day + timedelta(days=1), time())
    tables = {name: collect(engine.table(name)) for name in (*IMPORTED, *RECORDS)}
    deals = _deals(tables["deals"], tables["stage_changes"], end)
    happened = {name: _before(tables[name], when, end) for name, when in _HAPPENED.items()}
    imports = _before(tables["imports"], "imported_at", end)
    return {
        **tables,
        **happened,
        "deals": deals,
        "deal_contacts": tables["deal_contacts"].join(deals, on="deal_id", how="semi"),
        # Data that were all brought in later could be known earlier: all imports stand.
        "imports": tables["imports"] if imports.is_empty() else imports,
    }


def _before(rows: pl.DataFrame, when: str, end: datetime) -> pl.DataFrame:
    moment = pl.col(when).cast(pl.Datetime("us"))
    return rows.filter(moment.is_null() | (moment < end))


def _deals(deals: pl.DataFrame, changes: pl.DataFrame, end: datetime) -> pl.DataFrame:
    """Return the deals there were; those closed later with what their history says of the day."""
    there = deals.filter(pl.col("created_at") < end)
    known = _states(changes.join(there, on="deal_id", how="semi"), end)
    rows = there.join(known, on="deal_id", how="left")
    reopened = (pl.col("closed_at") >= end).fill_null(value=False)
    open_then = reopened | pl.col("is_won").is_null()
    has_history = pl.col("then_stage").is_not_null()
    today = {name: pl.col(name) for name in _HISTORIC}
    # The last stage and close date of a closed deal give its outcome away.
    unknown = {name: pl.when(~reopened).then(pl.col(name)) for name in ("stage", *_DUE)}
    then = {name: pl.col(f"then_{name}") for name in _HISTORIC}
    restored = [
        pl.when(open_then & has_history)
        .then(pl.coalesce(then[name], unknown.get(name, today[name])))
        .otherwise(unknown.get(name, today[name]))
        .alias(name)
        for name in _HISTORIC
    ]
    blank = [pl.when(~reopened).then(pl.col(name)).alias(name) for name in (*_CLOSING, *HINDSIGHT)]
    # The CRM converted today's amount; that of the day is converted alike.
    same = (~open_then | pl.col("then_amount_minor").is_null()) | (
        pl.col("then_amount_minor") == pl.col("amount_minor")
    )
    share = pl.col("then_amount_minor") / pl.col("amount_minor")
    alike = (share * pl.col(_CONVERTED) + 0.5).floor().cast(pl.Int64, strict=False)
    converted = pl.when(same).then(pl.col(_CONVERTED)).when(pl.col("amount_minor") != 0).then(alike)
    as_given = pl.when(same).then(pl.col("converted_amount"))
    rest = [converted.alias(_CONVERTED), as_given.alias("converted_amount")]
    return rows.with_columns(*restored, *blank, *rest).select(deals.columns)


def _states(changes: pl.DataFrame, end: datetime) -> pl.DataFrame:
    """Return the last known state of each deal; the first one where all changes come later."""
    ordered = changes.sort("deal_id", "changed_at").with_columns(past=pl.col("changed_at") < end)
    return ordered.group_by("deal_id").agg(
        pl.when(pl.col("past").any())
        .then(pl.col(name).filter("past").drop_nulls().last())
        .otherwise(pl.col(name).drop_nulls().first())
        .alias(f"then_{name}")
        for name in _HISTORIC
    )
