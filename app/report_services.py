"""Reports: the same answers as the pages and the command line, put together for print."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from app.defaults import COMPARED, DEFAULT_MODEL, DEFAULT_PERIOD
from core.attribution.comparison import credit_of
from core.attribution.gaps import Gaps
from core.attribution.results import AttributionResult, JourneySettings, Question, RuleSettings
from core.attribution.uncertainty import CreditIntervals
from core.errors import EmptyWorkspaceError, InvalidParameterError
from core.overview import OverviewQuestion, OverviewResult
from core.periods import Preset, period, previous
from core.replay import replayed
from core.reports.bundle import to_bundle
from core.reports.content import Report, Section
from core.reports.context import Context
from core.reports.options import Part, ReportOptions
from core.reports.pdf import to_pdf
from core.reports.sections.appendix import appendix
from core.reports.sections.attribution import attribution
from core.reports.sections.channels import channels
from core.reports.sections.data import data
from core.reports.sections.summary import SHOWN, summary
from core.reports.workbook import to_workbook
from core.scope import Scope

if TYPE_CHECKING:
    from app.services import Services

Progress = Callable[[float, str], None]
"""Told how far the work is, 0 to 1, and what is being done."""

METRICS: Final = (
    *SHOWN, "attributed_revenue", "credit_share", "unattributed_share", "spend", "roi", "cac",
    "channel_win_rate",
)  # fmt: skip


@dataclass(frozen=True)
class ReportQuestion:
    """What a report is about.

    Parameters
    ----------
    options
        For whom, which parts, which paper.
    preset
        The period, counted back from the day the data reach.
    custom
        The days of a custom period.
    currency
        Reporting currency; blank for the one most deals are in.
    owner_ids
        Owners whose deals count; empty means everybody's.
    models
        Attribution models to compare.
    model
        The one shown first.
    journeys
        Which touches count.
    rules
        Parameters of the rule models.
    as_of
        A past day to report as it was then, or None for the day the data reach.
    """

    options: ReportOptions = field(default_factory=ReportOptions)
    preset: Preset = DEFAULT_PERIOD
    custom: tuple[date, date] | None = None
    currency: str = ""
    owner_ids: tuple[str, ...] = ()
    models: tuple[str, ...] = COMPARED
    model: str = DEFAULT_MODEL
    journeys: JourneySettings = field(default_factory=JourneySettings)
    rules: RuleSettings = field(default_factory=RuleSettings)
    as_of: date | None = None

    def __post_init__(self) -> None:
        if self.model not in self.models:
            raise InvalidParameterError(
                f"The model {self.model} is shown first but not compared.",
                f"Choose it among {', '.join(self.models)}.",
            )


@dataclass(frozen=True)
class ReportServices:
    """Puts reports together from the answers every other way in gives.

    Parameters
    ----------
    services
        What is asked.
    """

    services: "Services"

    def report(self, question: ReportQuestion, progress: Progress | None = None) -> Report:
        """Ask for everything the report shows.

        Raises
        ------
        EmptyWorkspaceError
            If there is nothing to report on.
        """
        with _as_of(self.services, question.as_of) as services:
            return _Making(services, question, progress or _silent).report()

    def pdf(self, question: ReportQuestion, progress: Progress | None = None) -> bytes:
        """Return the report as a document."""
        return to_pdf(self.report(question, progress), question.options.paper)

    def workbook(self, question: ReportQuestion, progress: Progress | None = None) -> bytes:
        """Return the tables of the report as a workbook."""
        return to_workbook(self.report(question, progress))

    def bundle(self, question: ReportQuestion, progress: Progress | None = None) -> bytes:
        """Return every table as CSV and every chart as SVG and PNG, in one archive."""
        return to_bundle(self.report(question, progress))


@contextmanager
def _as_of(services: "Services", day: date | None) -> Iterator["Services"]:
    if day is None:
        yield services
        return
    past = replayed(services.workspace, day)
    try:
        yield replace(services, workspace=past, identity=f"{services.identity}@{day}")
    finally:
        past.close()


def _silent(_part: float, _doing: str) -> None:
    """Tell nobody."""


class _Making:
    """One report on its way: each answer is asked for once, however many sections show it."""

    def __init__(self, services: "Services", question: ReportQuestion, progress: Progress) -> None:
        self._services, self._question, self._progress = services, question, progress
        covered = services.coverage()
        days = period(question.preset, covered.as_of, question.custom)
        currency = question.currency.upper() or covered.currencies[0]
        known = services.models()
        self._context = Context(
            coverage=covered,
            scope=Scope(currency, days.starts_on, days.ends_on, question.owner_ids),
            period=days,
            before=previous(days, question.preset),
            model=question.model,
            titles={name: known[name].title for name in question.models},
        )
        self._asked = Question(
            self._context.scope, question.models, question.journeys, rules=question.rules
        )
        self._credit: AttributionResult | None = None
        self._gaps: Gaps | None = None

    def report(self) -> Report:
        shown, context = self._question.options.shown, self._context
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
            source=kind,
            findings=tuple(f"{section.heading}." for section in sections[1:-1]),
        )

    def _section(self, part: Part) -> Section:
        made: dict[Part, Callable[[], Section]] = {
            Part.SUMMARY: self._summary,
            Part.ATTRIBUTION: self._attribution,
            Part.CHANNELS: self._channels,
            Part.DATA: self._data,
            Part.APPENDIX: self._appendix,
        }
        return made[part]()

    def credit(self) -> AttributionResult:
        if self._credit is None:
            self._credit = self._services.attribution(self._asked)
        return self._credit

    def gaps(self) -> Gaps:
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
        return summary(
            self._overview(), credit_of(self.credit(), self._context.model), self._context
        )

    def _attribution(self) -> Section:
        try:
            intervals: CreditIntervals | str = self._services.intervals(
                self._asked, self._context.model
            )
        except EmptyWorkspaceError as error:
            intervals = str(error)
        return attribution(self.credit(), self.gaps(), intervals, self._context)

    def _channels(self) -> Section:
        found = self._services.performance(self.credit(), self._context.model)
        return channels(found, self._context)

    def _data(self) -> Section:
        line = self.credit().reconciliation[self._context.model]
        return data(
            self.gaps(),
            line.closed_won_minor,
            line.unattributed_minor,
            self._context,
        )

    def _appendix(self) -> Section:
        return appendix(METRICS, self._asked, self._services.history(), self._context)
