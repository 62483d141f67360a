"""The revenue attribution has to explain: won deals in scope, in one currency, with anchors."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import narwhals as nw
import polars as pl

from core import conversion
from core.attribution.results import Anchor
from core.conversion import CONVERSION, REVENUE
from core.engine import Engine, Frame, collect
from core.scope import Scope

ANCHOR_FROM: Final = "anchor_from_epoch"
"""First second of the anchor: the instant itself, or midnight when only its day is known."""

ANCHOR_UNTIL: Final = "anchor_until_epoch"
"""Last second of the anchor: the instant itself, or the end of its day."""

CREATED_UNTIL: Final = "created_until_epoch"
"""Last second of the deal's creation."""

LEAD_UNTIL: Final = "lead_at_epoch"
"""Last second of the moment its first person entered the CRM; null when nobody is known."""

LAST_SECOND_OF_DAY: Final = 86_399

_NAMED_AT_MOST: Final = 5


@dataclass(frozen=True)
class ClosedWon:
    """Closed-won revenue in scope, summed from the deals and never from credits.

    Parameters
    ----------
    deals
        Won deals that count, also those without an amount.
    minor
        Their revenue in minor units of the reporting currency.
    warnings
        What was left out, assumed or unknown.
    """

    deals: int
    minor: int
    warnings: tuple[str, ...]


def won_deals(engine: Engine, scope: Scope, anchor: Anchor, *, names: bool = True) -> Frame:
    """Return the won deals in scope, with revenue in the reporting currency and their anchor.

    The period is the period of the close for either anchor: the question is always what explains
    the revenue closed in it, the anchor only decides which touches may. Deals whose amount cannot
    be converted are left out; `closed_won` names them. A deal without an amount stays, with its
    revenue null.

    Parameters
    ----------
    engine, scope
        Whose deals.
    anchor
        The moment journeys lead up to.
    names
        Whether to carry the names of deals, companies and owners, which sums have no use for.

    Returns
    -------
    Frame
        The columns of ``deal_facts``, or of ``deal_amounts`` without names, ``revenue_minor``,
        ``conversion``, ``anchor_from_epoch``, ``anchor_until_epoch`` and ``created_until_epoch``.
    """
    won = _closed(engine, scope, ("won",), names=names)
    return _anchored(won.filter(nw.col(CONVERSION) != conversion.NO_RATE), anchor)


def closed_deals(engine: Engine, scope: Scope, anchor: Anchor, *, names: bool = True) -> Frame:
    """Return the deals won or lost in scope, as `won_deals` does, with their ``outcome``.

    A lost deal stays whatever its amount: it counts as a journey without a conversion.
    """
    closed = _closed(engine, scope, ("won", "lost"), names=names)
    usable = (nw.col("outcome") == "lost") | (nw.col(CONVERSION) != conversion.NO_RATE)
    return _anchored(closed.filter(usable), anchor)


def without_rate(engine: Engine, scope: Scope) -> Frame:
    """Return the won deals in scope whose amount cannot be converted: no sum holds them."""
    won = _closed(engine, scope, ("won",), names=True)
    return won.filter(nw.col(CONVERSION) == conversion.NO_RATE)


def closed_won(engine: Engine, scope: Scope) -> ClosedWon:
    """Sum closed-won revenue in scope straight from the deals, with everything to be said of it."""
    groups = _Groups(collect(_grouped(_won(engine, scope))))
    counted = groups.rows.filter(pl.col(CONVERSION) != conversion.NO_RATE)
    return ClosedWon(
        deals=int(counted["deals"].sum()),
        minor=int(counted["revenue"].sum()),
        warnings=tuple(_warnings(engine, scope, groups)),
    )


@dataclass(frozen=True)
class _Groups:
    """Won deals counted by how their amount came about."""

    rows: pl.DataFrame

    def deals(self, how: str) -> int:
        return int(self.rows.filter(pl.col(CONVERSION) == how)["deals"].sum())

    def total(self, column: str) -> int:
        return int(self.rows[column].sum())


