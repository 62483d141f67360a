"""The sentence above the bridge: whether the pipeline grows, and what moved it most."""

import streamlit as st

from app.components.kpis import Kpi
from app.components.text import literal
from app.state import View
from core import formats
from core.forecasting.flow import Line, PipelineFlow
from core.forecasting.flow_words import course
from core.forecasting.pushes import Slippage
from core.forecasting.velocity import Velocity
from core.forecasting.win_rate import WinRates
from core.forecasting.win_rate_rows import mark_rows, telling_day
from core.periods import quarter_name

SHOWN = (
    "pipeline_flow", "pipeline_category", "pipeline_coverage", "coverage_needed",
    "pipeline_velocity", "win_rate", "created_win_rate", "win_rate_by_age", "push_count",
    "slippage",
)  # fmt: skip
"""Metrics of the page, for the section that says where they come from."""


def show(flow: PipelineFlow, view: View) -> None:
    """Say what became of the pipeline."""
    currency = flow.currency
    amounts = {line: literal(formats.money_compact(flow.amount(line), currency)) for line in Line}
    before = view.period.in_words if view.scope.starts_on else "the first deal"
    start, end = amounts[Line.START], amounts[Line.END]
    st.markdown(
        f"**{course(flow)}.** {start} before {before}, {end} on "
        f"{formats.day(flow.until)}: {amounts[Line.CREATED]} was created, {amounts[Line.LOST]} "
        f"lost and {amounts[Line.WON]} won."
    )


def kpis(
    flow: PipelineFlow, coverage: Kpi, speed: Velocity, rates: WinRates, slipped: Slippage
) -> tuple[Kpi, ...]:
    """Return the figures at the top of the page."""
    day = telling_day(mark_rows(rates.curve))
    grown = None if flow.growth is None else f"{flow.growth * 100:+,.1f}%"
    return (
        Kpi(
            "open_pipeline",
            flow.amount(Line.END),
            flow.count(Line.END),
            change=grown,
            beside=f"vs {formats.month(flow.since)}",
        ),
        coverage,
        Kpi(
            "pipeline_velocity",
            speed.per_day,
            speed.win_rate.n,
            beside=f"{formats.counted(speed.cycle_days.n, 'deal')} won",
            title="Velocity a day",
            why=speed.reason,
        ),
        Kpi(
            "win_rate_by_age",
            None if day is None else rates.curve.won_by(day),
            rates.curve.deals,
            beside=f"closed basis {formats.percent(rates.closed_basis.rate)}",
            title="Won in time" if day is None else f"Won within {day:.0f} days",
        ),
        Kpi(
            "slippage",
            slipped.rate,
            slipped.deals,
            beside=f"of {quarter_name(slipped.ends_on)}",
        ),
    )
