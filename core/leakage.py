"""Columns of deals that give away how a deal ended, and so must not help to predict it.

A reason of loss is written when a deal is lost; a "last activity" is often after the close; a CRM
moves the expected close to the day it closed. A score that learns from such columns looks excellent
on past deals and knows nothing about open ones. Each column is judged by what closed deals have
and open deals lack, not by its name.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import polars as pl

from core.attributes import AttributeKind, attributes
from core.engine import Engine, collect

FEWEST: Final = 10
"""Won deals, lost deals and filled values each from which a column is judged."""

SEPARATES: Final = 0.95
"""Mean of the shares of won and of lost deals that the column alone tells right, from which it
separates them."""

OPEN_LACKS: Final = 0.2
"""Filled share among open deals, relative to closed ones, below which open deals lack a column."""

AFTER_CLOSE: Final = 0.02
"""Share of closed deals with a day after the close, from which a column is written after it."""

AT_CLOSE: Final = 0.9
"""Share of closed deals whose day is that of the close, from which closing writes the column."""

_EXPECTED: Final = 5.0  # filled open deals to expect, from which their lack is no accident
_HARDLY: Final = 0.02  # filled share relative to the other outcome's, up to which it is an error
_CHANCE: Final = 0.001  # probability that all filled deals have one outcome by accident
_COMMON: Final = 0.01  # share of closed deals with a value, below which it is an exception
_BINS: Final = 20  # groups into which numbers and days are cut
_MANY: Final = 0.5  # distinct texts for each filled one, from which a text is a name, not a group
_FIELDS: Final = (
    "owner_id", "pipeline", "stage", "kind", "source", "next_step", "amount", "currency",
    "expected_close_at",
)  # fmt: skip


class Verdict(StrEnum):
    """Whether a score may learn from a column."""

    CLEAR = "clear"
    LEAKS = "leaks"
    SUSPECT = "suspect"
    TOO_FEW = "too few deals to tell"


@dataclass(frozen=True)
class ColumnLeakage:
    """What one column tells about the outcome.

    Parameters
    ----------
    column
        Canonical name, or the header in the export for an extra column.
    is_attribute
        Whether it is an extra column.
    verdict
        Whether a score may learn from it.
    reason
        Why, in a sentence; empty when clear.
    filled_won, filled_lost, filled_open
        Share of won, lost and open deals with a value; None without such deals.
    separation
        Mean of the shares of won and of lost deals that the column alone tells right when each
        value is judged by the other deals: 0.5 tells nothing, 1 everything. None when not judged.
    after_close
        Share of closed deals with a day after the close; None for what is no date.
    """

    column: str
    is_attribute: bool
    verdict: Verdict
    reason: str
    filled_won: float | None
    filled_lost: float | None
    filled_open: float | None
    separation: float | None
    after_close: float | None


@dataclass(frozen=True)
class LeakageReport:
    """The judgement of every column of deals, those that leak first.

    Parameters
    ----------
    columns
        One entry a column.
    won, lost, open
        Deals it rests on.
    """

    columns: tuple[ColumnLeakage, ...]
    won: int
    lost: int
    open: int


def leakage(engine: Engine) -> LeakageReport:
    """Judge every field of deals and every extra column their exports had."""
    rows = collect(engine.table("deals").select("deal_id", "is_won", "closed_at", *_FIELDS))
    deals = rows.select("deal_id", won="is_won", closed_on=pl.col("closed_at").cast(pl.Date))
    fields = [_field(rows, name) for name in _FIELDS]
    extra = attributes(engine)
    aligned = rows.select("deal_id").join(
        extra.frame, on="deal_id", how="left", maintain_order="left"
    )
    added = [_Column(a.name, a.kind, aligned[a.name], is_attribute=True) for a in extra.columns]
    judged = [_judged(_Evidence.of(column, deals)) for column in (*fields, *added)]
    order = [Verdict.LEAKS, Verdict.SUSPECT, Verdict.TOO_FEW, Verdict.CLEAR]
    outcomes = dict(deals["won"].value_counts().iter_rows())
    return LeakageReport(
        tuple(sorted(judged, key=lambda c: (order.index(c.verdict), c.column))),
        won=outcomes.get(True, 0),
        lost=outcomes.get(False, 0),
        open=outcomes.get(None, 0),
    )


@dataclass(frozen=True)
class _Column:
    name: str
    kind: AttributeKind
    values: pl.Series
    is_attribute: bool = False


def _field(rows: pl.DataFrame, name: str) -> _Column:
    values = rows[name]
    if values.dtype == pl.Date:
        return _Column(name, AttributeKind.DATE, values)
    is_number = values.dtype.is_numeric()
    kind = AttributeKind.NUMBER if is_number else AttributeKind.TEXT
    return _Column(name, kind, values.cast(pl.Float64) if is_number else values)


@dataclass(frozen=True)
class _Evidence:
    """One column beside the outcome of each deal: ``value, group, won, closed_on``."""

    column: _Column
    closed: pl.DataFrame
    open: pl.DataFrame

    @classmethod
    def of(cls, column: _Column, deals: pl.DataFrame) -> "_Evidence":
        rows = deals.select("won", "closed_on").with_columns(
            column.values.alias("value"), _groups(column).alias("group")
        )
        is_open = pl.col("won").is_null()
        return cls(column, rows.filter(~is_open), rows.filter(is_open))

    def filled(self, *, won: bool) -> float | None:
        return _filled(self.closed.filter(pl.col("won") == won))

    def count(self) -> int:
        return self.closed["value"].count() + self.open["value"].count()

    def is_judged(self) -> bool:
        won = int(self.closed["won"].sum())
        return min(won, self.closed.height - won, self.count()) >= FEWEST


def _filled(rows: pl.DataFrame) -> float | None:
    return rows["value"].count() / rows.height if rows.height else None


def _groups(column: _Column) -> pl.Series:
    """Return the values as a few groups; a blank is a group of its own."""
    values = column.values
    filled, distinct = values.count(), values.drop_nulls().n_unique()
    if column.kind is AttributeKind.TEXT and distinct > _MANY * filled:
        return values.is_not_null().cast(pl.String)
    if column.kind in (AttributeKind.NUMBER, AttributeKind.DATE) and distinct > _BINS:
        ranks = (values.rank("average") * _BINS / max(filled, 1)).ceil()
        return ranks.cast(pl.String).fill_null("")
    return values.cast(pl.String).fill_null("")


def _judged(evidence: _Evidence) -> ColumnLeakage:
    separation = _separation(evidence.closed) if evidence.is_judged() else None
    verdict, reason = Verdict.CLEAR, ""
    if separation is None:
        verdict = Verdict.TOO_FEW
        reason = f"At least {FEWEST} won deals, lost deals and values are needed to judge it."
    else:
        for check in (_after_close, _at_close, _only_closed, _only_one_outcome):
            reason = check(evidence)
            if reason:
                verdict = Verdict.LEAKS
                break
        else:
            verdict, reason = _by_value(evidence, separation)
    return ColumnLeakage(
        evidence.column.name,
        evidence.column.is_attribute,
        verdict,
        reason,
        filled_won=evidence.filled(won=True),
        filled_lost=evidence.filled(won=False),
        filled_open=_filled(evidence.open),
        separation=separation,
        after_close=_share_of_days(evidence, pl.col("value") > pl.col("closed_on")),
    )


def _share_of_days(evidence: _Evidence, condition: pl.Expr) -> float | None:
    """Return the share of closed deals with a day for which a condition on it holds."""
    if evidence.column.kind is not AttributeKind.DATE:
        return None
    dated = evidence.closed.drop_nulls(["value", "closed_on"])
    return float(dated.select(condition.mean()).item()) if dated.height >= FEWEST else None


def _after_close(evidence: _Evidence) -> str:
    share = _share_of_days(evidence, pl.col("value") > pl.col("closed_on"))
    if share is None or share < AFTER_CLOSE:
        return ""
    return f"{share:.0%} of closed deals carry a day after their close."


def _at_close(evidence: _Evidence) -> str:
    share = _share_of_days(evidence, pl.col("value") == pl.col("closed_on"))
    if share is None or share < AT_CLOSE:
        return ""
    return f"{share:.0%} of closed deals carry the very day of their close: closing writes it."


def _only_closed(evidence: _Evidence) -> str:
    """Say so where open deals lack what closed deals have, beyond chance."""
    closed, still_open = _filled(evidence.closed) or 0.0, _filled(evidence.open)
    expected = closed * evidence.open.height
    if still_open is None or expected < _EXPECTED or still_open >= OPEN_LACKS * closed:
        return ""
    return f"{closed:.0%} of closed deals have it and {still_open:.0%} of open ones."


def _only_one_outcome(evidence: _Evidence) -> str:
    """Say so where being filled means won, or means lost, and open deals are filled less."""
    by_outcome = {won: evidence.filled(won=won) or 0.0 for won in (True, False)}
    most = max(by_outcome, key=lambda won: by_outcome[won])
    least = min(by_outcome.values())
    filled = evidence.closed["value"].count()
    of_closed = evidence.closed.select((pl.col("won") == most).mean()).item()
    chance = float(of_closed or 0.0) ** filled
    still_open = _filled(evidence.open) or 0.0
    has_both = least > _HARDLY * by_outcome[most] or chance > _CHANCE
    if filled < FEWEST or has_both or still_open >= OPEN_LACKS * by_outcome[most]:
        return ""
    which, other = ("won", "lost") if most else ("lost", "won")
    return f"{by_outcome[most]:.0%} of {which} deals have it and {least:.0%} of {other} ones."


def _by_value(evidence: _Evidence, separation: float) -> tuple[Verdict, str]:
    if separation < SEPARATES:
        return Verdict.CLEAR, ""
    told = f"Alone it tells {separation:.0%} of closed deals right"
    sizes = evidence.closed.group_by("group").len()
    common = sizes.filter(pl.col("len") >= _COMMON * evidence.closed.height)["group"]
    shared = evidence.open.select(pl.col("group").is_in(common.implode()).mean()).item()
    if shared is not None and shared < OPEN_LACKS:
        return Verdict.LEAKS, f"{told}, and {1 - shared:.0%} of open deals have other values."
    return Verdict.SUSPECT, f"{told}; make sure that it is known before the close."


def _separation(closed: pl.DataFrame) -> float:
    """Return how well a deal's group tells its outcome, each deal judged by the others.

    A group's deals say won where more than the overall share of them was won. A deal alone in
    its group is told by nothing, which counts half.
    """
    won = pl.col("won").cast(pl.Float64)
    base = closed["won"].mean()
    others = (won.sum().over("group") - won) / (pl.len().over("group") - 1)
    told = (
        pl.when(others.is_nan() | (others == base))
        .then(0.5)
        .otherwise(((others > base) == pl.col("won")).cast(pl.Float64))
    )
    right = closed.select("won", told=told).group_by("won").agg(pl.col("told").mean())
    return float(right["told"].mean())  # type: ignore[arg-type]
