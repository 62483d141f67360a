"""Models measured against truth, drawn."""

from collections.abc import Mapping
from typing import Final

import altair as alt
import polars as pl

from core import formats
from core.charts.credit import MARGIN
from core.charts.theme import NEUTRAL

_ROW_HEIGHT: Final = 24
_FADED: Final = 0.45


def misallocation(
    rows: pl.DataFrame, titles: Mapping[str, str], chosen: str
) -> alt.LayerChart | alt.FacetChart:
    """Draw what each model misallocates: a bar to the mean, a tick at the worst company.

    Parameters
    ----------
    rows
        ``model, of_won, of_won_worst``, as `core.attribution.trust_record.by_model` returns them.
    titles
        Title of every model, by name.
    chosen
        The model to light.
    """
    known = rows.filter(pl.col("model").is_in(list(titles)))
    shown = known.select(
        "of_won",
        "of_won_worst",
        title=pl.Series([titles[model] for model in known["model"]], dtype=pl.String),
        chosen=pl.col("model") == chosen,
        mean=pl.Series([_percent(share) for share in known["of_won"]], dtype=pl.String),
        worst=pl.Series([_percent(share) for share in known["of_won_worst"]], dtype=pl.String),
    )
    axis = alt.Axis(labelLimit=220, ticks=False, domain=False, labelPadding=8)
    y = alt.Y("title:N", title=None, sort=shown["title"].to_list(), axis=axis)
    tooltip = [
        alt.Tooltip("title:N", title="Model"),
        alt.Tooltip("mean:N", title="Misallocated, mean"),
        alt.Tooltip("worst:N", title="Worst company"),
    ]
    base = alt.Chart(shown).encode(y=y, tooltip=tooltip)
    share = alt.Axis(format="%", tickCount=5)
    bars = base.mark_bar(cornerRadiusEnd=3).encode(
        x=alt.X("of_won:Q", title=None, axis=share, scale=alt.Scale(domain=[0, 1])),
        opacity=alt.when(alt.datum.chosen).then(alt.value(1.0)).otherwise(alt.value(_FADED)),
    )
    worst = base.mark_tick(thickness=2, size=14, color=NEUTRAL).encode(x="of_won_worst:Q")
    labels = base.mark_text(align="left", dx=6).encode(x="of_won_worst:Q", text="mean:N")
    return alt.layer(bars, worst, labels).properties(height=_ROW_HEIGHT * shown.height + MARGIN)


def misallocation_alt(rows: pl.DataFrame, titles: Mapping[str, str]) -> str:
    """Say in one sentence which model misallocates least and which most."""
    known = rows.filter(pl.col("model").is_in(list(titles))).sort("of_won")
    if known.is_empty():
        return "No model has been measured."
    best, last = known.row(0, named=True), known.row(-1, named=True)
    return (
        "Part of won revenue each model misallocates on simulated companies: least "
        f"{titles[best['model']]} with {_percent(best['of_won'])}, most "
        f"{titles[last['model']]} with {_percent(last['of_won'])}."
    )


def _percent(share: float) -> str:
    return formats.percent(share, 0)
