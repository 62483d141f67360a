"""One report on its way: each part asks the services the pages ask."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

import polars as pl

from app.deal_services import DealQuestion
from app.defaults import JOURNEY_STEPS, QUARTERS_AHEAD
from app.heavy_answers import HeavyAnswers
from app.journey_words import path_in_words
from app.pipeline_services import SEGMENTS, PipelineQuestion, question_of
from app.report_metrics import SHOWN_BY
from app.report_question import Progress, ReportQuestion
from core.analyst.facts import FactSheet
from core.analyst.sheets.attribution import CreditAnswers, attribution_facts
from core.analyst.sheets.forecast import forecast_facts
from core.analyst.sheets.making import Place
from core.analyst.sheets.outlook import outlook_answers
from core.analyst.sheets.overview import PeriodAnswers, overview_facts
from core.attribution.comparison import credit_of
from core.attribution.gaps import Gaps
from core.attribution.performance import ChannelPerformance
from core.attribution.results import AttributionResult, Question
from core.attribution.steps import JourneyQuestion
from core.attribution.uncertainty import CreditIntervals
from core.deals.views import DealFilters, DealView, viewed
from core.errors import EmptyWorkspaceError, UnknownNameError
from core.forecasting.attainment import Attainment
from core.forecasting.forecast_question import ForecastQuestion, PeriodKind
from core.forecasting.histories import Histories
from core.forecasting.outlook_results import Outlook
from core.forecasting.segments import Segment
from core.overview import OverviewQuestion, OverviewResult
from core.periods import period, previous
from core.quality import Quality
from core.reports.content import Line, Report, Section, Tone
from core.reports.context import Context
from core.reports.options import Part
from core.reports.sections.appendix import appendix
from core.reports.sections.attribution import attribution
from core.reports.sections.channels import channels
from core.reports.sections.data import data
from core.reports.sections.deals import deciding, risks
from core.reports.sections.forecast import forecast
from core.reports.sections.journeys import journeys
from core.reports.sections.pipeline import PipelineAnswers, pipeline
from core.reports.sections.summary import summary
from core.scope import Scope

if TYPE_CHECKING:
    from app.services import Services

FROM_OUTLOOK: Final = frozenset({Part.PIPELINE, Part.FORECAST, Part.DEALS, Part.RISKS})
"""Parts that show something of the outlook."""


class ReportMaking:
    """One report on its way: each answer is asked for once, however many sections show it."""

    def __init__(
        self,
        services: "Services",
        question: ReportQuestion,
        heavy: HeavyAnswers,
        progress: Progress,
    ) -> None:
        self._services, self._question = services, question
        self._heavy, self._progress = heavy, progress
        covered = services.coverage()
        days = period(question.preset, covered.as_of, question.custom)
        currency = covered.currency_known(question.currency)
        known = services.models()
        for name in question.models:
            if name not in known:
                raise UnknownNameError.among("model", name, known)
        self._context = Context(
            coverage=covered,
            scope=Scope(currency, days.starts_on, days.ends_on, question.owner_ids),
            period=days,
            before=previous(days, question.preset),
            model=question.model,
            titles={name: known[name].title for name in question.models},
        )
        self._asked = Question(
            self._context.scope,
            question.models,
            question.journeys,
            rules=question.rules,
            lift_tests=question.lift_tests,
        )
        self._credit: AttributionResult | None = None
        self._gaps: Gaps | None = None
        self._returns: ChannelPerformance | None = None
        self._stands: dict[ForecastQuestion, Attainment] = {}

    def report(self) -> Report:
        """Ask for every part and put them together."""
        shown, context = self._question.options.shown, self._context
        self._begin(frozenset(shown))
        sections = []
        for done, part in enumerate(shown):
            self._progress(done / (len(shown) + 1), part.label)
            sections.append(self._section(part))
        self._progress(len(shown) / (len(shown) + 1), "Drawing")
        kind = "Demo company, simulated" if context.coverage.is_demo else "CRM exports"
        return Report(
            title="Revenue report",
            subtitle=f"{context.period.label[0].upper()}{context.period.label[1:]}, "
            f"{context.currency}, {self._question.options.audience.label}",
            sections=tuple(sections),
            currency=context.currency,
            as_of=context.coverage.as_of,
            fingerprint=context.coverage.fingerprint,
            source=f"{kind}. {context.coverage.selection}".rstrip(". "),
            findings=_findings(sections),
        )

    def _begin(self, shown: frozenset[Part]) -> None:
        """Begin what takes seconds before anything else is asked."""
        if shown & FROM_OUTLOOK:
            deals = DealQuestion(self._context.scope.currency) if Part.RISKS in shown else None
            self._heavy.begin(self._quarters(), deals)

    def _section(self, part: Part) -> Section:
        made: dict[Part, Callable[[], Section]] = {
            Part.SUMMARY: self._summary,
            Part.ATTRIBUTION: self._attribution,
            Part.CHANNELS: self._channels,
            Part.JOURNEYS: self._journeys,
            Part.PIPELINE: self._pipeline,
            Part.FORECAST: self._forecast,
            Part.DEALS: self._deals,
            Part.RISKS: self._risks,
            Part.DATA: self._data,
            Part.APPENDIX: self._appendix,
        }
        try:
            return made[part]()
        except EmptyWorkspaceError as error:
            # A part without the data it needs says so; the others stand.
            return Section(part, part.label, error.message, (Line(error.hint),))

    def _credits(self) -> AttributionResult:
        if self._credit is None:
            self._credit = self._services.attribution(self._asked)
        return self._credit

    def _unexplained(self) -> Gaps:
        if self._gaps is None:
            self._gaps = self._services.gaps(self._asked)
        return self._gaps

    def _overview(self) -> OverviewResult:
        scope, before = self._context.scope, self._context.before
        earlier = (
            replace(scope, starts_on=before.starts_on, ends_on=before.ends_on) if before else None
        )
        return self._services.overview(
            OverviewQuestion(scope, earlier, self._context.coverage.as_of)
        )

    def _summary(self) -> Section:
        result, context = self._overview(), self._context
        answers = PeriodAnswers(
            result,
            self._credits(),
            context.model,
            context.model_title,
            context.period,
            context.before,
        )
        section = summary(result, credit_of(self._credits(), context.model), context)
        return self._told(section, overview_facts(answers, self._place))

    def _attribution(self) -> Section:
        try:
            intervals: CreditIntervals | str = self._services.intervals(
                self._asked, self._context.model
            )
        except EmptyWorkspaceError as error:
            intervals = str(error)
        context = self._context
        section = attribution(self._credits(), self._unexplained(), intervals, context)
        answers = CreditAnswers(
            self._credits(), context.model, context.titles, context.period, self._performance()
        )
        return self._told(section, attribution_facts(answers, self._place))

    def _channels(self) -> Section:
        return channels(self._performance(), self._context)

    def _journeys(self) -> Section:
        question = JourneyQuestion(
            self._context.scope, self._question.journeys, steps=JOURNEY_STEPS
        )
        patterns = self._services.journeys.patterns(question)
        return journeys(patterns, path_in_words(question), self._context)

    def _pipeline(self) -> Section:
        services, covered = self._services, self._context.coverage
        asked = question_of(self._context.scope, covered.first_day, covered.as_of)
        past = services.pipeline.histories(asked.currency, asked.owner_ids)
        standing, totals = self._standing(past, asked)
        found = PipelineAnswers(
            flow=services.pipeline.flow(past, asked),
            standing=standing,
            categories=totals,
            speed=services.pipeline.velocity(past, asked),
            by_segment=services.pipeline.velocity_by(past, asked, SEGMENTS[0]),
            rates=services.pipeline.win_rates(past, asked),
            slipped=services.pipeline.slippage(past, asked),
            segment=SEGMENTS[0],
        )
        return pipeline(found, self._context)

    def _standing(
        self, past: Histories, asked: PipelineQuestion
    ) -> tuple[Attainment, pl.DataFrame | None]:
        """Return where the quarter stands, of the outlook where there is one."""
        forecasting = self._services.forecasting
        try:
            outlook = self._outlook(asked.as_of)
        except EmptyWorkspaceError:  # nothing was won yet: coverage needs no forecast
            return self._services.pipeline.attainment(past, asked), None
        return self._attained(outlook), forecasting.categories(outlook)

    def _attained(self, outlook: Outlook) -> Attainment:
        if outlook.question not in self._stands:
            found = self._services.forecasting.attainment(outlook)
            self._stands[outlook.question] = found
        return self._stands[outlook.question]

    def _performance(self) -> ChannelPerformance:
        if self._returns is None:
            self._returns = self._services.performance(self._credits(), self._context.model)
        return self._returns

    @property
    def _place(self) -> Place:
        return Place(self._context.currency)

    def _told(self, section: Section, sheet: FactSheet) -> Section:
        """Put the analyst's text below a heading, with who wrote it."""
        written = self._services.analyst.narrate(sheet)
        if not written.text:
            return section
        said = (Line(written.text), Line(f"{written.label} {written.note}".strip(), Tone.NOTE))
        return replace(section, blocks=(*said, *section.blocks))

    def _outlook(self, as_of: date | None = None) -> Outlook:
        return self._heavy.outlook(self._quarters(as_of))

    def _quarters(self, as_of: date | None = None) -> ForecastQuestion:
        scope = self._context.scope
        return ForecastQuestion(
            scope.currency,
            as_of or self._context.coverage.as_of,
            PeriodKind.QUARTER,
            QUARTERS_AHEAD,
            segment=Segment(owner_ids=scope.owner_ids),
        )

    def _forecast(self) -> Section:
        answer = self._outlook()
        standing = self._attained(answer)
        section = forecast(answer, standing, self._context)
        return self._told(section, forecast_facts(outlook_answers(answer, standing), self._place))

    def _deals(self) -> Section:
        answer = self._outlook()
        rows = self._services.forecasting.deciding_deals(answer)
        return deciding(rows, answer, self._context)

    def _risks(self) -> Section:
        scope = self._context.scope
        scores = self._heavy.scores(DealQuestion(scope.currency))
        filters = DealFilters(scope.owner_ids)
        mine = viewed(scores.frame, DealView.ALL, scores.model.ends_on, filters)
        return risks(replace(scores, frame=mine), self._context)

    def _data(self) -> Section:
        line = self._credits().reconciliation[self._context.model]
        return data(
            self._unexplained(),
            self._quality(),
            line.closed_won_minor,
            line.unattributed_minor,
            self._context,
        )

    def _quality(self) -> Quality | None:
        """Return what the checks found; a part knows nothing of the deals beside it."""
        covered = self._context.coverage
        if covered.selection:
            return None
        return self._services.data_quality.scores(covered.as_of)

    def _appendix(self) -> Section:
        # A part of the deals that nobody said how to choose again has no command.
        told = not self._context.coverage.selection or self._question.where
        command = self._question.command(self._context.currency) if told else ""
        history = self._services.history()
        return appendix(
            self._metrics(), self._asked, history, self._context, command, self._question.where
        )

    def _metrics(self) -> tuple[str, ...]:
        """Return the figures that the parts of this report show."""
        shown = self._question.options.shown
        return tuple(dict.fromkeys(name for part in shown for name in SHOWN_BY.get(part, ())))


def _findings(sections: Sequence[Section]) -> tuple[str, ...]:
    """Return what the parts found, for the cover; of one part alone its heading says it."""
    told = [one for one in sections if one.key not in {Part.SUMMARY, Part.APPENDIX}]
    return tuple(f"{one.heading}." for one in told) if len(sections) > 1 else ()
