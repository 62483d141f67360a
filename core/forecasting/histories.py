"""What each deal was at each moment: the table every replay, probability and flow is read from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

import narwhals as nw
import polars as pl

from core.conversion import (
    ASSUMED,
    CONVERSION,
    NO_RATE,
    REVENUE,
    converted_alike,
    converts_itself,
    into_currency,
)
from core.engine import Engine, Frame, collect, sql
from core.errors import EmptyWorkspaceError
from core.forecasting.recorded_states import (
    FOREVER,
    complete,
    stage_order,
    states_of,
    told_apart,
)

if TYPE_CHECKING:
    from core.forecasting.state_columns import StateColumns

DAY: Final = 86_400


@dataclass(frozen=True)
class Histories:
    """Every deal of a company as a chain of states, in one currency.

    Parameters
    ----------
    deals
        One row a deal, ``deal`` being its row number: ``deal, deal_id, name, account, owner_id,
        owner, team, industry, region, kind, source, created_epoch, closed_epoch, outcome,
        amount_minor, due_on``. ``closed_epoch`` is null while open.
    states
        One row a deal and a span in which nothing about it changed: ``deal, from_epoch,
        until_epoch, stage, since_epoch, amount_minor, due_on``. A state holds from its first
        second until just before ``until_epoch``; ``since_epoch`` is when the deal entered the
        stage, which a change of amount does not reset. Only states in which it was open.
    stages
        Names of the stages in pipeline order, where the order is known.
    currency
        Currency of every amount.
    has_stage_history
        False when there are no stage changes at all, so that past stages are unknown.
    warnings
        What was left out, assumed or unknown.
    recorded_until
        Epoch second of the last thing the data tell of. What a deal says of itself today, such as
        an expected close no stage change names, was known after it and not before.
    """

    deals: pl.DataFrame
    states: pl.DataFrame
    stages: tuple[str, ...]
    currency: str
    has_stage_history: bool
    warnings: tuple[str, ...] = ()
    recorded_until: int = FOREVER

    @cached_property
    def columns(self) -> "StateColumns":
        """The states as arrays; a replay takes snapshots of them dozens of times."""
        from core.forecasting.state_columns import StateColumns

        return StateColumns(self)

    @cached_property
    def due_today(self) -> pl.DataFrame:
        """The expected close of each open deal as its own record has it: ``deal, due_today``."""
        is_open = pl.col("outcome") == "open"
        return self.deals.select("deal", due_today=pl.when(is_open).then("due_on"))

    def with_due_today(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Fill ``due_on`` of rows with a ``deal``, where no change names one, from today's record.

        Many exports, HubSpot's among them, date the stages and name the expected close once.
        """
        joined = rows.join(self.due_today, on="deal", how="left", maintain_order="left")
        return joined.with_columns(pl.coalesce("due_on", "due_today").alias("due_on")).drop(
            "due_today"
        )

    @property
    def starts_at(self) -> int:
        """Epoch second at which the first deal was created."""
        first: int = self.deals["created_epoch"].min()  # type: ignore[assignment]
        return first


def end_of(day: date) -> int:
    """Return the epoch second at which a day is over: what "as of" that day means.

    >>> end_of(date(1970, 1, 1))
    86400
    """
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + DAY


def read_histories(engine: Engine, currency: str, owner_ids: tuple[str, ...] = ()) -> Histories:
    """Read every deal's past from ``deal_facts`` and ``stage_changes``.

    Rules: a deal whose first change comes after its creation is taken to have been created in
    the stage, with the amount and the expected close of that first change; a blank amount or
    date repeats the last one known; after ``closed_at`` nothing counts. A deal without any
    change gets the stage ``(no stage history)`` for all its life. An expected close that no change
    names is known from the end of the data on: CRMs overwrite that of a closed deal by its close,
    so that deals with one would all be deals nobody has won.

    Parameters
    ----------
    engine
        Where the canonical tables are.
    currency
        Currency to convert every amount into, by the rate of the deal's own day.
    owner_ids
        Owners whose deals count; empty means everybody's.

    Raises
    ------
    EmptyWorkspaceError
        If no deal is left to forecast from.
    """
    if owner_ids:
        return _read(engine, currency, owner_ids)
    # Everybody's are what most questions begin with; a choice of owners would push fits out.
    return engine.remembered(("histories", currency), lambda: _read(engine, currency, ()))


def _read(engine: Engine, currency: str, owner_ids: tuple[str, ...]) -> Histories:
    facts = engine.table("deal_facts")
    if owner_ids:
        facts = facts.filter(nw.col("owner_id").is_in(owner_ids))
    deals = _with_teams(collect(into_currency(engine, facts, currency)), engine)
    changes = collect(_changes(engine, facts, currency))
    stages = collect(engine.table("stages").select("pipeline", "stage", "position", "outcome"))
    imported = collect(engine.table("imports").select(nw.col("imported_at").max())).item()
    return assemble(deals, changes, stages, currency, imported)


def history_query(engine: Engine, currency: str, owner_ids: tuple[str, ...] = ()) -> str:
    """Return the query that reads every deal's changes, as the engine runs it."""
    facts = engine.table("deal_facts")
    if owner_ids:
        facts = facts.filter(nw.col("owner_id").is_in(owner_ids))
    return sql(_changes(engine, facts, currency))


