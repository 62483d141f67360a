"""The summary: how the period went, beside the one before."""

import polars as pl

from core import formats
from core.charts.credit import LABEL_ROOM, ranked, ranked_alt
from core.charts.revenue import monthly_won, monthly_won_alt
from core.metrics import Unit, metric
from core.overview import Course, Figure, OverviewResult
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
from core.reports.sections.attribution import printed_height

SHOWN = ("closed_won", "won_deals", "win_rate", "average_deal", "sales_cycle")

CHART_HEIGHT = 300
LOWEST_CHART = 200
"""Pixels of the chart by month alone, and of the lowest beside few bars; else as high as they."""

_COURSES = {Course.UP: "up", Course.DOWN: "down", Course.LEVEL: "level"}

_RECENT = (
    Column("deal", "Deal", width=2.4),
    Column("account", "Company", width=1.8),
    Column("owner", "Owner", width=1.4),
    Column("closed_on", "Won on"),
    Column("revenue_minor", "Amount", Unit.MONEY, exact=True),
)


def summary(result: OverviewResult, credit: pl.DataFrame, context: Context) -> Section:
    """Say how the period went and what stood behind it.

    Parameters
    ----------
    result
        The overview of the period.
    credit
        ``name, deals, revenue_minor, share`` of the model shown first.
    context
        What the report is about.
    """
    beside = not credit.is_empty()
    height = max(printed_height(credit.height), LOWEST_CHART) if beside else CHART_HEIGHT
    blocks: list[Block] = [
        Figures(tuple(_card(result.figures[name], context) for name in SHOWN)),
        Chart(
            "closed_won_by_month",
            f"Closed won by month, {context.currency}; hollow: not over yet",
            monthly_won(result.monthly, context.currency),
            monthly_won_alt(result.monthly, context.currency),
            wide=not beside,
            height=height,
        ),
    ]
    if beside:
        blocks.append(
            Chart(
                "attributed_by_channel",
                f"Attributed revenue by {context.model_name}, {context.currency}",
                ranked(credit, context.currency, clickable=False),
                ranked_alt(credit, context.currency, context.model_title),
                wide=False,
                label_room=LABEL_ROOM,
                height=printed_height(credit.height),
            )
        )
    rows = rows_of(result.recent.to_dicts(), _RECENT)
    blocks.append(Table("last_deals_won", "Last deals won in the period", _RECENT, rows))
    blocks += [Line(doubt, Tone.NOTE) for doubt in result.warnings]
    return Section(Part.SUMMARY, Part.SUMMARY.label, headline(result, context), tuple(blocks))


def headline(result: OverviewResult, context: Context) -> str:
    """Say in a sentence how much was won, and how that compares."""
    won = result.figures["closed_won"]
    deals = formats.counted(won.n, "deal")
    if won.value is None:
        return f"{deals} won in {context.period.label}, none with an amount known"
    said = f"{context.money(won.value)} closed won from {deals} in {context.period.label}"
    moved = formats.change(won.value, won.previous, Unit.MONEY)
    if moved is None or context.before is None:
        return said
    return f"Revenue is {_COURSES[result.course]}: {said}, {moved} on {context.before.in_words}"


def _card(figure: Figure, context: Context) -> FigureCard:
    defined = metric(figure.metric)
    moved = formats.change(figure.value, figure.previous, defined.unit)
    against = f"{moved} vs {context.before.label}" if moved and context.before else ""
    written = formats.figure(figure.value, defined.unit, context.currency)
    return FigureCard(defined.title, written, against)
