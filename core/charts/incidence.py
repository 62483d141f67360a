"""The win-rate curve: what share of deals was won and lost within so many days."""

from typing import Final

import altair as alt
import polars as pl

from core import formats
from core.charts.theme import NEUTRAL

HEIGHT: Final = 300


def incidence(curve: pl.DataFrame, marks: pl.DataFrame) -> alt.LayerChart | alt.FacetChart:
    """Draw the shares won and lost by days since the start, with the band of the share won.

    Below each marked day stands how many deals were still open and watched then: where few are
    left the curve says little.

    Parameters
    ----------
    curve
        ``days, won, low, high, lost``, ascending; the curve is level between its days.
    marks
        ``days, at_risk``: the days to mark on the axis.
    """
    days = [float(day) for day in marks["days"]]
    left = dict(zip(days, marks["at_risk"].to_list(), strict=True))
    axis = alt.Axis(
        values=days,
        labelExpr=_under_each_day(left),
        tickCount=len(days),
        grid=False,
        labelFlush=True,
    )
    shares = alt.Axis(format=".0%", tickCount=5)
    x = alt.X("days:Q", title="days since creation, deals still open below", axis=axis)
    base = alt.Chart(curve).encode(x=x)
    tooltip = [
        alt.Tooltip("days:Q", title="Within days", format=".0f"),
        alt.Tooltip("won:Q", title="Won", format=".1%"),
        alt.Tooltip("low:Q", title="95 % band from", format=".1%"),
        alt.Tooltip("high:Q", title="to", format=".1%"),
        alt.Tooltip("lost:Q", title="Lost", format=".1%"),
    ]
    y = alt.Y("won:Q", title=None, axis=shares)
    band = base.mark_area(interpolate="step-after", opacity=0.18).encode(
        y=alt.Y("low:Q", title=None, axis=shares), y2="high:Q"
    )
    won = base.mark_line(interpolate="step-after", strokeWidth=2).encode(y=y, tooltip=tooltip)
    lost = base.mark_line(
        interpolate="step-after", strokeWidth=1.5, strokeDash=[4, 3], color=NEUTRAL
    ).encode(y=alt.Y("lost:Q", title=None, axis=shares))
    last = alt.Chart(curve.tail(1)).encode(x=x)
    words = last.mark_text(align="right", dy=-9, fontWeight=600)
    named = [
        words.encode(y=y, text=alt.value("won")),
        words.encode(y="lost:Q", text=alt.value("lost")),
    ]
    return alt.layer(band, lost, won, *named).properties(height=HEIGHT)


def incidence_alt(curve: pl.DataFrame) -> str:
    """Say in one sentence what the curve shows."""
    if curve.is_empty():
        return "Share of deals won by days since creation; no deal is decided yet."
    last = curve.row(-1, named=True)
    return (
        f"Share of deals won by days since creation: {formats.percent(last['won'])} within "
        f"{formats.days(last['days'])}, 95 % band {formats.percent(last['low'])} to "
        f"{formats.percent(last['high'])}; {formats.percent(last['lost'])} lost."
    )


def _under_each_day(left: dict[float, int]) -> str:
    """Return the expression that writes the number at risk under each day of the axis."""
    counts = ", ".join(f"'{day:.0f}': '{count:,}'" for day, count in left.items())
    return f"[format(datum.value, 'd'), {{{counts}}}[format(datum.value, 'd')]]"
