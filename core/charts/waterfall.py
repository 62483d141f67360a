"""The bridge of the pipeline: from one day to another, line by line, always adding up."""

from collections.abc import Iterator
from typing import Final

import altair as alt
import polars as pl

from core import formats
from core.charts.credit import MARGIN, PICK, ROW_HEIGHT
from core.charts.theme import NEUTRAL, labelled
from core.money import exponent

_FADED: Final = 0.3
_SHADES: Final = {"total": 1.0, "in": 0.6, "out": 0.8}
"""Opacity of each kind of bar; print without colour tells them apart by it and by the sign."""
_SHADE: Final = alt.Opacity("shade:Q", scale=None, legend=None)
_LABEL_ROOM: Final = 65


def waterfall(
    lines: pl.DataFrame, currency: str, *, clickable: bool = True
) -> alt.LayerChart | alt.FacetChart:
    """Draw one bar a line of the bridge, each beginning where the one above ended.

    Parameters
    ----------
    lines
        ``line, sign, is_total, deals, amount_minor`` in order: a total stands on the axis, other
        lines add (sign 1) or take away (sign -1).
    currency
        Currency of the amounts.
    clickable
        Whether a click selects; print has no clicks.
    """
    rows = pl.DataFrame(list(_bars(lines, currency)), schema=_SCHEMA)
    order = rows["name"].to_list()
    axis = alt.Axis(labelLimit=120, ticks=False, domain=False, labelPadding=8)
    most = float(rows["high"].max() or 0)  # type: ignore[arg-type]
    scale = labelled([min(0.0, float(rows["low"].min() or 0)), most or 1.0], _LABEL_ROOM)  # type: ignore[arg-type]
    base = alt.Chart(rows).encode(
        y=alt.Y("name:N", title=None, sort=order, axis=axis, scale=alt.Scale(type="band")),
        tooltip=[
            alt.Tooltip("name:N", title="Line"),
            alt.Tooltip("amount:N", title="Amount"),
            alt.Tooltip("deals:Q", title="Deals", format=",d"),
        ],
    )
    x = alt.X("low:Q", title=None, axis=None, scale=scale)
    bars = base.mark_bar(cornerRadius=2).encode(
        x=x, x2="high:Q", color=alt.when(alt.datum.kind == "out").then(alt.value(NEUTRAL))
    )
    labels = base.mark_text(align="left", dx=6).encode(
        x=alt.X("high:Q", title=None, axis=None, scale=scale), text="label:N"
    )
    steps = base.mark_tick(thickness=1, color=NEUTRAL, bandSize=ROW_HEIGHT).encode(
        x=alt.X("reached:Q", title=None, axis=None, scale=scale)
    )
    drawn = alt.layer(
        _lit_when_picked(bars) if clickable else bars.encode(opacity=_SHADE), steps, labels
    )
    return drawn.properties(height=ROW_HEIGHT * rows.height + MARGIN)


def waterfall_alt(lines: pl.DataFrame, currency: str) -> str:
    """Say in one sentence what the bridge shows."""
    said = [f"{row['name']} {row['label']}" for row in _bars(lines, currency)]
    return f"Bridge of the pipeline: {formats.listed(said)}."


_SCHEMA: Final = {
    "name": pl.String,
    "kind": pl.String,
    "shade": pl.Float64,
    "deals": pl.Int64,
    "low": pl.Float64,
    "high": pl.Float64,
    "reached": pl.Float64,
    "amount": pl.String,
    "label": pl.String,
}


def _bars(lines: pl.DataFrame, currency: str) -> Iterator[dict[str, object]]:
    """Yield each line with where its bar begins and ends, in whole units of the currency."""
    unit, reached = 10 ** exponent(currency), 0
    for row in lines.iter_rows(named=True):
        minor, signed = int(row["amount_minor"]), int(row["sign"]) * int(row["amount_minor"])
        begins = 0 if row["is_total"] else reached
        reached = minor if row["is_total"] else reached + signed
        mark = "" if row["is_total"] or not minor else "+" if signed > 0 else "-"
        kind = "total" if row["is_total"] else "in" if row["sign"] > 0 else "out"
        yield {
            "name": str(row["line"]).capitalize(),
            "kind": kind,
            "shade": _SHADES[kind],
            "deals": row["deals"],
            "low": min(begins, reached) / unit,
            "high": max(begins, reached) / unit,
            "reached": reached / unit,
            "amount": formats.money(minor, currency),
            "label": f"{mark}{formats.money_compact(abs(minor) if mark else minor, currency)}",
        }


def _lit_when_picked(bars: alt.Chart) -> alt.Chart:
    pick = alt.selection_point(name=PICK, fields=["name"])
    lit = alt.condition(pick, _SHADE, alt.value(_FADED))
    drawn: alt.Chart = bars.mark_bar(cornerRadius=2, cursor="pointer").encode(opacity=lit)
    return drawn.add_params(pick)
