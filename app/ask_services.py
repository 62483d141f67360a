"""Answers to questions in plain language, computed by the product's own metrics."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import narwhals as nw
import polars as pl

from app.analyst_services import AnalystServices
from app.ask_ahead import Ahead
from app.deal_services import DealServices
from app.forecast_services import ForecastServices
from core import formats
from core.analyst.ask.inquiry import (
    COST_METRICS,
    CREDIT_METRICS,
    FORECAST_METRICS,
    SCORE_METRICS,
    Breakdown,
    Inquiry,
    Known,
    Order,
    Refusal,
)
from core.analyst.ask.model_choice import choose
from core.analyst.ask.search import understand
from core.analyst.narrative import Narrative
from core.analyst.sheets.answer import answer_facts
from core.analyst.sheets.making import Place
from core.analyst.writers.chat import Chat
from core.analyst.writers.registry import WriterSettings, writer
from core.attribution import attribute
from core.attribution.comparison import credit_of
from core.attribution.performance import channel_facts, channel_performance
from core.attribution.results import AttributionResult, Level, Question
from core.coverage import coverage
from core.engine import DEFAULT_URL, Engine, collect, open_engine
from core.errors import PlumblineError
from core.metrics import Metric, metric
from core.overview import OverviewQuestion, OverviewResult, overview
from core.periods import Period, Preset, period, previous
from core.schema import UNATTRIBUTED
from core.scope import Scope
from core.workspace import Workspace

MODEL: Final = "linear"
"""The model whose credit an answer means where a question names none."""

MOST_OWNERS: Final = 30
"""Owners an answer tells apart; each is a question of its own."""

_COLUMNS: Final = {
    "attributed_revenue": "revenue_minor",
    "attributed_deals": "deals",
    "credit_share": "share",
    "spend": "spend_minor",
    "roi": "roi",
    "cac": "cac_minor",
    "channel_win_rate": "win_rate",
    "closed_won": "revenue_minor",
    "won_deals": "won",
}


@dataclass(frozen=True)
class Answer:
    """An answer: what was understood, the figures, and a sentence about them.

    Parameters
    ----------
    inquiry
        What the question came down to.
    metric
        The figure, with its definition.
    rows
        ``name, value``, in the order asked for; the name is a day for answers by month, and blank
        for a single figure.
    period
        The period, in words.
    currency
        Of amounts.
    text
        The sentence, with the facts behind it.
    """

    inquiry: Inquiry
    metric: Metric
    rows: pl.DataFrame
    period: Period
    currency: str
    text: Narrative

    @property
    def understood(self) -> str:
        """What the question was taken to mean."""
        by = self.inquiry.by
        how = "" if by is Breakdown.NOTHING or self.inquiry.name else f" by {by.value}"
        whose = f" of {self.inquiry.name}" if self.inquiry.name else ""
        model = ", linear model" if self.inquiry.metric in (*CREDIT_METRICS, *COST_METRICS) else ""
        return f"{self.metric.title}{whose}{how}, {self.period.in_words}{model}"


@dataclass(frozen=True)
class AskServices:
    """Questions in plain language to one workspace."""

    workspace: Workspace
    engine_url: str = DEFAULT_URL

    def known(self) -> Known:
        """Return the names a question may hold."""
        covered = coverage(self.workspace)
        names = collect(self._engine().table("touches").select("channel", "campaign").unique())
        facts = self._engine().table("deal_facts")
        deals = collect(facts.filter(nw.col("outcome") == "open").select(*_NAMES_OF_DEALS))
        return Known(
            tuple(sorted(name for name in names["channel"].unique() if name)),
            tuple(sorted(name for name in names["campaign"].unique() if name)),
            covered.owners,
            covered.as_of,
            tuple(sorted({name for row in deals.iter_rows() for name in row if name})),
        )

    def understand(self, question: str, settings: WriterSettings) -> Inquiry | Refusal:
        """Return what a question comes down to; a model helps where one is chosen."""
        try:
            made = writer(settings)
        except PlumblineError:
            return understand(question, self.known())
        if isinstance(made, Chat):
            return choose(question, self.known(), made)
        return understand(question, self.known())

    @property
    def ahead(self) -> Ahead:
        """Where figures of what is to come are had, each worked out anew."""
        forecasting = ForecastServices(self.workspace, self.engine_url)
        deals = DealServices(self.workspace, self.engine_url)
        return Ahead(
            forecasting.outlook,
            lambda question: forecasting.attainment(forecasting.outlook(question)),
            deals.scored,
        )

    def answer(self, inquiry: Inquiry, currency: str = "", ahead: Ahead | None = None) -> Answer:
        """Return the figures of an inquiry with a sentence about them.

        Parameters
        ----------
        inquiry
            What a question came down to.
        currency
            Of amounts; the data's most frequent where none is said.
        ahead
            Where forecast and scores are had; a cache, where there is one.
        """
        covered = coverage(self.workspace)
        currency = covered.currency_known(currency)
        if inquiry.metric in _AHEAD:
            found, days = (ahead or self.ahead).rows(inquiry, currency, covered.as_of)
        else:
            days = _period(inquiry, covered.as_of)
            found = self._rows(inquiry, Scope(currency, days.starts_on, days.ends_on), days)
        asked, rows = metric(inquiry.metric), _ordered(found, inquiry)
        named = _months_in_words(rows) if inquiry.by is Breakdown.MONTH else rows
        page = _PAGES.get(inquiry.metric, "overview")
        sheet = answer_facts(asked, named, days, Place(currency), page)
        text = AnalystServices(self.workspace, self.engine_url).narrate(sheet, WriterSettings())
        return Answer(inquiry, asked, rows, days, currency, text)

    def _rows(self, inquiry: Inquiry, scope: Scope, days: Period) -> pl.DataFrame:
        if inquiry.metric in CREDIT_METRICS:
            return _column(credit_of(self._credit(inquiry, scope), MODEL), inquiry, "name")
        if inquiry.metric in COST_METRICS:
            return self._costs(inquiry, scope)
        if inquiry.metric == "unattributed_share":
            return _single(self._credit(inquiry, scope).reconciliation[MODEL].unattributed_share)
        if inquiry.by is Breakdown.OWNER:
            return self._owners(inquiry, scope, days)
        found = self._overview(inquiry, scope, days)
        if inquiry.by is Breakdown.MONTH:
            first = (scope.starts_on or date.min).replace(day=1)
            return _column(found.monthly.filter(pl.col("month") >= first), inquiry, "month")
        return _single(found.figures[inquiry.metric].value)

    def _credit(self, inquiry: Inquiry, scope: Scope) -> AttributionResult:
        level = Level.CAMPAIGN if inquiry.by is Breakdown.CAMPAIGN else Level.CHANNEL
        question = Question(scope, (MODEL,), level=level)
        return attribute(self._engine(), question, self.workspace.fingerprint())

    def _costs(self, inquiry: Inquiry, scope: Scope) -> pl.DataFrame:
        credit = self._credit(replace(inquiry, by=Breakdown.CHANNEL), scope)
        facts = channel_facts(self._engine(), credit.question)
        return _column(channel_performance(facts, credit, MODEL).frame, inquiry, "channel")

    def _owners(self, inquiry: Inquiry, scope: Scope, days: Period) -> pl.DataFrame:
        owners = [
            (owner_id, name)
            for owner_id, name in coverage(self.workspace).owners
            if not inquiry.name or name == inquiry.name
        ][:MOST_OWNERS]
        values = [
            self._overview(inquiry, replace(scope, owner_ids=(owner_id,)), days)
            .figures[inquiry.metric]
            .value
            for owner_id, _ in owners
        ]
        return pl.DataFrame(
            {"name": [name for _, name in owners], "value": values},
            schema={"name": pl.String, "value": pl.Float64},
            strict=False,
        )

    def _overview(self, inquiry: Inquiry, scope: Scope, days: Period) -> OverviewResult:
        before = previous(days, inquiry.when.preset)
        earlier = before and replace(scope, starts_on=before.starts_on, ends_on=before.ends_on)
        question = OverviewQuestion(scope, earlier or None, coverage(self.workspace).as_of)
        return overview(self._engine(), question, self.workspace.fingerprint())

    def _engine(self) -> Engine:
        return open_engine(self.workspace, self.engine_url)


_AHEAD: Final = frozenset({*FORECAST_METRICS, *SCORE_METRICS})
_PAGES: Final = {
    **dict.fromkeys((*CREDIT_METRICS, *COST_METRICS, "unattributed_share"), "attribution"),
    **dict.fromkeys(FORECAST_METRICS, "forecast"),
    **dict.fromkeys(SCORE_METRICS, "deals"),
}
"""Where a figure stands; the others stand on the overview."""

_NAMES_OF_DEALS: Final = ("deal_id", "name", "account")


def _period(inquiry: Inquiry, as_of: date) -> Period:
    days = period(inquiry.when.preset, as_of, inquiry.when.days)
    if inquiry.when.preset is Preset.CUSTOM and inquiry.when.days:
        return replace(days, label=inquiry.when.label, words=inquiry.when.label)
    return days


def _months_in_words(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        name=pl.Series([formats.month(day) for day in rows["name"]], dtype=pl.String)
    )


def _single(value: float | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"name": [""], "value": [value]}, schema={"name": pl.String, "value": pl.Float64}
    )


def _column(frame: pl.DataFrame, inquiry: Inquiry, names: str) -> pl.DataFrame:
    """Return the column of a metric by name; what nobody earned is no channel's."""
    rows = frame.select(name=pl.col(names), value=pl.col(_COLUMNS[inquiry.metric]).cast(pl.Float64))
    if names == "month":
        return rows
    rows = rows.filter(pl.col("name") != UNATTRIBUTED)
    return rows.filter(pl.col("name") == inquiry.name) if inquiry.name else rows


def _ordered(rows: pl.DataFrame, inquiry: Inquiry) -> pl.DataFrame:
    if inquiry.by is Breakdown.MONTH:
        return rows.sort("name")
    lowest = inquiry.order is Order.LOWEST
    return rows.sort("value", "name", descending=[not lowest, False], nulls_last=True)
