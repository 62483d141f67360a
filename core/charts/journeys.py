"""Charts of journeys: how deals flow from step to step, and what won and lost ones met."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import polars as pl

from core import formats
from core.charts.credit import MARGIN, PICK, ROW_HEIGHT
from core.charts.theme import (
    CHANNELS,
    NEUTRAL,
    OUTCOME_COLOURS,
    OUTCOMES,
    PALETTE,
    TEXT,
    Mode,
    channel_slots,
)

OTHER: Final = "Other"
UNTOUCHED: Final = "No touch"
CLOSED: Final = ("won", "lost")
_HEIGHT: Final = 440

Place = tuple[int, str | None]
"""A step from the left, from 1, and the name met there; None for the others."""


@dataclass(frozen=True)
class Band:
    """A band of the flow chart.

    Parameters
    ----------
    start
        Where it comes from; None for deals without a touch.
    end
        Where it goes to, or the outcome, ``won`` or ``lost``.
    deals, won
        How many deals, and how many of them were won.
    """

    start: Place | None
    end: Place | str
    deals: int
    won: int


@dataclass(frozen=True)
class FlowChart:
    """A drawing of flows, and what its nodes and bands stand for, by their position in it.

    Parameters
    ----------
    spec
        What ECharts draws.
    nodes
        What each node stands for: a place, an outcome, or None for no touch.
    bands
        What each band stands for.
    """

    spec: Mapping[str, Any]
    nodes: tuple[Place | str | None, ...]
    bands: tuple[Band, ...]


def flow_chart(bands: Sequence[Band], steps: int, mode: Mode) -> FlowChart:
    """Draw deals flowing from step to step into won and lost, in the colours of the channels.

    Parameters
    ----------
    bands
        The flows.
    steps
        Number of steps looked at: outcomes stand to the right of them.
    mode
        The surface, for colours have to be written out.
    """
    nodes = _nodes(bands)
    ids = _ids(nodes)
    text = {"color": TEXT[mode], "fontSize": 12}
    names = sorted({place[1] for place in nodes if isinstance(place, tuple) and place[1]})
    colours = _colours(names, mode)
    spec = {
        "tooltip": {"trigger": "item", "valueFormatter": "%,d deals"},
        "series": [
            {
                "type": "sankey",
                "selectedMode": "single",
                "nodeAlign": "justify",
                "nodeGap": 10,
                "nodeWidth": 14,
                "layoutIterations": 24,
                "left": 4,
                "right": 70,
                "top": 8,
                "bottom": 8,
                "draggable": False,
                "emphasis": {"focus": "adjacency"},
                "label": text,
                "lineStyle": {"color": "source", "opacity": 0.28, "curveness": 0.5},
                "data": [{"name": ids[node], **_node(node, steps, colours)} for node in nodes],
                "links": [
                    {"source": ids[band.start], "target": ids[band.end], "value": band.deals}
                    for band in bands
                ],
            }
        ],
    }
    return FlowChart(spec, tuple(nodes), tuple(bands))


def flow_chart_height(bands: Sequence[Band]) -> int:
    """Return the height that leaves every node of the fullest step room for its label."""
    columns: dict[int, set[Place]] = {}
    for band in bands:
        if band.start is not None:
            columns.setdefault(band.start[0], set()).add(band.start)
    fullest = max((len(places) for places in columns.values()), default=0)
    return max(_HEIGHT, fullest * (ROW_HEIGHT + MARGIN))


def flow_chart_alt(bands: Sequence[Band]) -> str:
    """Say in one sentence what the chart shows."""
    between = [band for band in bands if band.start is not None and not isinstance(band.end, str)]
    won = sum(band.deals for band in bands if band.end == "won")
    lost = sum(band.deals for band in bands if band.end == "lost")
    ended = f"{formats.counted(won, 'deal')} won and {lost:,} lost"
    if not between:
        return f"Flow of closed deals from step to step: {ended}, none with two steps."
    largest = max(between, key=lambda band: band.deals)
    return (
        f"Flow of closed deals from step to step: {ended}. The largest flow is "
        f"{label(largest.start)} to {label(largest.end)}, {formats.counted(largest.deals, 'deal')}."
    )


def label(node: Place | str | None) -> str:
    """Return what a node is called.

    >>> label((1, "Email")), label((2, None)), label("won"), label(None)
    ('1. Email', '2. Other', 'Won', 'No touch')
    """
    if node is None:
        return UNTOUCHED
    if isinstance(node, str):
        return OUTCOMES[node]
    return f"{node[0]}. {OTHER if node[1] is None else node[1]}"


def met(rows: pl.DataFrame, *, clickable: bool = True) -> alt.LayerChart | alt.FacetChart:
    """Draw, for each name, the part of won and of lost deals that met it, joined by a line.

    Parameters
    ----------
    rows
        ``name, won, lost, won_share, lost_share``.
    clickable
        Whether a click selects; print has no clicks.
    """
    shown = rows.drop_nulls(["won_share", "lost_share"])
    order, titles = shown["name"].to_list(), [OUTCOMES[one] for one in CLOSED]
    axis = alt.Axis(labelLimit=170, ticks=False, domain=False, labelPadding=8, labelFlush=False)
    y = alt.Y("name:N", title=None, sort=order, axis=axis, scale=alt.Scale(type="band"))
    percent = alt.Axis(format="%", tickCount=5)
    line = (
        alt.Chart(shown)
        .mark_rule(strokeWidth=3, color=NEUTRAL, opacity=0.45)
        .encode(y=y, x=alt.X("lost_share:Q", title=None, axis=percent), x2="won_share:Q")
    )
    long = pl.concat(
        shown.select("name", outcome=pl.lit(OUTCOMES[one]), share=f"{one}_share", deals=pl.col(one))
        for one in CLOSED
    )
    points = (
        alt.Chart(long)
        .mark_point(filled=True, size=90, opacity=1.0)
        .encode(
            y=y,
            x=alt.X("share:Q", title=None, axis=percent),
            shape=alt.Shape(
                "outcome:N",
                scale=alt.Scale(domain=titles, range=["circle", "diamond"]),
                legend=alt.Legend(title=None, orient="top"),
            ),
            color=alt.Color(
                "outcome:N",
                scale=alt.Scale(domain=titles, range=[OUTCOME_COLOURS[one] for one in CLOSED]),
                legend=alt.Legend(title=None, orient="top"),
            ),
            tooltip=[
                alt.Tooltip("name:N", title="Met"),
                alt.Tooltip("outcome:N", title="Outcome"),
                alt.Tooltip("share:Q", title="Part of these deals", format=".1%"),
                alt.Tooltip("deals:Q", title="Deals", format=",d"),
            ],
        )
    )
    if clickable:
        points = _lit_when_picked(points)
    return alt.layer(line, points).properties(height=ROW_HEIGHT * len(order) + 3 * MARGIN)


def _lit_when_picked(points: alt.Chart) -> alt.Chart:
    pick = alt.selection_point(name=PICK, fields=["name", "outcome"])
    lit = alt.condition(pick, alt.value(1.0), alt.value(0.35))
    drawn: alt.Chart = points.mark_point(filled=True, size=90, cursor="pointer")
    return drawn.encode(opacity=lit).add_params(pick)


def met_alt(rows: pl.DataFrame) -> str:
    """Say in one sentence what the chart shows."""
    known = rows.drop_nulls(["won_share", "lost_share"])
    if known.is_empty():
        return "Part of won and of lost deals that met each name: nothing to compare."
    gap = known.with_columns(gap=pl.col("won_share") - pl.col("lost_share"))
    widest = gap.sort(pl.col("gap").abs(), descending=True).row(0, named=True)
    return (
        "Part of won and of lost deals that met each name; the widest gap is "
        f"{widest['name']} with {formats.percent(widest['won_share'], 0)} of won and "
        f"{formats.percent(widest['lost_share'], 0)} of lost deals."
    )


def _nodes(bands: Sequence[Band]) -> list[Place | str | None]:
    places: dict[Place | str | None, None] = {}
    for band in bands:
        places.setdefault(band.start)
        places.setdefault(band.end)
    return sorted(places, key=_position)


def _position(node: Place | str | None) -> tuple[int, str]:
    if isinstance(node, tuple):
        return node[0], node[1] or "\uffff"
    return (0, "") if node is None else (1000, "0" if node == "won" else "1")


def _ids(nodes: Sequence[Place | str | None]) -> dict[Place | str | None, str]:
    """Name nodes for ECharts: readable, for tooltips show it, and no two alike."""
    ids: dict[Place | str | None, str] = {}
    for node in nodes:
        name = label(node)
        while name in ids.values():
            name += " (others)"
        ids[node] = name
    return ids


def _node(node: Place | str | None, steps: int, colours: Mapping[str, str]) -> dict[str, Any]:
    if isinstance(node, tuple):
        depth, colour = node[0] - 1, colours.get(node[1] or "", NEUTRAL)
        shown = OTHER if node[1] is None else node[1]
    elif node is None:
        depth, colour, shown = steps - 1, NEUTRAL, UNTOUCHED
    else:
        depth, colour, shown = steps, OUTCOME_COLOURS[node], OUTCOMES[node]
    return {
        "depth": depth,
        "itemStyle": {"color": colour, "borderWidth": 0},
        "label": {"formatter": _plain(shown)},
    }


def _plain(text: str) -> str:
    """Return text that a template of ECharts shows as it is."""
    return text.replace("{", "(").replace("}", ")").replace("|", "/")


def _colours(names: Sequence[str], mode: Mode) -> dict[str, str]:
    palette = PALETTE[mode]
    # Campaigns have no slots: among themselves they take the colours in turn.
    slots = channel_slots(names) if set(names) & set(CHANNELS) else names
    return {name: palette[min(slot, len(palette) - 1)] for slot, name in enumerate(slots)}
