"""Charts of deal scores: what each factor adds, and what scores were worth."""

from collections.abc import Sequence
from typing import Final

import altair as alt
import polars as pl

from core import formats
from core.charts.theme import NEUTRAL

ROW_HEIGHT: Final = 24
MARGIN: Final = 40
OTHERS: Final = "All others"

_LIMIT: Final = 190
_BESIDE: Final = 34
"""Pixels a label needs beside the longest bar on either side."""


def contributions(
    names: Sequence[str], values: Sequence[float], facts: Sequence[str], most: int = 9
) -> alt.LayerChart | alt.FacetChart:
    """Draw what each factor adds to the log-odds of a win, right for it and left against it.

    Parameters
    ----------
    names, values, facts
        The factors, the one that matters most first, and what is known of each.
    most
        Bars; further factors are added up in one more.
    """
    rows = _contribution_rows(names, values, facts, most)
    base = alt.Chart(rows).encode(
        y=alt.Y(
            "name:N",
            title=None,
            sort=rows["name"].to_list(),
            axis=alt.Axis(labelLimit=_LIMIT, ticks=False, domain=False, labelPadding=8),
        ),
        tooltip=[
            alt.Tooltip("name:N", title="Factor"),
            alt.Tooltip("label:N", title="Adds to the log-odds"),
            alt.Tooltip("facts:N", title="Known"),
        ],
    )
    against = alt.datum.value < 0
    bars = base.mark_bar(cornerRadiusEnd=3).encode(
        x=alt.X(
            "value:Q",
            title="against a win  |  for a win",
            axis=alt.Axis(tickCount=5),
            scale=alt.Scale(padding=_BESIDE),
        ),
        # Not red and green: the side of the line says it, the colour repeats it.
        color=alt.when(against).then(alt.value(NEUTRAL)),
    )
    labels = base.encode(x="value:Q", text="label:N")
    right = labels.transform_filter("datum.value >= 0").mark_text(align="left", dx=5)
    left = labels.transform_filter("datum.value < 0").mark_text(align="right", dx=-5)
    drawn = alt.layer(bars, right, left)
    return drawn.properties(height=ROW_HEIGHT * rows.height + MARGIN)


def contributions_alt(names: Sequence[str], values: Sequence[float]) -> str:
    """Say in one sentence which factor matters most."""
    if not names:
        return "No factor contributes."
    word = "for" if values[0] >= 0 else "against"
    return f"What each factor adds to the chance; {names[0]} speaks most clearly {word} a win."


def _contribution_rows(
    names: Sequence[str], values: Sequence[float], facts: Sequence[str], most: int
) -> pl.DataFrame:
    shown = list(zip(names, values, facts, strict=True))
    kept, rest = shown[:most], shown[most:]
    if rest:
        kept.append((OTHERS, sum(value for _, value, _ in rest), ""))
    return pl.DataFrame(
        [(name, value, f"{value:+.2f}", known) for name, value, known in kept],
        schema=["name", "value", "label", "facts"],
        orient="row",
    )


def reliability(curve: pl.DataFrame) -> alt.LayerChart | alt.FacetChart:
    """Draw what was said against what came, with 95 % bands; on the diagonal both agree.

    Parameters
    ----------
    curve
        ``said, came, lo, hi, snapshots, deals`` of a calibration record.
    """
    rows = curve.with_columns(
        told=pl.Series([formats.percent(value) for value in curve["said"]]),
        true=pl.Series([formats.percent(value) for value in curve["came"]]),
    )
    top = max(float(curve["hi"].max() or 1), float(curve["said"].max() or 1))  # type: ignore[arg-type]
    scale = alt.Scale(domain=[0, min(1.0, top + 0.03)], nice=False)
    axis = alt.Axis(format=".0%", tickCount=5)
    base = alt.Chart(rows).encode(
        x=alt.X("said:Q", title="Chance that was said", scale=scale, axis=axis),
        tooltip=[
            alt.Tooltip("told:N", title="Said"),
            alt.Tooltip("true:N", title="Came"),
            alt.Tooltip("deals:Q", title="Deals"),
        ],
    )
    bands = base.mark_rule(strokeWidth=2, color=NEUTRAL).encode(
        y=alt.Y("lo:Q", title="Share that was won", scale=scale, axis=axis), y2="hi:Q"
    )
    points = base.mark_point(filled=True, size=60, opacity=1).encode(y="came:Q")
    ends = pl.DataFrame({"said": [0.0, scale.domain[1]], "came": [0.0, scale.domain[1]]})
    diagonal = (
        alt.Chart(ends).mark_line(strokeDash=[4, 4], color=NEUTRAL).encode(x="said:Q", y="came:Q")
    )
    return alt.layer(diagonal, bands, points)


def reliability_alt(error: float) -> str:
    """Say in one sentence how far chances were from what came."""
    return (
        "Chances given in the past against the share won, with bands; on average "
        f"{formats.percent(error)} apart."
    )
