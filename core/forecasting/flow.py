"""What became of the pipeline between two dates: a bridge that always balances.

start + created + pulled in + increased - decreased - pushed - lost - won = end

With a window of expected close days (a quarter, say) the pipeline is the open deals expected to
close in it: a deal whose day moves into the window is pulled in, one whose day moves out is pushed.
Without a window it is every open deal, and nothing can be pulled in or pushed.

Each deal is in by at most one line and out by at most one: what it was worth when it came in, what
it was worth when it went out (a win at the amount it was won with), and the difference between
the two as increased or decreased. An amount nobody knew yet is worth nothing until it is known,
and is counted in a warning.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import polars as pl

from core.errors import InvalidParameterError
from core.forecasting.histories import Histories, end_of
from core.forecasting.landmarks import replay


class Line(StrEnum):
    """The lines of the bridge, in order."""

    START = "start"
    CREATED = "created"
    PULLED_IN = "pulled in"
    INCREASED = "increased"
    DECREASED = "decreased"
    PUSHED = "pushed"
    LOST = "lost"
    WON = "won"
    END = "end"

    @property
    def sign(self) -> int:
        """1 for what is there or comes in, -1 for what goes out."""
        return -1 if self in _OUT else 1


_OUT = frozenset({Line.DECREASED, Line.PUSHED, Line.LOST, Line.WON})


@dataclass(frozen=True)
class Window:
    """Expected close days, both included."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class PipelineFlow:
    """The bridge between the ends of two days.

    Parameters
    ----------
    since, until
        The two days; both are counted as over.
    window
        Expected close days the pipeline is limited to, or None.
    lines
        One row a line, in order: ``line, deals, amount_minor``; amounts are not negative unless
        the deals' own amounts are, the sign is the line's.
    deals
        One row a deal and a line it is in: ``deal_id, line, amount_minor``.
    currency
        Currency of the amounts.
    warnings
        Doubts to show beside the bridge.
    """

    since: date
    until: date
    window: Window | None
    lines: pl.DataFrame
    deals: pl.DataFrame
    currency: str
    warnings: tuple[str, ...] = ()

    def amount(self, line: Line) -> int:
        """Return the amount of a line in minor units."""
        return int(self.lines.filter(pl.col("line") == str(line))["amount_minor"].item())

    def count(self, line: Line) -> int:
        """Return the number of deals in a line."""
        return int(self.lines.filter(pl.col("line") == str(line))["deals"].item())

    @property
    def bridge(self) -> pl.DataFrame:
        """The lines with how each is drawn: ``line, deals, amount_minor, sign, is_total``."""
        totals = [str(Line.START), str(Line.END)]
        signs = pl.DataFrame({"line": list(map(str, Line)), "sign": [line.sign for line in Line]})
        return self.lines.join(signs, on="line", maintain_order="left").with_columns(
            is_total=pl.col("line").is_in(totals)
        )

    @property
    def growth(self) -> float | None:
        """Change of the pipeline as a share of what it was; None when it was nothing."""
        start = self.amount(Line.START)
        return self.amount(Line.END) / start - 1 if start else None

    @property
    def balances(self) -> bool:
        """Whether start and all movements make up the end, to the last cent."""
        movements = sum(line.sign * self.amount(line) for line in Line if line is not Line.END)
        return movements == self.amount(Line.END)


def pipeline_flow(
    histories: Histories, since: date, until: date, window: Window | None = None
) -> PipelineFlow:
    """Bridge the pipeline from the end of one day to the end of another.

    A deal that was closed on the first day and is open again later counts as created.

    Raises
    ------
    InvalidParameterError
        If the second day is before the first.
    """
    if until < since:
        raise InvalidParameterError(
            f"The flow would run from {since} back to {until}.", "Swap the two days."
        )
    moves = _moves(histories, end_of(since), end_of(until), window)
    rows = _lines_of(moves)
    order = pl.DataFrame({"line": [str(line) for line in Line]})
    sums = rows.group_by("line").agg(
        deals=pl.col("deal").n_unique().cast(pl.Int64), amount_minor=pl.col("amount_minor").sum()
    )
    lines = order.join(sums, on="line", how="left", maintain_order="left").with_columns(
        pl.col("deals", "amount_minor").fill_null(0)  # a line without deals moved nothing
    )
    names = histories.deals.select("deal", "deal_id")
    return PipelineFlow(
        since=since,
        until=until,
        window=window,
        lines=lines,
        deals=rows.join(names, on="deal").select("deal_id", "line", "amount_minor"),
        currency=histories.currency,
        warnings=(*histories.warnings, *_warnings(histories, moves)),
    )


