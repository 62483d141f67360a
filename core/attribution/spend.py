"""What each channel cost in a period, from one source a channel so that nothing counts twice.

A cost can stand in three tables: `spend` (by day), a touch, and a campaign (in one sum). Exports
often carry the same money in two of them. A channel therefore takes all its costs from the first
table that knows it at all, in that order, in whatever period. docs/methods/channel-performance.md
says why.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import narwhals as nw
import polars as pl

from core.conversion import ASSUMED, CONVERSION, NO_AMOUNT, NO_RATE, REVENUE, into_currency
from core.engine import Engine, Frame, collect
from core.formats import counted
from core.schema import UNATTRIBUTED, UNKNOWN_CHANNEL
from core.scope import Scope

SOURCES: Final = ("spend", "touchpoints", "campaigns")
"""Tables with costs, the one that is preferred first."""

_COST: Final = ("channel", "rate_day", "amount_minor", "currency")


@dataclass(frozen=True)
class ChannelSpend:
    """What the channels cost in a period.

    Parameters
    ----------
    frame
        One row a channel with a cost in the period: ``channel, spend_minor, spend_source``; in
        minor units of the reporting currency, null where part of it is not known.
    warnings
        What was left out, assumed or unknown.
    """

    frame: pl.DataFrame
    warnings: tuple[str, ...]


def channel_spend(engine: Engine, scope: Scope) -> ChannelSpend:
    """Return what each channel cost in the period of a scope, whoever owns the deals.

    A channel without a cost in the period has no row: that nothing was spent and that nothing was
    recorded look alike. A campaign's cost is spread evenly over its days, from its first to its
    last, and on its first day where no last one is known.
    """
    costs = pl.concat(
        [
            _dated(engine, scope, "spend", _spend(engine)),
            _dated(engine, scope, "touchpoints", _touches(engine)),
            _campaigns(engine, scope),
        ]
    )
    known = _known(engine)
    chosen = costs.join(known, on=["channel", "source"])
    warnings = [*_warnings(chosen, scope), *_left_out(costs, known)]
    return ChannelSpend(_summed(chosen), tuple(warnings))


def _spend(engine: Engine) -> Frame:
    return engine.table("spend").select(
        "amount_minor", channel=_channel(), rate_day="day", currency=_currency()
    )


def _touches(engine: Engine) -> Frame:
    return (
        engine.table("touches")
        .filter(~nw.col("cost_minor").is_null())
        .select(
            "channel",
            amount_minor="cost_minor",
            rate_day=nw.col("occurred_at").cast(nw.Date),
            currency=_currency(),
        )
    )


def _campaign_costs(engine: Engine) -> Frame:
    return (
        engine.table("campaigns")
        .filter(~nw.col("cost_minor").is_null())
        .select(
            "ended_on",
            channel=_channel(),
            amount_minor="cost_minor",
            rate_day="started_on",
            currency=_currency(),
        )
    )


def _channel() -> nw.Expr:
    """Return the channel as the view of touches names it."""
    nameless = nw.col("channel").is_null() | (nw.col("channel") == UNATTRIBUTED)
    return nw.when(nameless).then(nw.lit(UNKNOWN_CHANNEL)).otherwise(nw.col("channel"))


def _currency() -> nw.Expr:
    return nw.coalesce("currency", nw.lit(""))


def _dated(engine: Engine, scope: Scope, source: str, costs: Frame) -> pl.DataFrame:
    """Add up the costs of the days in scope by channel and by how they were converted."""
    if scope.starts_on:
        costs = costs.filter(nw.col("rate_day") >= scope.starts_on)
    if scope.ends_on:
        costs = costs.filter(nw.col("rate_day") <= scope.ends_on)
    converted = into_currency(engine, costs.select(*_COST), scope.currency)
    rows = converted.group_by("channel", "currency", CONVERSION).agg(
        nw.len().cast(nw.Int64).alias("entries"), nw.col(REVENUE).sum().cast(nw.Int64)
    )
    return _as_costs(collect(rows), source)


def _campaigns(engine: Engine, scope: Scope) -> pl.DataFrame:
    """Add up each campaign's part of the days in scope; there are few enough to do it here."""
    rows = collect(into_currency(engine, _campaign_costs(engine), scope.currency))
    begins, ends = pl.col("rate_day"), pl.max_horizontal("rate_day", "ended_on")
    dated = rows.with_columns(days=(ends - begins).dt.total_days() + 1)
    through = _days_until(pl.lit(scope.ends_on), "days") if scope.ends_on else pl.col("days")
    before = (
        _days_until(pl.lit(scope.starts_on) - pl.duration(days=1), "days")
        if scope.starts_on
        else pl.lit(0)
    )
    parts = dated.with_columns(through=through, before=before)
    whole = not (scope.starts_on or scope.ends_on)
    undated = pl.col("rate_day").is_null()
    inside = parts.filter((pl.col("through") > pl.col("before")) | undated)
    due = (
        pl.when(undated)
        .then(REVENUE if whole else None)
        .otherwise(_due("through") - _due("before"))
    )
    grouped = inside.with_columns(due.alias(REVENUE)).group_by("channel", "currency", CONVERSION)
    # An undated cost in a period is unknown, like one without a rate: it must not look like 0.
    return _as_costs(
        grouped.agg(
            pl.len().cast(pl.Int64).alias("entries"),
            pl.when(pl.col(REVENUE).is_not_null().all()).then(pl.col(REVENUE).sum()),
        ),
        "campaigns",
    )


