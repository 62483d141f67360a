"""What pages, the command line, the PDF and the API may ask the analyst of one workspace."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from app.deal_services import DealQuestion, DealServices
from app.defaults import COMPARED, QUARTERS_AHEAD
from app.forecast_services import ForecastServices
from core.analyst.facts import FactSheet
from core.analyst.narrative import Narrative, narrate
from core.analyst.sheets.attribution import CreditAnswers, attribution_facts
from core.analyst.sheets.changes import change_facts
from core.analyst.sheets.channel import channel_facts
from core.analyst.sheets.deal import deal_facts
from core.analyst.sheets.forecast import forecast_facts
from core.analyst.sheets.making import Place
from core.analyst.sheets.outlook import outlook_answers
from core.analyst.sheets.overview import PeriodAnswers, overview_facts
from core.analyst.sheets.performance import performance_facts
from core.analyst.sheets.scored_deal import deal_answers
from core.analyst.writers.base import Health, Watch
from core.analyst.writers.registry import WriterSettings, writer
from core.analyst.writers.rules.writer import Rules
from core.attribution import attribute
from core.attribution.data_driven import MODELS
from core.attribution.performance import channel_facts as facts_of_channels
from core.attribution.performance import channel_performance
from core.attribution.results import AttributionResult, Question
from core.attribution.rules.registry import RULES, rule
from core.coverage import coverage
from core.deals.settings import ScoreSettings
from core.engine import DEFAULT_URL, Engine, open_engine
from core.errors import (
    EmptyWorkspaceError,
    InvalidParameterError,
    UnknownNameError,
    WriterError,
)
from core.forecasting.flow import pipeline_flow
from core.forecasting.forecast_question import ForecastQuestion, PeriodKind
from core.forecasting.histories import read_histories
from core.overview import OverviewQuestion, overview
from core.periods import Period, Preset, period, previous
from core.scope import Scope
from core.settings import Settings
from core.snapshots import import_days
from core.workspace import Workspace

NAMED_TOPICS: Final = ("channel", "deal")
"""Topics that are about one thing, which has to be named."""


@dataclass(frozen=True)
class ExplainQuestion:
    """What a text is asked to be about.

    Parameters
    ----------
    topic
        ``overview``, ``attribution``, ``performance``, ``channel``, ``deal``, ``forecast`` or
        ``changes``.
    name
        Of the channel, or the id of the deal; empty otherwise.
    preset
        The period, counted back from the day the data reach.
    currency
        Reporting currency; empty is the data's most frequent.
    model
        The attribution model that is lit.
    since
        For changes, the day they are compared with; None is the import before the last.
    """

    topic: str
    name: str = ""
    preset: Preset = Preset.LAST_12_MONTHS
    currency: str = ""
    model: str = "linear"
    since: date | None = None


@dataclass(frozen=True)
class _Asked:
    """A question with what it means on these data."""

    question: ExplainQuestion
    scope: Scope
    period: Period
    before: Period | None
    as_of: date

    @property
    def scope_before(self) -> Scope | None:
        """The scope of the period before, or None."""
        if self.before is None:
            return None
        return replace(self.scope, starts_on=self.before.starts_on, ends_on=self.before.ends_on)

    @property
    def place(self) -> Place:
        """Currency and filters for links; the filter bar knows a period by its label."""
        filters = (("period", self.question.preset.label), ("currency", self.scope.currency))
        return Place(self.scope.currency, filters)


@dataclass(frozen=True)
class AnalystServices:
    """Texts whose every figure is a fact, from one workspace."""

    workspace: Workspace
    engine_url: str = DEFAULT_URL
    settings: WriterSettings = field(default_factory=lambda: writer_settings(Settings()))

    def explain(
        self,
        question: ExplainQuestion,
        settings: WriterSettings | None = None,
        watch: Watch | None = None,
    ) -> Narrative:
        """Return a text about a topic, by the writer of the settings."""
        return self.narrate(self.sheet(question), settings, watch)

    def narrate(
        self, sheet: FactSheet, settings: WriterSettings | None = None, watch: Watch | None = None
    ) -> Narrative:
        """Return a text about facts somebody has already; rules write where nobody else can."""
        chosen = settings or self.settings
        try:
            return narrate(sheet, writer(chosen), watch)
        except WriterError as error:
            by_rules = narrate(sheet, writer(replace(chosen, name="rules")))
            return replace(by_rules, note=f"{error.message} Written by rules instead.")

    def sent(self, sheet: FactSheet, settings: WriterSettings) -> str:
        """Say what of some facts goes where when this writer is asked."""
        try:
            return writer(settings).sent(sheet)
        except WriterError:
            return Rules().sent(sheet)

    def test(self, settings: WriterSettings) -> Health:
        """Tell whether the writer of some settings would answer now."""
        try:
            return writer(settings).test()
        except WriterError as error:
            return Health(works=False, message=error.message, hint=error.hint)

    def sheet(self, question: ExplainQuestion) -> FactSheet:
        """Return the facts of a topic.

        Raises
        ------
        UnknownNameError
            If there is no such topic, channel or model.
        InvalidParameterError
            If something is named and the topic is not about one thing.
        """
        if question.topic not in _TOPICS:
            raise UnknownNameError.among("topic", question.topic, _TOPICS)
        if question.name and question.topic not in NAMED_TOPICS:
            raise InvalidParameterError(
                f"The topic {question.topic} has no name, such as '{question.name}'.",
                f"Only {' and '.join(NAMED_TOPICS)} have one.",
            )
        if question.model not in self._titles():
            raise UnknownNameError.among("model", question.model, self._titles())
        return _TOPICS[question.topic](self, self._asked(question))

    def overview_sheet(self, asked: _Asked) -> FactSheet:
        """Return the facts of a period."""
        result = overview(
            self._engine(),
            OverviewQuestion(asked.scope, asked.scope_before, asked.as_of),
            self.workspace.fingerprint(),
        )
        model = asked.question.model
        answers = PeriodAnswers(
            result, self._credit(asked), model, self._titles()[model], asked.period, asked.before
        )
        return overview_facts(answers, asked.place)

    def attribution_sheet(self, asked: _Asked) -> FactSheet:
        """Return the facts of the attribution comparison."""
        return attribution_facts(self._answers(asked), asked.place)

    def performance_sheet(self, asked: _Asked) -> FactSheet:
        """Return the facts of channel performance."""
        answers = self._answers(asked)
        assert answers.performance is not None  # noqa: S101 - `_answers` asks for it
        title = answers.titles[answers.model]
        return performance_facts(answers.performance, title, asked.period, asked.place)

    def channel_sheet(self, asked: _Asked) -> FactSheet:
        """Return the facts of one channel."""
        return channel_facts(self._answers(asked), asked.question.name, asked.place)

    def deal_sheet(self, asked: _Asked) -> FactSheet:
        """Return the facts of one open deal."""
        deals = DealServices(self.workspace, self.engine_url)
        settings = ScoreSettings()
        known = deals.agreed(DealQuestion(asked.scope.currency))
        scores = deals.scores(known, settings)
        explained = deals.explain(known, scores, asked.question.name, settings)
        return deal_facts(deal_answers(scores, explained), asked.place)

    def forecast_sheet(self, asked: _Asked) -> FactSheet:
        """Return the facts of the forecast of the quarter in progress."""
        forecasts = ForecastServices(self.workspace, self.engine_url)
        question = ForecastQuestion(
            asked.scope.currency, asked.as_of, PeriodKind.QUARTER, QUARTERS_AHEAD
        )
        outlook = forecasts.outlook(question)
        return forecast_facts(outlook_answers(outlook, forecasts.attainment(outlook)), asked.place)

    def changes_sheet(self, asked: _Asked) -> FactSheet:
        """Return the facts of what became of the pipeline since a day."""
        since = asked.question.since or self._import_before()
        histories = read_histories(self._engine(), asked.scope.currency)
        flow = pipeline_flow(histories, since, asked.as_of)
        return change_facts(flow, self.workspace.fingerprint(), asked.place)

    def _asked(self, question: ExplainQuestion) -> _Asked:
        covered = coverage(self.workspace)
        days = period(question.preset, covered.as_of)
        scope = Scope(covered.currency_known(question.currency), days.starts_on, days.ends_on)
        return _Asked(question, scope, days, previous(days, question.preset), covered.as_of)

    def _credit(self, asked: _Asked) -> AttributionResult:
        models = tuple(dict.fromkeys((*COMPARED, asked.question.model)))
        return attribute(
            self._engine(), Question(asked.scope, models), self.workspace.fingerprint()
        )

    def _answers(self, asked: _Asked) -> CreditAnswers:
        credit, model = self._credit(asked), asked.question.model
        facts = facts_of_channels(self._engine(), credit.question)
        performance = channel_performance(facts, credit, model)
        return CreditAnswers(credit, model, self._titles(), asked.period, performance)

    def _titles(self) -> dict[str, str]:
        rules = {name: rule(name).title for name in RULES}
        return {**rules, **{name: model.title for name, model in MODELS.items()}}

    def _import_before(self) -> date:
        earlier = import_days(self.workspace)[1:]
        if not earlier:
            raise EmptyWorkspaceError(
                "There is no earlier import to compare with.",
                "Import again later, or say the day: --since.",
            )
        return earlier[0]

    def _engine(self) -> Engine:
        return open_engine(self.workspace, self.engine_url)


_TOPICS: Final[dict[str, Callable[[AnalystServices, _Asked], FactSheet]]] = {
    "overview": AnalystServices.overview_sheet,
    "attribution": AnalystServices.attribution_sheet,
    "performance": AnalystServices.performance_sheet,
    "channel": AnalystServices.channel_sheet,
    "deal": AnalystServices.deal_sheet,
    "forecast": AnalystServices.forecast_sheet,
    "changes": AnalystServices.changes_sheet,
}


def writer_settings(settings: Settings) -> WriterSettings:
    """Return who writes on this installation."""
    return WriterSettings(
        name=settings.writer,
        ollama_url=settings.ollama_url,
        ollama_model=settings.ollama_model,
        openai_url=settings.openai_url,
        openai_model=settings.openai_model,
        openai_key=settings.openai_key.get_secret_value(),
        timeout_seconds=settings.writer_timeout_seconds,
        most_tokens=settings.writer_max_tokens,
        sends_values=settings.writer_sends_values,
    )