def _moves(histories: Histories, begins: int, ends: int, window: Window | None) -> pl.DataFrame:
    """Return one row a deal in the bridge: where from, where to, and what it was worth at each."""
    # A deal whose expected close is recorded once is where it is now: it did not move in.
    before, after = (histories.with_due_today(replay(histories, at)) for at in (begins, ends))
    closing = histories.deals.filter(pl.col("closed_epoch").is_between(begins, ends, "left"))
    last = histories.states.sort("from_epoch").unique("deal", keep="last", maintain_order=True)
    joined = (
        histories.deals.select("deal", "created_epoch")
        .join(_seen(before, window, "before"), on="deal", how="left")
        .join(_seen(after, window, "after"), on="deal", how="left")
        .join(closing.select("deal", "outcome", final="amount_minor"), on="deal", how="left")
        .join(_seen(last, window, "last"), on="deal", how="left")
        .join(_first(histories, begins), on="deal", how="left")
        .with_columns(pl.col("^is_in_.*$").fill_null(value=False))
    )
    return _worth(joined.with_columns(source=_source(), target=_target()))


def _seen(rows: pl.DataFrame, window: Window | None, name: str) -> pl.DataFrame:
    inside = pl.lit(value=True)
    if window is not None:
        inside = pl.col("due_on").is_between(window.starts_on, window.ends_on)
    return rows.select(
        "deal",
        pl.lit(value=True).alias(f"is_open_{name}"),
        inside.fill_null(value=False).alias(f"is_in_{name}"),
        pl.col("amount_minor").alias(f"worth_{name}"),
    )


def _first(histories: Histories, begins: int) -> pl.DataFrame:
    """Return what each deal was worth in its first state from an instant on."""
    return (
        histories.states.filter(pl.col("from_epoch") >= begins)
        .sort("from_epoch")
        .unique("deal", keep="first", maintain_order=True)
        .select("deal", worth_first="amount_minor")
    )


def _target() -> pl.Expr:
    lost = (pl.col("outcome") == "lost") & (pl.col("is_in_before") | pl.col("is_in_last"))
    return (
        pl.when(pl.col("outcome") == "won")
        .then(pl.lit(str(Line.WON)))
        .when(lost)
        .then(pl.lit(str(Line.LOST)))
        .when(pl.col("is_in_after"))
        .then(pl.lit(str(Line.END)))
        .when(pl.col("is_in_before"))
        .then(pl.lit(str(Line.PUSHED)))
    )


def _source() -> pl.Expr:
    return (
        pl.when(pl.col("is_in_before"))
        .then(pl.lit(str(Line.START)))
        .when(pl.col("is_open_before"))
        .then(pl.lit(str(Line.PULLED_IN)))
        .otherwise(pl.lit(str(Line.CREATED)))
    )


def _worth(moves: pl.DataFrame) -> pl.DataFrame:
    """Add what each deal was worth coming in and going out; unknown is worth nothing yet."""
    going = pl.col("target")
    out = (
        pl.when(going == str(Line.WON))
        .then("final")
        .when(going == str(Line.LOST))
        .then("worth_last")
        .otherwise("worth_after")
    )
    came = pl.when(pl.col("is_open_before").fill_null(value=False)).then("worth_before")
    never_open = pl.col("worth_first").is_null() & pl.col("is_open_last").is_null()
    fresh = pl.when(never_open).then("final").otherwise("worth_first")
    return moves.filter(going.is_not_null()).with_columns(
        is_unknown=out.is_null(),
        worth_in=came.otherwise(fresh).fill_null(0),
        worth_out=out.fill_null(0),
    )


def _lines_of(moves: pl.DataFrame) -> pl.DataFrame:
    """Turn each deal's move into its lines: one in, one out, and one for a change of amount."""
    change = pl.col("worth_out") - pl.col("worth_in")
    parts = [
        moves.select("deal", line="source", amount_minor="worth_in"),
        moves.select("deal", line="target", amount_minor="worth_out"),
        moves.filter(change > 0).select(
            "deal", line=pl.lit(str(Line.INCREASED)), amount_minor=change
        ),
        moves.filter(change < 0).select(
            "deal", line=pl.lit(str(Line.DECREASED)), amount_minor=-change
        ),
    ]
    return pl.concat(parts)


def _warnings(histories: Histories, moves: pl.DataFrame) -> Iterator[str]:
    unknown = moves.filter(pl.col("is_unknown")).height
    if unknown:
        yield f"Deals whose amount is not known, counted without one: {unknown}."
    if not histories.has_stage_history:
        yield "Without stage changes nothing can be seen to increase, decrease, move in or out."
