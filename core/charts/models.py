"""Charts that set the models against each other."""

from collections.abc import Mapping, Sequence
from typing import Final

import altair as alt
import polars as pl

from core import formats
from core.charts.credit import MARGIN, MOST_BARS, ROW_HEIGHT
from core.charts.theme import AMOUNT_LABELS, NEUTRAL
from core.money import exponent

AXIS_HEIGHT: Final = 30
"""Room below the rows for the axis, so that they stand level with a ranking beside them."""


def spread(
    comparison: pl.DataFrame, titles: Mapping[str, str], chosen: str, currency: str
) -> alt.LayerChart | alt.FacetChart:
    """Draw, for each name, the range of the models and where the chosen one stands in it.

    A short range means the models agree; a long one, that the choice of model decides.

    Parameters
    ----------
    comparison
        ``name``, a column of minor units a model, ``low_minor``, ``high_minor``.
    titles
        Title of each model, by name.
    chosen
        The model to light.
    currency
        Reporting currency of the amounts.
    """
    shown = comparison.sort(chosen, "name", descending=[True, False]).head(MOST_BARS)
    order = shown["name"].to_list()
    axis = alt.Axis(labelLimit=170, ticks=False, domain=False, labelPadding=8, labelFlush=False)
    # Ticks and dots would get a point scale, which sits half a row off the labels at the top.
    band = alt.Scale(type="band")
    y = alt.Y("name:N", title=None, sort=order, axis=axis, scale=band)
    money_axis = alt.Axis(labelExpr=AMOUNT_LABELS, tickCount=4)
    points = _long(shown, titles, chosen, currency)
    ranges = _ranges(shown, currency)
    line = (
        alt.Chart(ranges)
        .mark_rule(strokeWidth=3, color=NEUTRAL, opacity=0.45)
        .encode(y=y, x=alt.X("low:Q", title=None, axis=money_axis), x2="high:Q")
    )
    base = alt.Chart(points).encode(
        y=y,
        x=alt.X("revenue:Q", title=None, axis=money_axis),
        tooltip=[
            alt.Tooltip("name:N", title="Credited"),
            alt.Tooltip("model:N", title="Model"),
            alt.Tooltip("amount:N", title="Revenue"),
        ],
    )
    others = base.transform_filter("!datum.chosen").mark_tick(
        thickness=2, size=14, color=NEUTRAL, opacity=0.9
    )
    lit = base.transform_filter("datum.chosen").mark_point(filled=True, size=110, opacity=1)
    return alt.layer(line, others, lit).properties(
        height=ROW_HEIGHT * len(order) + MARGIN + AXIS_HEIGHT
    )


def spread_alt(leaders: Mapping[str, str], titles: Mapping[str, str]) -> str:
    """Say in one sentence whether the models agree."""
    if not leaders:
        return "Range of the models for each name; no model gives any credit."
    if len(set(leaders.values())) == 1:
        return f"Range of the models for each name; all models put {_first(leaders)} first."
    said = ", ".join(f"{name} by {titles[model]}" for model, name in leaders.items())
    return f"Range of the models for each name; they differ on who is first: {said}."


def _first(leaders: Mapping[str, str]) -> str:
    return next(iter(leaders.values()))


def _ranges(comparison: pl.DataFrame, currency: str) -> pl.DataFrame:
    unit = 10 ** exponent(currency)
    return comparison.select(
        "name", low=pl.col("low_minor") / unit, high=pl.col("high_minor") / unit
    )


def _long(
    comparison: pl.DataFrame, titles: Mapping[str, str], chosen: str, currency: str
) -> pl.DataFrame:
    models: Sequence[str] = list(titles)
    long = comparison.unpivot(models, index="name", variable_name="by", value_name="minor")
    return long.select(
        "name",
        chosen=pl.col("by") == chosen,
        model=pl.col("by").replace_strict(titles, return_dtype=pl.String),
        revenue=pl.col("minor") / 10 ** exponent(currency),
        amount=pl.Series(
            [formats.money(value, currency) for value in long["minor"]], dtype=pl.String
        ),
    )
