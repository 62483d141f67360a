"""What pages, the command line and the API may ask: the one point where rooms are composed.

Nothing here knows a user interface. A test hands a page its own services instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import polars as pl

from app.analyst_services import AnalystServices
from app.ask_services import AskServices
from app.deal_services import DealServices
from app.drill_services import DrillServices
from app.figures_services import FiguresServices
from app.forecast_services import ForecastServices
from app.history_services import HistoryServices
from app.journey_services import JourneyServices
from app.pipeline_services import PipelineServices
from app.quality_services import QualityServices
from app.selection_services import SelectionServices
from app.trust_services import TrustServices
from core.attribution import attribute
from core.attribution.credit import ToExplain, query_behind, to_explain
from core.attribution.data_driven import MODELS, DataDriven
from core.attribution.gaps import Gaps, gaps
from core.attribution.incremental.lift import LiftTest
from core.attribution.names import TouchNames, touch_names
from core.attribution.order_of_journeys import JourneyOrder, order_of_journeys
from core.attribution.path_attribution import models_for
from core.attribution.performance import (
    ChannelFacts,
    ChannelPerformance,
    channel_facts,
    channel_performance,
)
from core.attribution.recommendation import PerformanceSettings
from core.attribution.results import AttributionResult, JourneySettings, Question
from core.attribution.rules.base import Rule
from core.attribution.rules.registry import RULES, rule
from core.attribution.signal import Signal
from core.attribution.trust import model_intervals, model_signal
from core.attribution.uncertainty import CreditIntervals
from core.coverage import DEMO, Coverage, coverage
from core.crm.demo.options import DemoOptions
from core.crm.importing import ImportOptions, Preview, import_files, preview_files
from core.crm.known_files import columns_of
from core.crm.matching import FileColumn
from core.crm.receipts import Receipt, SourceFile
from core.crm.remembered import forget
from core.engine import DEFAULT_URL, KEPT_ROWS, Engine, collect, open_engine
from core.errors import EmptyWorkspaceError
from core.exchange import rates_in_words
from core.overview import OverviewQuestion, OverviewResult, overview
from core.selection import Condition
from core.workspace import Workspace

if TYPE_CHECKING:
    from app.report_services import ReportServices

TRUST_SEED = 20_260
"""Seed of intervals and shuffles: the same data and question always get the same answer."""

Model = Rule | DataDriven
"""A way to give credit; its title, summary, formula and caution are what a person reads of it."""


@dataclass(frozen=True)
class Services:
    """Every question and every change the ways in may make to one workspace.

    Parameters
    ----------
    workspace
        The data.
    engine_url
        The engine that reduces them.
    identity
        Keeps cached answers of two workspaces apart, whatever their data.
    """

    workspace: Workspace
    engine_url: str = DEFAULT_URL
    identity: str = field(default_factory=lambda: uuid4().hex)

    @property
    def cache_key(self) -> str:
        """The workspace and the state of its data, for keys of cached answers."""
        return f"{self.identity}:{self.workspace.fingerprint()}"

    @property
    def pipeline(self) -> PipelineServices:
        """Questions about the pipeline: flow, velocity, odds, what is due."""
        return PipelineServices(self.workspace, self.engine_url)

    @property
    def journeys(self) -> JourneyServices:
        """Questions about journeys."""
        return JourneyServices(self.workspace, self.engine_url)

    @property
    def drill(self) -> DrillServices:
        """What may be asked about one credit or one deal."""
        return DrillServices(self.workspace, self.engine_url)

    @property
    def analyst(self) -> AnalystServices:
        """Texts whose every figure is a fact."""
        return AnalystServices(self.workspace, self.engine_url)

    @property
    def ask(self) -> AskServices:
        """Answers to questions in plain language."""
        return AskServices(self.workspace, self.engine_url)

    @property
    def trust(self) -> TrustServices:
        """Questions about how far models can be trusted."""
        return TrustServices(self.workspace, self.engine_url)

    def is_empty(self) -> bool:
        """Tell whether no deal has been imported yet."""
        return self.workspace.is_empty()

    def coverage(self) -> Coverage:
        """Return what the data cover: last day, currencies, owners, sizes."""
        return coverage(self.workspace)

    def overview(self, question: OverviewQuestion) -> OverviewResult:
        """Return the figures of a period beside those of the period before."""
        return overview(self._engine(), question, self.workspace.fingerprint())

    def models(self) -> dict[str, Model]:
        """Return the attribution models by name, in the order they are shown."""
        return {**{name: rule(name) for name in RULES}, **MODELS}

    def answering_models(self) -> tuple[str, ...]:
        """Return the names of the models that can answer for the channels there are."""
        channels = self.touch_names().channels
        return tuple(models_for(len(channels), self.models()))

    def require_names(
        self, journeys: JourneySettings, lift_tests: tuple[LiftTest, ...] = ()
    ) -> None:
        """Refuse a channel or kind that no touch has: to leave it out would change nothing.

        Raises
        ------
        UnknownNameError
            If there is no such channel or kind; the hint lists those there are.
        """
        tested = tuple(test.channel for test in lift_tests)
        self.touch_names().require((*journeys.excluded_channels, *tested), journeys.excluded_kinds)

    def suggested_order(self, question: Question) -> JourneyOrder | None:
        """Return the Markov order the journeys support; None where nothing was won."""
        try:
            return order_of_journeys(self._engine(), question)
        except EmptyWorkspaceError:
            return None

    def touch_names(self) -> TouchNames:
        """Return the channels and kinds that touches of deals have."""
        return touch_names(self._engine())

    def attribution(
        self, question: Question, explained: ToExplain | None = None
    ) -> AttributionResult:
        """Return the credit of each model by channel or campaign, and what was asked in vain."""
        answer = attribute(self._engine(), question, self.workspace.fingerprint(), explained)
        return replace(answer, warnings=(*question.doubts, *answer.warnings))

    def attribution_query(self, question: Question) -> str:
        """Return the query behind the credit of a question."""
        return query_behind(self._engine(), question)

    def to_explain(self, question: Question) -> ToExplain:
        """Return what the models of a question have to explain, whichever they are."""
        return to_explain(self._engine(), question)

    def channel_facts(self, question: Question) -> ChannelFacts:
        """Return what each channel cost and which deals it touched, whatever the model."""
        return channel_facts(self._engine(), question)

    def performance(
        self, credit: AttributionResult, model: str, settings: PerformanceSettings | None = None
    ) -> ChannelPerformance:
        """Return what each channel cost and earned, from an answer by channel."""
        facts = self.channel_facts(credit.question)
        return channel_performance(facts, credit, model, settings or PerformanceSettings())

    def intervals(self, question: Question, model: str) -> CreditIntervals:
        """Return how far each channel's share of won deals moves when accounts are drawn again."""
        return model_intervals(self._engine(), question, model, TRUST_SEED)

    def signal(self, question: Question, model: str) -> Signal | None:
        """Return whether a data-driven model sees a signal; a rule cannot see one."""
        if model not in MODELS:
            return None
        return model_signal(self._engine(), question, model, TRUST_SEED)

    def gaps(self, question: Question) -> Gaps:
        """Return what the data leave open: won deals no touch explains, with the reason."""
        return gaps(self._engine(), question)

    @property
    def forecasting(self) -> ForecastServices:
        """The questions about revenue to come."""
        return ForecastServices(self.workspace, self.engine_url)

    @property
    def deals(self) -> DealServices:
        """Questions about open deals."""
        return DealServices(self.workspace, self.engine_url)

    def import_files(
        self, files: Sequence[SourceFile], now: datetime, options: ImportOptions | None = None
    ) -> tuple[Receipt, ...]:
        """Read files into the workspace and account for every record.

        Parameters
        ----------
        files
            The files, in any order.
        now
            The moment to record, UTC.
        options
            How to read them, where they do not say it themselves.
        """
        return import_files(self.workspace, files, now, options)

    def preview(
        self, files: Sequence[SourceFile], now: datetime, options: ImportOptions | None = None
    ) -> tuple[Preview, ...]:
        """Return what `import_files` would do with the same arguments; nothing is stored."""
        return preview_files(self.workspace, files, now, options)

    def forget_mapping(self, key: str) -> None:
        """Let go of what was said about files with some headers; imports stay as they are."""
        forget(self.workspace, key)

    def columns_of(self, file: SourceFile, max_bytes: int) -> tuple[FileColumn, ...]:
        """Return the columns of a file that no recipe knows, with samples."""
        return columns_of(file, max_bytes)

    @property
    def timeline(self) -> HistoryServices:
        """What was imported when, what it changed, and the way back."""
        return HistoryServices(self.workspace)

    @property
    def data_quality(self) -> QualityServices:
        """How far the data can be trusted, and the rows behind every doubt."""
        return QualityServices(self.workspace, self.engine_url)

    @property
    def selection(self) -> SelectionServices:
        """What deals can be chosen by."""
        return SelectionServices(self.workspace, self.engine_url)

    def where(self, conditions: Sequence[Condition]) -> "Services":
        """Return the same questions about the deals that fulfil every condition.

        Their rows are a copy in memory: close it when done.
        """
        return Services(self.selection.selected(conditions), self.engine_url)

    def load_demo(self, options: DemoOptions) -> None:
        """Replace what the workspace holds by a simulated company."""
        from core.crm import demo

        demo.load(self.workspace, demo.simulate(options))

    def rates_in_words(self) -> tuple[str, ...]:
        """Return whose exchange rates amounts are converted with."""
        return rates_in_words(self.workspace)

    def history(self) -> pl.DataFrame:
        """Return the imports so far, the latest first."""
        return collect(self._engine().table("imports")).sort("sequence", descending=True)

    def rejected_rows(self) -> pl.DataFrame:
        """Return every rejected record of the workspace with its reason."""
        return collect(self._engine().table("rejected_rows")).sort("import_id", "row_number")

    def is_demo(self) -> bool:
        """Tell whether the data are simulated."""
        return self.workspace.meta("kind") == DEMO

    @property
    def reports(self) -> "ReportServices":
        """Reports for print and spreadsheets."""
        # What draws and prints takes a quarter of a second to import; most commands do neither.
        from app.report_services import ReportServices

        return ReportServices(self)

    @property
    def figures(self) -> FiguresServices:
        """Every figure the pages show, as one list."""
        return FiguresServices(self)

    def close(self) -> None:
        """Release the workspace."""
        self.workspace.close()

    def _engine(self) -> Engine:
        return open_engine(self.workspace, self.engine_url, keeps=KEPT_ROWS)
