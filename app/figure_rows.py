"""Answers of the services as figures of the catalogue, one a row; nothing is computed here."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import polars as pl

from app.journey_words import MOST_PATHS, path_in_words
from core.attribution.patterns import JourneyPatterns
from core.attribution.performance import ChannelPerformance
from core.attribution.results import AttributionResult
from core.deals.scoring import DealScores
from core.deals.summary import DealTotals
from core.forecasting.attainment import Attainment
from core.forecasting.flow import Line, PipelineFlow
from core.forecasting.outlook_results import Outlook, OutlookStanding
from core.forecasting.pushes import Slippage
from core.forecasting.velocity import Velocity
from core.forecasting.win_rate import WinRates
from core.forecasting.win_rate_rows import rate_rows
from core.metrics import METRICS, Unit, metric
from core.overview import OverviewResult
from core.periods import quarter_name
from core.quality import Quality


class ShownOn(StrEnum):
    """The pages that show figures, by their name in the address."""

    OVERVIEW = "overview"
    ATTRIBUTION = "attribution"
    JOURNEYS = "journeys"
    PIPELINE = "pipeline"
    FORECAST = "forecast"
    DEALS = "deals"
    DATA_QUALITY = "data_quality"
    ASK = "ask"


@dataclass(frozen=True)
class FigureRow:
    """One figure as a page shows it.

    Parameters
    ----------
    name
        In the metrics catalogue.
    value
        Minor units for money, a share of one, or a number; None where it is not defined.
    of
        What it is of: a channel, a period, a table, the id of a deal; empty for the whole.
    page
        The page that shows it.
    """

    name: str
    value: float | None
    of: str
    page: ShownOn

    @property
    def unit(self) -> Unit:
        """What it is counted in."""
        return metric(self.name).unit


_OF_PERIOD: Final = {
    "forecast": "forecast_minor",
    "booked": "booked_minor",
    "expected_revenue": "pipeline_minor",
    "new_business": "new_business_minor",
}
_OF_CREDIT: Final = {
    "attributed_revenue": "revenue_minor",
    "attributed_deals": "deals",
    "credit_share": "share",
}
_OF_CHANNEL: Final = {
    "spend": "spend_minor",
    "roi": "roi",
    "cac": "cac_minor",
    "channel_win_rate": "win_rate",
}
_OF_OUTCOME: Final = {
    "journey_touches": "touches",
    "journey_steps": "steps",
    "journey_days": "days",
}
_BASES: Final = {"Closed basis": "win_rate", "Created cohort": "created_win_rate"}
"""What the rates of the Pipeline page are called; the third is of an age, which names it."""

_SHOWN_LEVEL: Final = 80


def of_overview(found: OverviewResult) -> Iterator[FigureRow]:
    """Return the cards of the overview."""
    for figure in found.figures.values():
        yield FigureRow(figure.metric, figure.value, "", ShownOn.OVERVIEW)


def of_credit(found: AttributionResult, model: str) -> Iterator[FigureRow]:
    """Return what a model gives to each channel, and what no touch explains."""
    rows = found.frame.filter(pl.col("model") == model)
    yield from _columns(rows, found.question.level.value, _OF_CREDIT, ShownOn.ATTRIBUTION)
    share = found.reconciliation[model].unattributed_share
    yield FigureRow("unattributed_share", share, "", ShownOn.ATTRIBUTION)


def of_channels(found: ChannelPerformance) -> Iterator[FigureRow]:
    """Return what each channel cost and earned."""
    yield from _columns(found.frame, "channel", _OF_CHANNEL, ShownOn.ATTRIBUTION)


def of_journeys(found: JourneyPatterns) -> Iterator[FigureRow]:
    """Return what won and lost journeys come to, what they met, and the paths of the page."""
    page = ShownOn.JOURNEYS
    yield from _columns(found.outcomes, "outcome", _OF_OUTCOME, page)
    for outcome in ("won", "lost"):
        met = found.met.with_columns(of=pl.format("{}, {}", "name", pl.lit(outcome)))
        yield from _columns(met, "of", {"met_share": f"{outcome}_share"}, page)
    paths = found.paths.head(MOST_PATHS).with_columns(of=path_in_words(found.question))
    yield from _columns(paths, "of", {"path_win_rate": "win_rate"}, page)


def of_flow(found: PipelineFlow) -> Iterator[FigureRow]:
    """Return the open pipeline and the lines of its bridge."""
    yield FigureRow("open_pipeline", found.amount(Line.END), "", ShownOn.PIPELINE)
    yield from _columns(found.lines, "line", {"pipeline_flow": "amount_minor"}, ShownOn.PIPELINE)


def of_speed(speed: Velocity, rates: WinRates, slipped: Slippage) -> Iterator[FigureRow]:
    """Return how fast the pipeline flows, how likely it is won, how much of it slips."""
    page = ShownOn.PIPELINE
    yield FigureRow("pipeline_velocity", speed.per_day, "", page)
    for row in rate_rows(rates).iter_rows(named=True):
        name = _BASES.get(row["basis"], "win_rate_by_age")
        yield FigureRow(name, row["rate"], row["basis"], page)
    yield FigureRow("slippage", slipped.rate, quarter_name(slipped.ends_on), page)


def of_pushes(pushes: pl.DataFrame) -> Iterator[FigureRow]:
    """Return how often open deals were pushed, those that were."""
    pushed = pushes.filter(pl.col("pushes") > 0)
    yield from _columns(pushed, "deal_id", {"push_count": "pushes"}, ShownOn.PIPELINE)


def of_coverage(found: Attainment) -> Iterator[FigureRow]:
    """Return how far the open pipeline covers what the quarter still needs."""
    quarter = quarter_name(found.ends_on)
    yield FigureRow("pipeline_coverage", found.coverage, quarter, ShownOn.PIPELINE)
    yield FigureRow("coverage_needed", found.coverage_needed, quarter, ShownOn.PIPELINE)


def of_categories(totals: pl.DataFrame) -> Iterator[FigureRow]:
    """Return how sure the open deals of the quarter are."""
    amounts = {"pipeline_category": "amount_minor"}
    yield from _columns(totals, "category", amounts, ShownOn.PIPELINE)


def of_forecast(found: Outlook, standing: Attainment, deals: pl.DataFrame) -> Iterator[FigureRow]:
    """Return what is to come by period, its quota, its deals, and the record of the methods."""
    page, first = ShownOn.FORECAST, found.periods[0].label
    yield from _columns(found.frame, "period", _OF_PERIOD, page)
    yield FigureRow("quota", standing.quota.target_minor, first, page)
    yield FigureRow("quota_chance", standing.chance, first, page)
    for line in found.standings:
        if line.n:
            yield from _of_standing(line)
    yield from _columns(deals, "deal_id", {"forecast_chance": "p_win"}, page)


def _of_standing(line: OutlookStanding) -> Iterator[FigureRow]:
    """Return the record of one method."""
    page = ShownOn.FORECAST
    yield FigureRow("forecast_error", line.wape, line.title, page)
    yield FigureRow("mase", line.mase, line.title, page)
    yield FigureRow("forecast_bias", line.bias, line.title, page)
    yield FigureRow("forecast_skill", line.skill.value, line.title, page)
    for covered in line.coverage:
        if covered.level == _SHOWN_LEVEL:
            yield FigureRow("interval_coverage", covered.share, line.title, page)


def of_deals(found: DealScores, mine: pl.DataFrame, summed: DealTotals) -> Iterator[FigureRow]:
    """Return the open deals in sum, the chances of each, and what the chances were worth."""
    page = ShownOn.DEALS
    yield FigureRow("open_pipeline", summed.amount_minor, "", page)
    yield FigureRow("expected_value", summed.expected_minor, "", page)
    yield FigureRow("slipping_value", summed.slipping_minor, "", page)
    yield FigureRow("open_at_risk", summed.high_risk, "", page)
    record = found.model.win.record
    if record is not None:
        yield FigureRow("calibration_error", record.error, "", page)
        yield FigureRow("auc", record.auc, "", page)
        yield FigureRow("brier_skill", record.skill, "", page)
    chances = {name: name for name in ("p_win", "p_lose", "p_slip")}
    columns = {"win_chance": "chance", **chances, "chance_moved": "moved"}
    yield from _columns(mine, "deal_id", columns, page)


def of_quality(found: Quality) -> Iterator[FigureRow]:
    """Return the score of each table, and the rows that fail the checks of the catalogue."""
    page = ShownOn.DATA_QUALITY
    for table in found.tables:
        yield FigureRow("quality_score", table.score, table.table, page)
    for finding in found.findings():
        if finding.check.name in METRICS:
            yield FigureRow(finding.check.name, finding.failing, "", page)


def of_answer(name: str, found: pl.DataFrame) -> Iterator[FigureRow]:
    """Return what the Ask page answers to a question about one figure."""
    for value in found["value"]:
        yield FigureRow(name, value, "", ShownOn.ASK)


def _columns(
    rows: pl.DataFrame, of: str, columns: dict[str, str], page: ShownOn
) -> Iterator[FigureRow]:
    """Return columns of a frame by the metric each is of."""
    told: list[dict[str, Any]] = rows.select(of, *columns.values()).to_dicts()
    for name, column in columns.items():
        for row in told:
            yield FigureRow(name, row[column], str(row[of]), page)
