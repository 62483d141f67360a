"""Measures that tell whether a simulated company looks like a real one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import polars as pl

from core.crm.demo.company import Company
from core.crm.demo.pipeline import SALES, STAGE_NAMES

_JOURNEY_DAYS: Final = 365
_BUNCH_DAYS: Final = 14
_OPEN: Final = 5  # open stages of the sales pipeline


@dataclass(frozen=True)
class Realism:
    """Figures of one company; shares are 0 to 1.

    Parameters
    ----------
    win_rate
        Won of won and lost deals.
    cycle_days
        Median days from creation to a win.
    touches_low, touches_median, touches_high
        5th, 50th and 95th percentile of touches of a won deal's account in the year before.
    touches_most
        Largest number of them.
    log_amount_skew
        Skewness of the logarithm of won amounts; 0 for a log-normal distribution.
    quarter_end_share
        Share of wins in the last 14 days of a quarter, 0.153 if wins were spread evenly.
    december_to_august
        Won revenue of Decembers to that of Augusts.
    growth
        Won revenue of the last twelve months to that of the twelve before.
    spend_share
        Marketing spend to won revenue.
    reached
        Share of decided sales deals that reached each open stage or a later one.
    pushes
        Mean times a decided deal's close date moved to a later month.
    pushed_share
        Share of decided deals to which that happened.
    moved_back_share, skipped_share
        Share of decided sales deals that went back a stage; of won ones that skipped one.
    overdue_share, blank_share
        Share of open deals whose close date has passed; that have no amount.
    untouched_share
        Share of won revenue that would have closed without any touch.
    """

    win_rate: float
    cycle_days: float
    touches_low: float
    touches_median: float
    touches_high: float
    touches_most: int
    log_amount_skew: float
    quarter_end_share: float
    december_to_august: float
    growth: float
    spend_share: float
    reached: tuple[float, ...]
    pushes: float
    pushed_share: float
    moved_back_share: float
    skipped_share: float
    overdue_share: float
    blank_share: float
    untouched_share: float


def observe(company: Company) -> Realism:
    """Measure a company as an outsider would, from its tables; its truth only for one figure."""
    deals = company.tables["deals"]
    decided = deals.filter(pl.col("is_won").is_not_null())
    won = decided.filter("is_won")
    touches = _touches_of_won(company, won)
    pushes = _pushes(company, decided)
    stages = _stages(company, decided)
    return Realism(
        win_rate=won.height / decided.height,
        cycle_days=_number((won["closed_at"] - won["created_at"]).dt.total_hours().median()) / 24,
        touches_low=_number(touches.quantile(0.05)),
        touches_median=_number(touches.median()),
        touches_high=_number(touches.quantile(0.95)),
        touches_most=int(_number(touches.max())),
        log_amount_skew=_number(won["amount_minor"].log().skew()),
        quarter_end_share=_number(_near_quarter_end(won).mean()),
        december_to_august=_revenue(won, 12) / _revenue(won, 8),
        growth=_growth(company, won),
        spend_share=_spent(company) / company.truth.won_revenue_minor,
        reached=tuple(_number((stages["furthest"] >= i).mean()) for i in range(_OPEN)),
        pushes=_number(pushes.mean()),
        pushed_share=_number((pushes > 0).mean()),
        moved_back_share=_number(stages["moved_back"].mean()),
        skipped_share=_number((stages.filter("is_won")["open_stages"] < _OPEN).mean()),
        overdue_share=_overdue(company, deals),
        blank_share=_number(deals.filter(pl.col("is_won").is_null())["amount"].is_null().mean()),
        untouched_share=company.truth.untouched_share or 0.0,
    )


def _number(value: object) -> float:
    """Narrow what a Polars aggregate may return to the number it is here."""
    if not isinstance(value, int | float):
        raise TypeError(f"a measure is {value!r}: the company is too small to be measured")
    return float(value)


def _touches_of_won(company: Company, won: pl.DataFrame) -> pl.Series:
    touches = company.tables["touchpoints"].select("account_id", "occurred_at")
    closed = won.select("deal_id", "account_id", "closed_at")
    before = pl.col("closed_at") - pl.col("occurred_at")
    near = closed.join(touches, on="account_id").filter(
        before.is_between(timedelta(0), timedelta(days=_JOURNEY_DAYS))
    )
    counts = near.group_by("deal_id").len("touches")
    return closed.join(counts, on="deal_id", how="left")["touches"].fill_null(0)


def _pushes(company: Company, decided: pl.DataFrame) -> pl.Series:
    month = pl.col("expected_close_at").dt.truncate("1mo")
    later = (month > month.shift(1)).over("deal_id").fill_null(value=False)
    changes = company.tables["stage_changes"].sort("deal_id", "source_line")
    counts = changes.group_by("deal_id").agg(later.sum().alias("pushes"))
    return decided.join(counts, on="deal_id")["pushes"]


def _stages(company: Company, decided: pl.DataFrame) -> pl.DataFrame:
    """Return for each decided sales deal how far it came and whether it went back."""
    numbers = pl.DataFrame(
        {"stage": STAGE_NAMES[SALES], "number": range(len(STAGE_NAMES[SALES]))},
        schema_overrides={"number": pl.Int64},
    )
    sales = decided.filter(pl.col("pipeline") == SALES).select("deal_id", "is_won")
    changes = company.tables["stage_changes"].sort("deal_id", "source_line")
    numbered = changes.join(numbers, on="stage", maintain_order="left").filter(
        pl.col("number") < _OPEN
    )
    back = (pl.col("number").diff() < 0).over("deal_id").fill_null(value=False)
    summary = numbered.with_columns(back=back).group_by("deal_id")
    return sales.join(
        summary.agg(
            furthest=pl.col("number").max(),
            moved_back=pl.col("back").any(),
            open_stages=pl.col("number").n_unique(),
        ),
        on="deal_id",
    )


def _near_quarter_end(won: pl.DataFrame) -> pl.Series:
    closed = won["closed_at"].dt.date()
    ends = closed.dt.truncate("1q").dt.offset_by("1q")
    return (ends - closed).dt.total_days() <= _BUNCH_DAYS


def _revenue(won: pl.DataFrame, month: int) -> float:
    return _number(won.filter(pl.col("closed_at").dt.month() == month)["amount_minor"].sum())


def _growth(company: Company, won: pl.DataFrame) -> float:
    years_ago = (company.options.ends_on - won["closed_at"].dt.date()).dt.total_days() // 365
    last, before = won.filter(years_ago == 0), won.filter(years_ago == 1)
    return _number(last["amount_minor"].sum()) / _number(before["amount_minor"].sum())


def _spent(company: Company) -> float:
    return _number(company.tables["spend"]["amount_minor"].sum())


def _overdue(company: Company, deals: pl.DataFrame) -> float:
    still_open = deals.filter(pl.col("is_won").is_null())
    return _number((still_open["expected_close_at"] < company.options.ends_on).mean())
