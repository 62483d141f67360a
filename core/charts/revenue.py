"""Charts of closed-won revenue over time."""

import altair as alt
import polars as pl

from core import formats
from core.charts.theme import AMOUNT_LABELS
from core.conversion import REVENUE
from core.money import exponent


def monthly_won(monthly: pl.DataFrame, currency: str) -> alt.LayerChart | alt.FacetChart:
    """Draw closed-won revenue by month; a month that is not over yet is drawn hollow.

    Parameters
    ----------
    monthly
        ``month, revenue_minor, won, complete``.
    currency
        Reporting currency of the amounts.
    """
    rows = _readable(monthly, currency)
    axis = alt.Axis(format="%b %y", labelOverlap=True, tickCount={"interval": "month", "step": 3})
    base = alt.Chart(rows).encode(
        x=alt.X("month:T", title=None, axis=axis),
        y=alt.Y("revenue:Q", title=None, axis=alt.Axis(labelExpr=AMOUNT_LABELS, tickCount=5)),
        tooltip=[
            alt.Tooltip("when:N", title="Month"),
            alt.Tooltip("amount:N", title="Closed won"),
            alt.Tooltip("won:Q", title="Deals won"),
        ],
    )
    whole = alt.datum.complete
    line = base.transform_filter(whole).mark_line(strokeWidth=2)
    points = base.transform_filter(whole).mark_point(filled=True, size=36, opacity=1)
    unfinished = base.transform_filter("!datum.complete").mark_point(
        filled=False, size=60, strokeWidth=2, opacity=1
    )
    return alt.layer(line, points, unfinished)


def monthly_won_alt(monthly: pl.DataFrame, currency: str) -> str:
    """Say in one sentence what the chart shows."""
    whole = monthly.filter(pl.col("complete")).drop_nulls(REVENUE)
    if whole.is_empty():
        return "Closed-won revenue by month; no month is complete yet."
    best = whole.sort(REVENUE, descending=True).row(0, named=True)
    last = whole.row(-1, named=True)
    return (
        f"Closed-won revenue by month: {formats.money_compact(last[REVENUE], currency)} in "
        f"{formats.month(last['month'])}, the last complete month; the highest was "
        f"{formats.money_compact(best[REVENUE], currency)} in {formats.month(best['month'])}."
    )


def _readable(monthly: pl.DataFrame, currency: str) -> pl.DataFrame:
    unfinished = monthly["complete"].not_()
    return monthly.select(
        "month",
        "won",
        "complete",
        revenue=pl.col(REVENUE) / 10 ** exponent(currency),
        amount=pl.Series([formats.money(value, currency) for value in monthly[REVENUE]]),
        when=pl.Series(
            [
                f"{formats.month(month)}{' (not over yet)' if partial else ''}"
                for month, partial in zip(monthly["month"], unfinished, strict=True)
            ]
        ),
    )
