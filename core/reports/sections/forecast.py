"""The forecast: what the next periods bring, how sure that is, and how such forecasts did."""

from collections.abc import Iterator

import polars as pl

from core import formats
from core.charts.forecast import fan, fan_alt
from core.forecasting.attainment import Attainment
from core.forecasting.outlook_results import BLIND, Outlook, OutlookStanding
from core.metrics import Unit
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

HISTORY_PERIODS = 12
CHART_HEIGHT = 220
LEVEL = 80
"""Per cent of the interval whose record is shown."""

_PERIODS = (
    Column("period", "Period", width=1.2),
    Column("forecast_minor", "Forecast", Unit.MONEY),
    Column("lo80", "80% from", Unit.MONEY),
    Column("hi80", "to", Unit.MONEY),
    Column("lo95", "95% from", Unit.MONEY),
    Column("hi95", "to", Unit.MONEY),
    Column("booked_minor", "Booked", Unit.MONEY),
    Column("pipeline_minor", "Open deals", Unit.MONEY),
    Column("new_business_minor", "Not yet created", Unit.MONEY, width=1.2),
)
_RECORD = (
    Column("title", "Method", width=2.0),
    Column("wape", "Error (WAPE)", Unit.SHARE),
    Column("skill", "Against last season repeated", width=2.6),
    Column("held", "80% interval held", Unit.SHARE, width=1.3),
    Column("n", "Values", Unit.DEALS, width=0.7),
)


def forecast(outlook: Outlook, standing: Attainment, context: Context) -> Section:
    """Say what the periods ahead bring and show the record of such forecasts.

    Parameters
    ----------
    outlook
        The forecast of the page.
    standing
        Where the first period stands against its quota.
    context
        What the report is about.
    """
    heading = headline(outlook, standing, context)
    if outlook.is_blind:
        return Section(Part.FORECAST, Part.FORECAST.label, heading, tuple(_doubts(outlook)))
    history = outlook.history.tail(HISTORY_PERIODS)
    blocks: list[Block] = [
        _figures(outlook, standing, context),
        Chart(
            "forecast",
            f"Closed won and forecast, {context.currency}; bands 50, 80 and 95%; bar: booked",
            fan(history, outlook.frame, context.currency),
            fan_alt(history, outlook.frame, context.currency),
            height=CHART_HEIGHT,
        ),
        _periods(outlook, context),
        _record(outlook),
        *_doubts(outlook),
    ]
    return Section(Part.FORECAST, Part.FORECAST.label, heading, tuple(blocks))


def headline(outlook: Outlook, standing: Attainment, context: Context) -> str:
    """Say what the period in progress is expected to come to, and how sure that is."""
    row = outlook.frame.row(0, named=True)
    period = formats.period(row["period"])
    if outlook.is_blind:
        return f"{period} cannot be forecast: {BLIND.removesuffix('.')}"
    said = (
        f"{period} is expected to come to {context.money(row['forecast_minor'])}, between "
        f"{context.money(row['lo80'])} and {context.money(row['hi80'])} in 8 of 10 cases"
    )
    if standing.chance is None:
        return said
    return f"{said}; the chance to reach its quota is {formats.chance(standing.chance)}"


def _figures(outlook: Outlook, standing: Attainment, context: Context) -> Figures:
    row, target = outlook.frame.row(0, named=True), standing.quota.target_minor
    between = f"{context.money(row['lo80'])} to {context.money(row['hi80'])}"
    deals = formats.counted(outlook.pipeline.deals.height, "open deal")
    return Figures(
        (
            FigureCard(
                f"Forecast, {formats.period(row['period'])}",
                context.money(row["forecast_minor"]),
                between,
            ),
            FigureCard(
                "Booked",
                context.money(row["booked_minor"]),
                f"by {formats.day(outlook.as_of)}",
            ),
            FigureCard("From open deals", context.money(row["pipeline_minor"]), deals),
            FigureCard("Not yet created", context.money(row["new_business_minor"])),
            FigureCard(
                "Chance of quota",
                formats.chance(standing.chance),
                f"of {context.money(target)}" if target else "no quota",
            ),
        )
    )


def _periods(outlook: Outlook, context: Context) -> Table:
    rows = outlook.frame.with_columns(
        period=pl.Series([formats.period(period) for period in outlook.frame["period"]])
    )
    return Table(
        "forecast_by_period",
        f"Forecast by period, {context.currency}, as of {formats.day(outlook.as_of)}",
        _PERIODS,
        rows_of(rows.to_dicts(), _PERIODS),
    )


def _record(outlook: Outlook) -> Table:
    rows = tuple(
        (line.title, line.wape, line.skill.verdict, _held(line), line.n)
        for line in outlook.standings
    )
    return Table(
        "forecast_record",
        "How such forecasts did on this company's past, from what was known then",
        _RECORD,
        rows,
    )


def _held(line: OutlookStanding) -> float | None:
    """Return how often the 80 % interval held what came; methods without intervals have none."""
    held = (each.hits / each.n for each in line.coverage if each.level == LEVEL and each.n)
    return next(held, None)


def _doubts(outlook: Outlook) -> Iterator[Line]:
    if outlook.drift:
        yield Line(f"Drift alarm: {outlook.drift}", Tone.FINDING)
    yield from (Line(doubt, Tone.NOTE) for doubt in outlook.warnings)
