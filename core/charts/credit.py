"""Charts of credit: who earned the revenue, and how far the models agree."""

from typing import Final

import altair as alt
import polars as pl

from core import formats
from core.charts.theme import NEUTRAL
from core.conversion import REVENUE
from core.money import exponent
from core.schema import UNATTRIBUTED

PICK: Final = "pick"
"""Name of the selection that a click on a bar makes; it holds the ``name`` of the bar."""

ROW_HEIGHT: Final = 28

MARGIN: Final = 20
"""Height the page takes off a chart for its margins; without it a single bar is a hairline."""

LABEL_ROOM: Final = 48
"""Width the longest label takes to the right of the longest bar; print has to leave it."""

MOST_BARS: Final = 15
"""More names than this are not drawn but left to the table."""

_FADED: Final = 0.35


def ranked(
    credit: pl.DataFrame, currency: str, *, clickable: bool = True
) -> alt.LayerChart | alt.FacetChart:
    """Draw one bar a name, the largest first, with its amount; a clicked bar is lit.

    What no touch explains is grey.

    Parameters
    ----------
    credit
        ``name, revenue_minor, deals, share`` of one model.
    currency
        Reporting currency of the amounts.
    clickable
        Whether a click selects; print has no clicks.
    """
    rows = _readable(credit, currency)
    base = alt.Chart(rows).encode(y=_names(rows), tooltip=_tooltip())
    bars = base.mark_bar(cornerRadiusEnd=3).encode(
        x=alt.X("revenue:Q", title=None, axis=None),
        # Revenue that no touch explains is nobody's: it must not look like a channel's.
        color=alt.when(alt.datum.name == UNATTRIBUTED).then(alt.value(NEUTRAL)),
    )
    labels = base.mark_text(align="left", dx=6).encode(x="revenue:Q", text="label:N")
    drawn = alt.layer(_lit_when_picked(bars) if clickable else bars, labels)
    return drawn.properties(height=ROW_HEIGHT * rows.height + MARGIN)


def _lit_when_picked(bars: alt.Chart) -> alt.Chart:
    pick = alt.selection_point(name=PICK, fields=["name"])
    lit = alt.condition(pick, alt.value(1.0), alt.value(_FADED))
    drawn: alt.Chart = bars.mark_bar(cornerRadiusEnd=3, cursor="pointer").encode(opacity=lit)
    return drawn.add_params(pick)


def ranked_alt(credit: pl.DataFrame, currency: str, model: str) -> str:
    """Say in one sentence what the ranking shows."""
    if credit.is_empty():
        return f"Credit by the {model} model: none."
    first = credit.sort(REVENUE, descending=True).row(0, named=True)
    return (
        f"Credit by the {model} model, largest first: {first['name']} with "
        f"{formats.money_compact(first[REVENUE], currency)}, "
        f"{formats.percent(first['share'])} of closed-won revenue."
    )


def _names(rows: pl.DataFrame) -> alt.Y:
    # In a layered chart "-x" is lost: the order is stated.
    axis = alt.Axis(labelLimit=170, ticks=False, domain=False, labelPadding=8)
    return alt.Y("name:N", title=None, sort=rows["name"].to_list(), axis=axis)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title="Credited"),
        alt.Tooltip("amount:N", title="Revenue"),
        alt.Tooltip("of_won:N", title="Share of closed won"),
        alt.Tooltip("deals:Q", title="Deals", format=",.2f"),
    ]


def _readable(credit: pl.DataFrame, currency: str) -> pl.DataFrame:
    ranked_rows = credit.sort(REVENUE, "name", descending=[True, False]).head(MOST_BARS)
    return ranked_rows.select(
        "name",
        "deals",
        revenue=pl.col(REVENUE) / 10 ** exponent(currency),
        amount=pl.Series([formats.money(value, currency) for value in ranked_rows[REVENUE]]),
        label=pl.Series([formats.money_compact(value, currency) for value in ranked_rows[REVENUE]]),
        of_won=pl.Series([formats.percent(value) for value in ranked_rows["share"]]),
    )