def _with_teams(deals: pl.DataFrame, engine: Engine) -> pl.DataFrame:
    teams = collect(engine.table("owners").select("owner_id", "team")).unique("owner_id")
    return deals.join(teams, on="owner_id", how="left", maintain_order="left")


def assemble(
    facts: pl.DataFrame,
    changes: pl.DataFrame,
    stages: pl.DataFrame,
    currency: str,
    imported_at: datetime | None = None,
) -> Histories:
    """Build histories from collected rows of ``deal_facts``, ``stage_changes`` and ``stages``.

    A deal closed after the last import is a mistake or a plan: it is neither revenue nor open.
    """
    facts, premature = _closed_by(imported_at, facts)
    warnings = [*premature, *_warnings(facts, changes)]
    deals = _usable(facts)
    if deals.is_empty():
        raise EmptyWorkspaceError(
            "There is no deal with a creation date and an amount that can be converted.",
            "Import deals, or choose a currency they have rates for.",
        )
    stages, changes = told_apart(stages, changes, facts)
    order = stage_order(stages, changes)
    states = states_of(deals, complete(deals, changes), order)
    warnings += _contradictions(deals, states)
    return Histories(
        deals=deals,
        states=states,
        stages=tuple(order.filter(pl.col("is_open"))["stage"]),
        currency=currency,
        has_stage_history=not changes.is_empty(),
        warnings=tuple(warnings),
        recorded_until=_recorded_until(deals, changes),
    )


def _closed_by(
    imported_at: datetime | None, facts: pl.DataFrame
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    if imported_at is None:
        return facts, ()
    is_late = (pl.col("outcome") != "open") & (
        pl.col("closed_at_epoch") >= end_of(imported_at.date())
    )
    kept = facts.filter(~is_late.fill_null(value=False))
    late = facts.height - kept.height
    said = f"Deals closed in the future are left out, neither won nor open: {late}."
    return kept, (said,) if late else ()


def _recorded_until(deals: pl.DataFrame, changes: pl.DataFrame) -> int:
    told = (deals["created_epoch"], deals["closed_epoch"], changes["changed_at_epoch"])
    return max(int(last) for column in told if (last := column.max()) is not None)  # type: ignore[arg-type]


def _changes(engine: Engine, facts: Frame, currency: str) -> Frame:
    by_crm = ("converted_amount_minor", "converted_currency") if converts_itself(facts) else ()
    priced = facts.select("deal_id", "currency", "rate_day", *by_crm, deal_minor="amount_minor")
    changes = engine.table("stage_changes").select(
        "deal_id", "changed_at_epoch", "stage", "amount_minor", "expected_close_at"
    )
    joined = changes.join(priced, on="deal_id", how="inner")
    return into_currency(engine, converted_alike(joined), currency).select(
        "deal_id", "changed_at_epoch", "stage", REVENUE, "expected_close_at"
    )


def _usable(facts: pl.DataFrame) -> pl.DataFrame:
    closed = pl.col("closed_at_epoch")
    return (
        facts.filter(
            pl.col("created_at_epoch").is_not_null(),
            pl.col(CONVERSION) != NO_RATE,
            (pl.col("outcome") == "open") | closed.is_not_null(),
        )
        .sort("deal_id")
        .with_row_index("deal")
        .select(
            pl.col("deal").cast(pl.Int64), "deal_id", "name", "account", "owner_id", "owner",
            pl.col("team").fill_null(""), "industry", "region", pl.col("kind").fill_null(""),
            "source", "outcome",
            created_epoch="created_at_epoch",
            closed_epoch=pl.when(pl.col("outcome") != "open").then(closed),
            amount_minor=REVENUE,
            due_on="expected_close_at",
        )
    )  # fmt: skip


def _contradictions(deals: pl.DataFrame, states: pl.DataFrame) -> list[str]:
    lasting = states.filter(pl.col("until_epoch") == FOREVER)
    shut = deals.filter(pl.col("outcome") == "open").join(lasting, on="deal", how="anti").height
    if not shut:
        return []
    return [f"Open deals whose last recorded stage is a closed one, not in the pipeline: {shut}."]


def _warnings(facts: pl.DataFrame, changes: pl.DataFrame) -> Iterator[str]:
    undated = facts.filter(
        (pl.col("outcome") != "open") & pl.col("closed_at_epoch").is_null()
    ).height
    if undated:
        yield f"Closed deals without a close date are left out: {undated}."
    unconverted = facts.filter(pl.col(CONVERSION) == NO_RATE).height
    if unconverted:
        yield f"Deals without an exchange rate are left out: {unconverted}."
    assumed = facts.filter(pl.col(CONVERSION) == ASSUMED).height
    if assumed:
        yield f"Deals that name no currency are taken to be in the reporting one: {assumed}."
    backwards = facts.filter(pl.col("closed_at_epoch") < pl.col("created_at_epoch")).height
    if backwards:
        yield f"Deals closed before they were created were never in the pipeline: {backwards}."
    if changes.is_empty():
        yield (
            "There are no stage changes: past dates are replayed without stages, with today's "
            "amounts, so probabilities depend on the age of a deal only."
        )
        return
    silent = facts.join(changes, on="deal_id", how="anti").height
    if silent:
        yield f"Deals without a stage change, replayed without a stage: {silent}."
    if changes[REVENUE].is_null().all():
        yield "Stage changes carry no amounts: past dates are replayed with today's amounts."
