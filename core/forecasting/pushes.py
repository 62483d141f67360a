"""Deals that keep moving: how often a close date was pushed, and how much of a period slipped."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from core.errors import InvalidParameterError
from core.forecasting.histories import Histories, end_of
from core.forecasting.landmarks import replay


def push_counts(histories: Histories, as_of: date) -> pl.DataFrame:
    """Count, for each open deal, how often its expected close moved to a later month.

    A move within the month is not a push, nor is a move to an earlier day; this is the counter
    that CRMs keep. Without stage changes nothing was ever seen to move, and the counts are 0.

    Returns
    -------
    polars.DataFrame
        ``deal_id, pushes, days_pushed, due_on``, most pushed first; ``days_pushed`` is from
        the first expected close to the present one.
    """
    at = end_of(as_of)
    known = histories.states.filter(pl.col("from_epoch") < at, pl.col("due_on").is_not_null()).sort(
        "deal", "from_epoch"
    )
    earlier = pl.col("due_on").shift(1).over("deal")
    later_month = pl.col("due_on").dt.truncate("1mo") > earlier.dt.truncate("1mo")
    counted = (
        known.with_columns(is_push=later_month.fill_null(value=False))
        .group_by("deal")
        .agg(
            pushes=pl.col("is_push").sum().cast(pl.Int64),
            days_pushed=(pl.col("due_on").last() - pl.col("due_on").first()).dt.total_days(),
            due_on=pl.col("due_on").last(),
        )
    )
    names = histories.deals.select("deal", "deal_id")
    return (
        counted.join(replay(histories, at).select("deal"), on="deal", how="semi")
        .join(names, on="deal")
        .select("deal_id", "pushes", "days_pushed", "due_on")
        .sort("pushes", "days_pushed", "deal_id", descending=[True, True, False])
    )


@dataclass(frozen=True)
class Slippage:
    """What became, by the end of a period, of the deals due in it at its start.

    Parameters
    ----------
    starts_on, ends_on
        The period.
    due_minor, won_minor, lost_minor, slipped_minor
        Amounts at the start of the period; the last three add up to the first.
    deals, slipped_deals
        How many.
    """

    starts_on: date
    ends_on: date
    due_minor: int
    won_minor: int
    lost_minor: int
    slipped_minor: int
    deals: int
    slipped_deals: int

    @property
    def rate(self) -> float | None:
        """Amount still open after the period over amount due in it; None when nothing was due."""
        return self.slipped_minor / self.due_minor if self.due_minor else None


def slippage(histories: Histories, starts_on: date, ends_on: date) -> Slippage:
    """Measure how much of what was due in a finished period was neither won nor lost in it.

    Raises
    ------
    InvalidParameterError
        If the period ends before it starts.
    """
    if ends_on < starts_on:
        raise InvalidParameterError(
            f"The period would run from {starts_on} back to {ends_on}.", "Swap the two days."
        )
    due = (
        replay(histories, end_of(starts_on - timedelta(days=1)))
        .filter(pl.col("due_on").is_between(starts_on, ends_on))
        .join(histories.deals.select("deal", "outcome", "closed_epoch"), on="deal")
        .with_columns(is_over=pl.col("closed_epoch").fill_null(end_of(ends_on)) < end_of(ends_on))
    )
    over = pl.col("is_over")

    def amount(rows: pl.DataFrame) -> int:
        return int(rows["amount_minor"].sum())

    slipped = due.filter(~over)
    return Slippage(
        starts_on=starts_on,
        ends_on=ends_on,
        due_minor=amount(due),
        won_minor=amount(due.filter(over, pl.col("outcome") == "won")),
        lost_minor=amount(due.filter(over, pl.col("outcome") == "lost")),
        slipped_minor=amount(slipped),
        deals=due.height,
        slipped_deals=slipped.height,
    )
