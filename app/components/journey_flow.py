"""The flow of deals from step to step, and what a click on it means."""

from typing import Any

import polars as pl
import streamlit as st

from app.components import cards
from core import formats
from core.attribution.flows import Flow, Stop, flows
from core.attribution.journey_deals import Chosen, Ended, Passing
from core.attribution.patterns import JourneyPatterns
from core.attribution.steps import JourneyQuestion, Side
from core.charts.journeys import (
    Band,
    FlowChart,
    Place,
    flow_chart,
    flow_chart_alt,
    flow_chart_height,
)


def show(patterns: JourneyPatterns) -> Chosen | None:
    """Draw the chart and return what was clicked."""
    bands = [_band(one) for one in flows(patterns)]
    drawn = flow_chart(bands, patterns.question.steps, cards.mode())
    with cards.card(_title(patterns.question), _how_to_read(patterns)):
        event: Any = st.echarts_chart(
            dict(drawn.spec),
            height=flow_chart_height(bands),
            alt=flow_chart_alt(bands),
            key=f"journey_flow_{_key(patterns)}",
            on_select="rerun",
        )
    return _clicked(event, drawn, patterns.drawn)


def _key(patterns: JourneyPatterns) -> str:
    """Return a key of its own for each drawing: a click means nothing on another one."""
    return f"{abs(hash((patterns.fingerprint, patterns.question))):x}"


def _title(question: JourneyQuestion) -> str:
    return f"The {question.side} {question.steps} steps of closed deals"


def _how_to_read(patterns: JourneyPatterns) -> str:
    longer = int(patterns.paths.filter(pl.col("longer"))["deals"].sum())
    side = "later" if patterns.question.side is Side.FIRST else "earlier"
    return (
        f"Width: deals. Touches of one {patterns.question.level} in a row are one step; "
        f"{longer:,} of {formats.counted(patterns.deals, 'deal')} have {side} steps, not drawn. "
        "Click a block or a band for its deals"
    )


def _band(one: Flow) -> Band:
    start = None if one.start is None else (one.start.column, one.start.name)
    end = one.outcome if one.end is None else (one.end.column, one.end.name)
    return Band(start, end, one.deals, one.won)


def _clicked(event: Any, drawn: FlowChart, names: tuple[str, ...]) -> Chosen | None:  # noqa: ANN401
    """Return what a selection stands for; one that an earlier drawing left behind is nothing."""
    for selected in event.selection.get("selected", []):
        index = next(iter(selected["data_indices"]), -1)
        if selected["data_type"] == "edge" and 0 <= index < len(drawn.bands):
            return _of_band(drawn.bands[index], names)
        if selected["data_type"] == "node" and 0 <= index < len(drawn.nodes):
            return _of_node(drawn.nodes[index], names)
    return None


def _of_band(band: Band, names: tuple[str, ...]) -> Chosen:
    start = () if band.start is None else (Stop(*band.start),)
    if isinstance(band.end, str):
        return Passing(start, names, band.end)
    return Passing((*start, Stop(*band.end)), names)


def _of_node(node: Place | str | None, names: tuple[str, ...]) -> Chosen:
    if isinstance(node, str):
        return Ended(node)
    return Passing(() if node is None else (Stop(*node),), names)
