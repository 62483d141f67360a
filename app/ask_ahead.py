"""Answers about what is to come, from the forecast and the scores that the pages show."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from app.deal_services import DealQuestion
from core import formats
from core.analyst.ask.ahead import MONTHS_AHEAD, QUARTERS_AHEAD, is_by_month
from core.analyst.ask.inquiry import FORECAST_METRICS, Breakdown, Inquiry
from core.deals.scoring import Band, DealScores
from core.deals.summary import are_told_apart
from core.deals.views import LIKELY
from core.forecasting.attainment import Attainment
from core.forecasting.forecast_question import ForecastQuestion, PeriodKind
from core.forecasting.outlook_deals import roll_up_outlook
from core.forecasting.outlook_results import Outlook
from core.periods import Period, quarter_end_after

LEVEL: Final = 80
"""The interval an answer tells beside a forecast, in per cent."""

_PERIODS_AHEAD: Final = {PeriodKind.QUARTER: QUARTERS_AHEAD, PeriodKind.MONTH: MONTHS_AHEAD}

SCHEMA: Final = {"name": pl.String, "value": pl.Float64}

Rows = tuple[pl.DataFrame, Period]


@dataclass(frozen=True)
class Ahead:
    """Where figures of what is to come are had; caches, where there are some.

    Parameters
    ----------
    outlook, standing
        The forecast, and where its first period stands against the quota.
    scores
        The scored open deals.
    """

    outlook: Callable[[ForecastQuestion], Outlook]
    standing: Callable[[ForecastQuestion], Attainment]
    scores: Callable[[DealQuestion], DealScores]

    def rows(self, inquiry: Inquiry, currency: str, as_of: date) -> Rows:
        """Return ``name, value`` of an inquiry, a forecast with its interval, and the period.

        Parameters
        ----------
        inquiry
            One of the figures of a forecast or of scores.
        currency
            Of amounts.
        as_of
            Last day of which everything is known.
        """
        if inquiry.metric in FORECAST_METRICS:
            return self._forecast(inquiry, currency, as_of)
        ends_on = inquiry.when.days[1] if inquiry.when.days else quarter_end_after(as_of)
        scores = self.scores(DealQuestion(currency, as_of, ends_on))
        if inquiry.metric == "calibration_error":
            return _calibration(scores)
        told = Period(None, as_of, f"the open deals of {formats.day(as_of)}")
        if inquiry.when.days:
            told = Period(*inquiry.when.days, inquiry.when.label)
        return _of_deals(inquiry, scores, ends_on), told

    def _forecast(self, inquiry: Inquiry, currency: str, as_of: date) -> Rows:
        kind = PeriodKind.MONTH if is_by_month(inquiry) else PeriodKind.QUARTER
        question = ForecastQuestion(currency, as_of, kind, _PERIODS_AHEAD[kind])
        told = _period(inquiry)
        if inquiry.metric == "quota_chance":
            return _single(self.standing(question).chance), told
        answer = self.outlook(question)
        if inquiry.metric == "forecast_error":
            return _single(answer.track_record.wape), _said_of(answer)
        if inquiry.by is Breakdown.MONTH:
            first, last = answer.periods[0].starts_on, answer.periods[-1].ends_on
            return _forecasts(answer.frame, "starts_on"), Period(
                first, last, f"{formats.month(first)} to {formats.month(last)}"
            )
        starts = [period.starts_on for period in answer.periods]
        first_day = told.starts_on or starts[0]
        if first_day not in starts:
            return _single(None), told
        number = starts.index(first_day)
        if inquiry.by is Breakdown.OWNER:
            rows = roll_up_outlook(answer, "owner", number)
            return _named(rows, "owner", "forecast_minor", inquiry.name), told
        row = answer.frame.slice(number, 1).with_columns(nobody=pl.lit(""))
        return _forecasts(row, "nobody"), told


def _period(inquiry: Inquiry) -> Period:
    days = inquiry.when.days
    return Period(*days, inquiry.when.label) if days else Period(None, None, "all time")


def _said_of(answer: Outlook) -> Period:
    over = answer.record.drop_nulls("actual_minor")
    if over.is_empty():
        return Period(None, None, "past forecasts")
    first, last = over["origin"].min(), over["ends_on"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return Period(None, None, "past forecasts")
    words = f"forecasts from {formats.day(first)} to {formats.day(last)}"
    return Period(first, last, words)


def _forecasts(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    return frame.select(
        name=pl.col(name),
        value=pl.col("forecast_minor").cast(pl.Float64),
        low=pl.col(f"lo{LEVEL}").cast(pl.Float64),
        high=pl.col(f"hi{LEVEL}").cast(pl.Float64),
    )


def _calibration(scores: DealScores) -> Rows:
    record = scores.model.win.record
    if record is None:
        return _single(None), Period(None, None, "past chances")
    words = (
        f"{formats.counted(record.deals, 'deal')} later than those learned from, "
        f"{formats.day(record.from_on)} to {formats.day(record.until_on)}"
    )
    return _single(record.error), Period(record.from_on, record.until_on, words)


_AT_RISK: Final = frozenset({"value_at_risk", "open_at_risk"})


def _of_deals(inquiry: Inquiry, scores: DealScores, ends_on: date) -> pl.DataFrame:
    at_risk = pl.col("band") == str(Band.HIGH)
    slips = (pl.col("due_on") <= ends_on) & (pl.col("p_slip") >= LIKELY)
    which, value = {
        "win_chance": (pl.lit(value=True), pl.col("chance")),
        "expected_value": (pl.lit(value=True), pl.col("expected_minor")),
        "value_at_risk": (at_risk, pl.col("amount_minor")),
        "open_at_risk": (at_risk, pl.lit(1)),
        "slipping_value": (slips, pl.col("amount_minor")),
    }[inquiry.metric]
    if inquiry.metric in _AT_RISK and not are_told_apart(scores.frame):
        return _single(None)
    rows = scores.frame.filter(which).with_columns(value=value.cast(pl.Float64))
    if inquiry.by is Breakdown.DEAL:
        return _by_deal(rows, inquiry.name)
    if inquiry.by is Breakdown.OWNER:
        summed = rows.group_by("owner").agg(pl.col("value").sum())
        return _named(summed, "owner", "value", inquiry.name)
    return _single(float(rows["value"].sum()))


def _by_deal(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return one row a deal; those of one name are told apart by their ids."""
    if name:
        rows = rows.filter(pl.any_horizontal(pl.col("deal_id", "name", "account") == name))
    called = pl.coalesce(pl.col("name").replace("", None), "deal_id")
    twice = called.is_duplicated() & (called != pl.col("deal_id"))
    shown = pl.when(twice).then(pl.format("{} ({})", called, "deal_id")).otherwise(called)
    return rows.select(name=shown, value="value")


def _named(rows: pl.DataFrame, by: str, value: str, name: str) -> pl.DataFrame:
    told = rows.select(name=pl.col(by), value=pl.col(value).cast(pl.Float64))
    return told.filter(pl.col("name") == name) if name else told


def _single(value: float | None) -> pl.DataFrame:
    return pl.DataFrame({"name": [""], "value": [value]}, schema=SCHEMA)
