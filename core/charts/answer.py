"""The chart of an answer: one bar a name, or a line by month, in the unit of the metric."""

from typing import Final

import altair as alt
import polars as pl

from core import formats
from core.charts.credit import MARGIN, MOST_BARS, ROW_HEIGHT
from core.charts.theme import NEUTRAL
from core.metrics import Unit
from core.money import exponent

_PERCENT: Final = 100
_FAINT: Final = 0.2


def answer_bars(rows: pl.DataFrame, unit: Unit, currency: str) -> alt.LayerChart | alt.FacetChart:
    """Draw one bar a name with its figure, in the order of the rows.

    Parameters
    ----------
    rows
        ``name, value``; the value in minor units, as a share of one, a number or days.
    unit
        Unit of the value.
    currency
        Reporting currency.
    """
    shown = _readable(rows.drop_nulls("value").head(MOST_BARS), unit, currency)
    axis = alt.Axis(labelLimit=170, ticks=False, domain=False, labelPadding=8)
    base = alt.Chart(shown).encode(
        y=alt.Y("name:N", title=None, sort=shown["name"].to_list(), axis=axis),
        x=alt.X("amount:Q", title=None, axis=None),
        tooltip=[alt.Tooltip("name:N", title="Name"), alt.Tooltip("label:N", title="Figure")],
    )
    labels = base.mark_text(align="left", dx=6, color=NEUTRAL).encode(text="label:N")
    return alt.layer(base.mark_bar(cornerRadiusEnd=3), labels).properties(
        height=ROW_HEIGHT * shown.height + MARGIN
    )


def answer_line(rows: pl.DataFrame, unit: Unit, currency: str) -> alt.LayerChart | alt.FacetChart:
    """Draw a figure by month; ``name`` is the first day of the month.

    With ``low, high`` each month has an interval, drawn as a band.
    """
    shown = _readable(rows.drop_nulls("value"), unit, currency)
    base = alt.Chart(shown).encode(
        x=alt.X(
            "name:T",
            title=None,
            axis=alt.Axis(format="%b %y", labelOverlap=True, tickCount="month"),
        ),
        y=alt.Y("amount:Q", title=None, axis=alt.Axis(format="~s", tickCount=5)),
        tooltip=[alt.Tooltip("name:T", title="Month", format="%b %Y"), alt.Tooltip("label:N")],
    )
    line = (base.mark_line(strokeWidth=2), base.mark_point(filled=True, size=36, opacity=1))
    if "low" not in shown.columns:
        return alt.layer(*line)
    band = base.mark_area(opacity=_FAINT).encode(y=alt.Y("low:Q", title=None), y2="high:Q")
    return alt.layer(band, *line)


def _readable(rows: pl.DataFrame, unit: Unit, currency: str) -> pl.DataFrame:
    scale = {Unit.MONEY: 10 ** -exponent(currency), Unit.SHARE: _PERCENT}.get(unit, 1)
    interval = [
        (pl.col(end).cast(pl.Float64) * scale).alias(end)
        for end in ("low", "high")
        if end in rows.columns
    ]
    return rows.select(
        "name",
        *interval,
        amount=pl.col("value").cast(pl.Float64) * scale,
        label=pl.Series(
            [formats.figure(value, unit, currency) for value in rows["value"]], dtype=pl.String
        ),
    )