def _days_until(day: pl.Expr, days: str) -> pl.Expr:
    """Return how many of a campaign's days lie on or before a day."""
    passed = (day - pl.col("rate_day")).dt.total_days() + 1
    return passed.clip(0, pl.col(days))


def _due(days: str) -> pl.Expr:
    """Return the cost due through so many days, half up; parts of any periods sum to the whole."""
    return (2 * pl.col(REVENUE) * pl.col(days) + pl.col("days")) // (2 * pl.col("days"))


def _as_costs(rows: pl.DataFrame, source: str) -> pl.DataFrame:
    return rows.select("channel", "currency", CONVERSION, "entries", REVENUE, source=pl.lit(source))


def _known(engine: Engine) -> pl.DataFrame:
    """Return the table each channel's costs are taken from, whatever the period."""
    tables = zip(SOURCES, (_spend(engine), _touches(engine), _campaign_costs(engine)), strict=True)
    named = [
        collect(costs.select("channel").unique()).with_columns(source=pl.lit(source))
        for source, costs in tables
    ]
    return pl.concat(named).unique("channel", keep="first", maintain_order=True)


def _unknown() -> pl.Expr:
    return pl.col(CONVERSION).is_in([NO_AMOUNT, NO_RATE]) | pl.col(REVENUE).is_null()


def _summed(chosen: pl.DataFrame) -> pl.DataFrame:
    whole = pl.when(~_unknown().any()).then(pl.col(REVENUE).sum())
    return (
        chosen.group_by("channel")
        .agg(spend_minor=whole, spend_source=pl.col("source").first())
        .sort("channel")
    )


def _warnings(chosen: pl.DataFrame, scope: Scope) -> Iterator[str]:
    for channel, currency, how, entries, minor in (
        chosen.sort("channel", "currency", CONVERSION)
        .select("channel", "currency", CONVERSION, "entries", REVENUE)
        .iter_rows()
    ):
        said = counted(entries, "cost")
        if how == NO_RATE:
            yield (
                f"{channel}: {said} in {currency} without an exchange rate into "
                f"{scope.currency}, so its spend is not known."
            )
        elif how == NO_AMOUNT:
            yield f"{channel}: {said} without an amount, so its spend is not known."
        elif minor is None:
            yield f"{channel}: a campaign's cost without a first day, so its spend is not known."
        elif how == ASSUMED:
            yield f"{channel}: {said} without a currency, taken as {scope.currency}."


def _left_out(costs: pl.DataFrame, known: pl.DataFrame) -> Iterator[str]:
    doubled = costs.join(known, on=["channel", "source"], how="anti")
    if not doubled.is_empty():
        yield (
            "A channel's costs are read from one table only, so that nothing counts twice; "
            f"left out for {counted(doubled['channel'].n_unique(), 'channel')}: the same "
            "channel's costs in other tables."
        )
