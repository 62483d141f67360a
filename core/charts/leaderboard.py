"""The leaderboard of methods: how much better than the simple one, and how sure that is."""

from typing import Final

import altair as alt
import polars as pl

from core import formats
from core.charts.credit import MARGIN
from core.charts.theme import NEUTRAL

_ROW: Final = 34
_AXIS: Final = 30


def leaderboard(rows: pl.DataFrame) -> alt.LayerChart | alt.FacetChart:
    """Draw each method's skill with its 95 % interval; right of the line it beats the simple one.

    The method that makes the headline is filled, the others are hollow.

    Parameters
    ----------
    rows
        ``title, skill, low, high, error, chosen`` in order; skill 0 is as good as repeating last
        season, 1 would be without error. ``error`` is a text.
    """
    order = rows["title"].to_list()
    shown = rows.with_columns(
        said=pl.Series([_interval(row) for row in rows.iter_rows(named=True)], dtype=pl.String)
    )
    axis = alt.Axis(labelLimit=170, ticks=False, domain=False, labelPadding=8, labelFlush=False)
    y = alt.Y("title:N", title=None, sort=order, axis=axis, scale=alt.Scale(type="band"))
    shares = alt.Axis(format="+.0%", tickCount=5)
    base = alt.Chart(shown).encode(
        y=y,
        tooltip=[
            alt.Tooltip("title:N", title="Method"),
            alt.Tooltip("error:N", title="Error"),
            alt.Tooltip("said:N", title="Skill"),
        ],
    )
    nought = alt.Chart(pl.DataFrame({"x": [0.0]})).mark_rule(color=NEUTRAL, strokeDash=[3, 3])
    reach = base.mark_rule(strokeWidth=5, opacity=0.4, color=NEUTRAL).encode(
        x=alt.X("low:Q", title=None, axis=shares), x2="high:Q"
    )
    x = alt.X("skill:Q", title="better than last season repeated", axis=shares)
    others = base.transform_filter("!datum.chosen").mark_point(
        filled=False, size=80, strokeWidth=2, opacity=1
    )
    chosen = base.transform_filter("datum.chosen").mark_point(filled=True, size=110, opacity=1)
    drawn = alt.layer(nought.encode(x="x:Q"), reach, others.encode(x=x), chosen.encode(x=x))
    return drawn.properties(height=_ROW * rows.height + MARGIN + _AXIS)


def leaderboard_alt(rows: pl.DataFrame) -> str:
    """Say in one sentence who does best and how sure that is."""
    if rows.is_empty():
        return "Methods replayed on the past; none could be measured yet."
    best = rows.row(0, named=True)
    return (
        f"Methods replayed on the past, smallest error first: {best['title']} with an error of "
        f"{best['error']}, skill {_interval(best)}."
    )


def _interval(row: dict[str, object]) -> str:
    skill, low, high = (row[name] for name in ("skill", "low", "high"))
    if not isinstance(skill, float):
        return formats.NOT_KNOWN
    said = formats.percent(skill, 0)
    if not isinstance(low, float) or not isinstance(high, float):
        return f"{said}, too few periods for an interval"
    return f"{said} ({formats.percent(low, 0)} to {formats.percent(high, 0)})"