def _won(engine: Engine, scope: Scope) -> Frame:
    return _closed(engine, scope, ("won",), names=False)


def _closed(engine: Engine, scope: Scope, outcomes: tuple[str, ...], *, names: bool) -> Frame:
    """Return the deals of some outcomes, which reductions of one question share."""
    table = "deal_facts" if names else "deal_amounts"
    key = ("closed", table, scope, outcomes)
    return engine.once(key, lambda: _priced(engine, table, scope, outcomes))


def _priced(engine: Engine, table: str, scope: Scope, outcomes: tuple[str, ...]) -> Frame:
    deals = engine.table(table).filter(nw.col("outcome").is_in(outcomes))
    closed = nw.col("closed_at_epoch")
    if scope.starts_on:
        deals = deals.filter(closed >= _epoch(scope.starts_on))
    if scope.ends_on:
        deals = deals.filter(closed < _epoch(scope.ends_on + timedelta(days=1)))
    if scope.owner_ids:
        deals = deals.filter(nw.col("owner_id").is_in(scope.owner_ids))
    return conversion.into_currency(engine, deals, scope.currency)


def _anchored(deals: Frame, anchor: Anchor) -> Frame:
    moment = "closed_at" if anchor is Anchor.WON else "created_at"
    return deals.with_columns(
        nw.col(f"{moment}_epoch").alias(ANCHOR_FROM),
        last_second(moment).alias(ANCHOR_UNTIL),
        last_second("created_at").alias(CREATED_UNTIL),
    )


def last_second(moment: str) -> nw.Expr:
    """Return the last second of a moment: the end of its day where only the day is known."""
    whole_day = nw.when(nw.col(f"{moment}_is_date")).then(nw.lit(LAST_SECOND_OF_DAY)).otherwise(0)
    return nw.col(f"{moment}_epoch") + whole_day


def _grouped(won: Frame) -> Frame:
    return won.group_by(CONVERSION).agg(
        nw.len().cast(nw.Int64).alias("deals"),
        nw.col(REVENUE).sum().cast(nw.Int64).alias("revenue"),
        (nw.col(REVENUE) < 0).cast(nw.Int64).sum().cast(nw.Int64).alias("negative"),
        nw.col("closed_at_epoch").is_null().cast(nw.Int64).sum().cast(nw.Int64).alias("undated"),
    )


def _warnings(engine: Engine, scope: Scope, groups: _Groups) -> list[str]:
    found = []
    if missing := groups.deals(conversion.NO_RATE):
        found.append(_left_out(engine, scope, missing))
    if blank := groups.deals(conversion.NO_AMOUNT):
        found.append(f"{_deals(blank)} no amount: counted as deals, without revenue.")
    if assumed := groups.deals(conversion.ASSUMED):
        found.append(f"{_deals(assumed)} no currency: the amounts are taken as {scope.currency}.")
    if undated := groups.total("undated"):
        found.append(f"{_deals(undated)} no close date: no touch can be placed before it.")
    if negative := groups.total("negative"):
        found.append(f"{_deals(negative)} a negative amount: the credits are negative too.")
    return found


def _left_out(engine: Engine, scope: Scope, missing: int) -> str:
    lacking = _won(engine, scope).filter(nw.col(CONVERSION) == conversion.NO_RATE)
    rows = collect(lacking.select("deal_id", "currency").sort("deal_id").head(_NAMED_AT_MOST))
    names = ", ".join(f"{deal} in {code}" for deal, code in rows.iter_rows())
    more = " and others" if missing > _NAMED_AT_MOST else ""
    return (
        f"{_deals(missing)} an amount without an exchange rate into {scope.currency} and "
        f"{'is' if missing == 1 else 'are'} left out: {names}{more}."
    )


def _deals(count: int) -> str:
    return "1 won deal has" if count == 1 else f"{count} won deals have"


def _epoch(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
