"""The bridge of the pipeline between two days, as a chart, a table and the deals of each line."""

import polars as pl
import streamlit as st

from app.caches import pipeline as caches
from app.components import cards, doubts, empty, opened, tables
from app.components.text import literal
from app.pipeline_services import PipelineQuestion
from app.state import Key, View
from core import formats
from core.charts.waterfall import waterfall, waterfall_alt
from core.forecasting.flow import Line, PipelineFlow

_ALL, _DUE = "All open deals", "Due in the period"
_SIGNS = {0: "=", 1: "+", -1: "-"}


def due_only() -> bool:
    """Draw the choice between all open deals and those due in the period."""
    chosen = st.segmented_control(
        "Pipeline counted",
        (_ALL, _DUE),
        default=_ALL,
        required=True,
        key=Key.DUE_ONLY,
        bind="query-params",
        help="Due in the period: expected to close from its first day to the end of its quarter. "
        "Deals whose expected close moves are then pulled in or pushed.",
    )
    return chosen == _DUE


def chart(flow: PipelineFlow) -> Line | None:
    """Draw the bridge and return the line whose bar was clicked."""
    span = f"{formats.day(flow.since)} to {formats.day(flow.until)}, {flow.currency}"
    with cards.card("What became of the pipeline", f"{span}; click a bar to see its deals"):
        if not flow.deals.height:
            empty.nothing_found(
                "No deal was in the pipeline in this period.", "Choose another in the sidebar."
            )
            return None
        picked = cards.clickable(
            waterfall(flow.bridge, flow.currency),
            waterfall_alt(flow.bridge, flow.currency),
            key="pipeline_flow",
        )
    return Line(picked.lower()) if picked else None


def deals_of(line: Line, flow: PipelineFlow, question: PipelineQuestion, view: View) -> None:
    """Draw the deals of a line of the bridge."""
    services = view.services
    rows = caches.deals_of_line(services, services.cache_key, question, line)
    opened.show(
        f"Deals behind {str(line).capitalize()}",
        rows,
        view,
        key=f"flow_deals_{line}",
        proof_minor=flow.amount(line),
    )


def lines(flow: PipelineFlow, view: View) -> None:
    """Draw the bridge as a table, and the line that proves it."""
    currency = view.scope.currency
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header("The bridge line by line", anchor=False, width="content")
        tables.download(flow.bridge, f"pipeline_flow_{currency}.csv", key="flow_download")
    sign = pl.when("is_total").then(0).otherwise("sign")
    way = sign.replace_strict(_SIGNS, return_dtype=pl.String)
    name = pl.col("line").str.slice(0, 1).str.to_uppercase() + pl.col("line").str.slice(1)
    shown = flow.bridge.with_columns(
        tables.in_major("amount_minor", currency), line=pl.format("{} {}", way, name)
    )
    tables.show(
        shown,
        {
            "line": "Line",
            "deals": st.column_config.NumberColumn("Deals", format="%,d"),
            "amount_minor": tables.money_column("Amount", currency),
        },
        "Lines of the pipeline bridge with deals and amounts",
        key="flow_table",
    )
    end = literal(formats.money(flow.amount(Line.END), currency))
    if flow.balances:
        st.markdown(
            ":material/check_circle: start + created + pulled in + increased - decreased - pushed "
            f"- lost - won = **{end}**, to the cent."
        )
    else:
        st.error(f"The lines do not add up to {end}. Report this.")
    doubts.show(flow.warnings)
