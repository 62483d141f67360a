"""The pipeline: what became of it, whether it is enough, how fast and how often it wins."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from core import formats
from core.charts.categories import categories, categories_alt
from core.charts.waterfall import waterfall, waterfall_alt
from core.forecasting.attainment import Attainment
from core.forecasting.flow import Line as FlowLine
from core.forecasting.flow import PipelineFlow
from core.forecasting.flow_words import course
from core.forecasting.pushes import Slippage
from core.forecasting.velocity import Velocity
from core.forecasting.velocity_rows import velocity_rows
from core.forecasting.win_rate import WinRates
from core.forecasting.win_rate_rows import mark_rows, rate_rows, telling_day
from core.metrics import Unit
from core.periods import quarter_name
from core.reports.content import (
    Block,
    Chart,
    Column,
    FigureCard,
    Figures,
    Line,
    Section,
    Table,
    Tone,
    rows_of,
)
from core.reports.context import Context
from core.reports.options import Part

BRIDGE_HEIGHT, CATEGORIES_HEIGHT = 220, 150
"""Pixels of the two charts."""

_FLOW = (
    Column("line", "Line", width=2),
    Column("deals", "Deals", Unit.DEALS),
    Column("amount_minor", "Amount", Unit.MONEY),
    Column("exact_minor", "to the cent", Unit.MONEY, exact=True, width=1.4),
)
_CATEGORIES = (
    Column("category", "Category", width=2),
    Column("deals", "Deals", Unit.DEALS),
    Column("amount_minor", "Amount", Unit.MONEY),
    Column("expected_minor", "Expected of it", Unit.MONEY),
)
_RATES = (
    Column("basis", "Basis", width=1.3),
    Column("rate", "Won", Unit.SHARE, width=0.7),
    Column("low", "95% from", Unit.SHARE, width=0.8),
    Column("high", "to", Unit.SHARE, width=0.7),
    Column("n", "Deals", Unit.DEALS, width=0.7),
    Column("feeds", "How to read it", width=4),
)
_VELOCITY = (
    Column("segment", "Segment", width=1.6),
    Column("per_day_minor", "A day", Unit.MONEY),
    Column("open_deals", "Open deals", Unit.DEALS),
    Column("win_rate", "Win rate", Unit.SHARE),
    Column("closed_deals", "of closed", Unit.DEALS),
    Column("mean_minor", "Won amount", Unit.MONEY),
    Column("mean_days", "Days to win", Unit.DAYS),
    Column("won_deals", "Won deals", Unit.DEALS),
)


@dataclass(frozen=True)
class PipelineAnswers:
    """What the Pipeline page asks.

    Parameters
    ----------
    flow
        What became of the pipeline between the ends of the period.
    standing
        The quarter that is not over, against its quota.
    categories
        Open deals by how sure they are; None where nothing tells how deals end.
    speed, by_segment
        Velocity of all deals, and of each value of ``segment``.
    rates
        The win rate three ways.
    slipped
        What became of the deals due in the last finished quarter.
    segment
        What the velocities are split by.
    """

    flow: PipelineFlow
    standing: Attainment
    categories: pl.DataFrame | None
    speed: Velocity
    by_segment: tuple[Velocity, ...]
    rates: WinRates
    slipped: Slippage
    segment: str


def pipeline(found: PipelineAnswers, context: Context) -> Section:
    """Show the bridge of the pipeline, what covers the quarter, its speed and its odds.

    Parameters
    ----------
    found
        The answers of the Pipeline page.
    context
        What the report is about.
    """
    blocks = (
        _figures(found, context),
        *_charts(found, context),
        _bridge(found.flow, context),
        Line(_proof(found.flow)),
        *_standing(found, context),
        *(Line(doubt, Tone.NOTE) for doubt in dict.fromkeys(_doubts(found))),
        _speed(found, context),
        _rates(found.rates),
    )
    return Section(Part.PIPELINE, Part.PIPELINE.label, headline(found.flow, context), blocks)


def headline(flow: PipelineFlow, context: Context) -> str:
    """Say whether the pipeline grew, and between what."""
    start, end = (context.money(flow.amount(line)) for line in (FlowLine.START, FlowLine.END))
    if flow.growth is None:
        return f"{course(flow)}: {end} on {formats.day(flow.until)}"
    return (
        f"{course(flow)}: {start} before {context.period.in_words}, {end} on "
        f"{formats.day(flow.until)}"
    )


def _figures(found: PipelineAnswers, context: Context) -> Figures:
    flow, standing, slipped = found.flow, found.standing, found.slipped
    curve = found.rates.curve
    day, needed = telling_day(mark_rows(curve)), standing.coverage_needed
    won_by = None if day is None else curve.won_by(day)
    return Figures(
        (
            FigureCard(
                "Open pipeline",
                context.money(flow.amount(FlowLine.END)),
                formats.counted(flow.count(FlowLine.END), "deal"),
            ),
            FigureCard(
                "Coverage",
                formats.times(standing.coverage),
                f"{formats.times(needed)} needed" if needed else "no past quarter",
            ),
            FigureCard(
                "Velocity a day",
                context.money(found.speed.per_day),
                f"{formats.counted(found.speed.cycle_days.n, 'deal')} won",
            ),
            FigureCard(
                "Won in time" if day is None else f"Within {formats.days(day)}",
                formats.percent(won_by),
                f"of {formats.counted(curve.deals, 'deal')}",
            ),
            FigureCard(
                "Slippage", formats.percent(slipped.rate), f"of {quarter_name(slipped.ends_on)}"
            ),
        )
    )


def _charts(found: PipelineAnswers, context: Context) -> Iterator[Block]:
    flow, totals, currency = found.flow, found.categories, context.currency
    if flow.deals.height:
        yield Chart(
            "pipeline_bridge",
            f"What became of the pipeline, {currency}",
            waterfall(flow.bridge, currency, clickable=False),
            waterfall_alt(flow.bridge, currency),
            height=BRIDGE_HEIGHT,
        )
    if totals is not None and totals["deals"].sum():
        yield Chart(
            "pipeline_categories",
            f"Open deals by how sure they are in {quarter_name(found.standing.ends_on)}, "
            f"{currency}; dark: expected",
            categories(totals, currency, clickable=False),
            categories_alt(totals, currency),
            height=CATEGORIES_HEIGHT,
        )


def _bridge(flow: PipelineFlow, context: Context) -> Table:
    rows = flow.lines.with_columns(_capitalised("line"), exact_minor="amount_minor")
    return Table(
        "pipeline_flow",
        f"The bridge line by line, {formats.day(flow.since)} to {formats.day(flow.until)}, "
        f"{context.currency}",
        _FLOW,
        rows_of(rows.to_dicts(), _FLOW),
    )


def _proof(flow: PipelineFlow) -> str:
    end = formats.money(flow.amount(FlowLine.END), flow.currency)
    lines = "start + created + pulled in + increased - decreased - pushed - lost - won"
    if flow.balances:
        return f"{lines} = {end}, to the cent."
    return f"{lines} is NOT {end}: do not use these figures."


def _standing(found: PipelineAnswers, context: Context) -> Iterator[Block]:
    standing, totals = found.standing, found.categories
    quarter = quarter_name(standing.ends_on)
    if totals is not None:
        yield Table(
            "pipeline_by_category",
            f"Open deals by their chance to be won by {formats.day(standing.ends_on)}, "
            f"{context.currency}",
            _CATEGORIES,
            rows_of(totals.with_columns(_capitalised("category")).to_dicts(), _CATEGORIES),
        )
    yield Line(
        f"{context.money(standing.pipeline_due)} of open pipeline is due by the end of {quarter}, "
        f"overdue deals among it; {_against_quota(standing, context)}."
    )
    slipped = found.slipped
    if slipped.deals:
        yield Line(
            f"Of {context.money(slipped.due_minor)} due in {quarter_name(slipped.ends_on)} "
            f"{context.money(slipped.won_minor)} was won, {context.money(slipped.lost_minor)} "
            f"lost, {context.money(slipped.slipped_minor)} slipped."
        )


def _against_quota(standing: Attainment, context: Context) -> str:
    target = standing.quota.target_minor
    if target is None:
        return "there is no quota to set it against"
    if not standing.still_needed:
        return f"the quota of {context.money(target)} is reached"
    return f"{context.money(standing.still_needed)} of the quota of {context.money(target)} is open"


def _speed(found: PipelineAnswers, context: Context) -> Table:
    whole = velocity_rows((found.speed,)).with_columns(segment=pl.lit("All deals"))
    rows = pl.concat([whole, velocity_rows(found.by_segment)])
    return Table(
        "pipeline_velocity",
        f"Pipeline velocity by {found.segment}, {context.period.label}, {context.currency} a day",
        _VELOCITY,
        rows_of(rows.to_dicts(), _VELOCITY),
        "Open deals x win rate x mean won amount / mean days to win: a rate, not a forecast.",
    )


def _rates(rates: WinRates) -> Table:
    return Table(
        "win_rates",
        f"Win rate, three ways, as known on {formats.day(rates.as_of)}",
        _RATES,
        rows_of(rate_rows(rates).to_dicts(), _RATES),
    )


def _doubts(found: PipelineAnswers) -> Iterator[str]:
    for said in (found.flow, found.standing, found.speed, found.rates):
        yield from said.warnings


def _capitalised(name: str) -> pl.Expr:
    return pl.col(name).str.slice(0, 1).str.to_uppercase() + pl.col(name).str.slice(1)
