"""Open deals by how sure they are: whole amount, and what is expected of it."""

from typing import Final

import altair as alt
import polars as pl

from core import formats
from core.charts.credit import PICK
from core.charts.theme import NEUTRAL, labelled
from core.money import exponent

_ROW: Final = 56
_FADED: Final = 0.35
_LABEL_ROOM: Final = 125


def categories(
    totals: pl.DataFrame, currency: str, *, clickable: bool = True
) -> alt.LayerChart | alt.FacetChart:
    """Draw one bar a category: the whole amount behind, what is expected of it in front.

    Parameters
    ----------
    totals
        ``category, deals, amount_minor, expected_minor``, surest first.
    currency
        Currency of the amounts.
    clickable
        Whether a click selects; print has no clicks.
    """
    rows = _readable(totals, currency)
    order = rows["name"].to_list()
    axis = alt.Axis(ticks=False, domain=False, labelPadding=8)
    most = float(rows["amount"].max() or 0)  # type: ignore[arg-type]
    scale = labelled([0.0, most or 1.0], _LABEL_ROOM)
    base = alt.Chart(rows).encode(
        y=alt.Y("name:N", title=None, sort=order, axis=axis, scale=alt.Scale(type="band")),
        tooltip=[
            alt.Tooltip("name:N", title="Category"),
            alt.Tooltip("whole:N", title="Amount"),
            alt.Tooltip("expected_text:N", title="Expected of it"),
            alt.Tooltip("deals:Q", title="Deals", format=",d"),
        ],
    )
    whole = base.mark_bar(cornerRadiusEnd=3, color=NEUTRAL, opacity=0.35, size=26).encode(
        x=alt.X("amount:Q", title=None, axis=None, scale=scale)
    )
    expected = base.mark_bar(cornerRadiusEnd=3, size=12).encode(
        x=alt.X("expected:Q", title=None, axis=None, scale=scale)
    )
    labels = base.mark_text(align="left", dx=6, lineBreak="\n").encode(
        x=alt.X("amount:Q", title=None, axis=None, scale=scale), text="label:N"
    )
    first = _lit_when_picked(whole) if clickable else whole
    return alt.layer(first, expected, labels).properties(height=_ROW * rows.height)


def categories_alt(totals: pl.DataFrame, currency: str) -> str:
    """Say in one sentence what the chart shows."""
    said = [
        f"{name} {label.replace(chr(10), ', ')}"
        for name, label in _readable(totals, currency).select("name", "label").iter_rows()
    ]
    return f"Open deals by chance to be won in the quarter: {'; '.join(said)}."


def _lit_when_picked(bars: alt.Chart) -> alt.Chart:
    pick = alt.selection_point(name=PICK, fields=["name"])
    lit = alt.condition(pick, alt.value(_FADED), alt.value(_FADED / 2))
    drawn: alt.Chart = bars.mark_bar(
        cornerRadiusEnd=3, color=NEUTRAL, size=26, cursor="pointer"
    ).encode(opacity=lit)
    return drawn.add_params(pick)


def _readable(totals: pl.DataFrame, currency: str) -> pl.DataFrame:
    unit = 10 ** exponent(currency)
    whole = [round(minor) for minor in totals["amount_minor"]]
    expected = [round(minor) for minor in totals["expected_minor"]]
    counts = totals["deals"].to_list()
    labels = [
        f"{formats.money_compact(amount, currency)}, {formats.counted(count, 'deal')}"
        f"\n{formats.money_compact(part, currency)} expected"
        for amount, part, count in zip(whole, expected, counts, strict=True)
    ]
    return pl.DataFrame(
        {
            "name": [str(name).capitalize() for name in totals["category"]],
            "deals": counts,
            "amount": [amount / unit for amount in whole],
            "expected": [amount / unit for amount in expected],
            "whole": [formats.money(amount, currency) for amount in whole],
            "expected_text": [formats.money(amount, currency) for amount in expected],
            "label": labels,
        }
    )
