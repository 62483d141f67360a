"""What pages, the command line and the API may ask: the one point where rooms are composed.

Nothing here knows a user interface. A test hands a page its own services instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

import polars as pl

from app.analyst_services import AnalystServices
from app.ask_services import AskServices
from core.attribution import attribute, credited_deals, deal_credits
from core.attribution.data_driven import MODELS, DataDriven
from core.attribution.gaps import Gaps, gaps
from core.attribution.path_attribution import models_for
from core.attribution.performance import (
    ChannelFacts,
    ChannelPerformance,
    channel_facts,
    channel_performance,
)
from core.attribution.recommendation import PerformanceSettings
from core.attribution.results import AttributionResult, Question
from core.attribution.rules.base import Rule
from core.attribution.rules.milestones import Custom
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
from core.engine import DEFAULT_URL, Engine, collect, open_engine
from core.overview import OverviewQuestion, OverviewResult, overview
from core.workspace import Workspace

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
    def analyst(self) -> AnalystServices:
        """Texts whose every figure is a fact."""
        return AnalystServices(self.workspace, self.engine_url)

    @property
    def ask(self) -> AskServices:
        """Answers to questions in plain language."""
        return AskServices(self.workspace, self.engine_url)

    def is_empty(self) -> bool:
        """Tell whether no deal has been imported yet."""
        return self.workspace.is_empty()

    def coverage(self) -> Coverage:
        """Return what the data cover: last day, currencies, owners, sizes."""
        return coverage(self.workspace)

    def default_currency(self) -> str:
        """Return the currency most deals are in; an empty workspace has none to state."""
        return self.coverage().currencies[0]

    def overview(self, question: OverviewQuestion) -> OverviewResult:
        """Return the figures of a period beside those of the period before."""
        return overview(self._engine(), question, self.workspace.fingerprint())

    def models(self) -> dict[str, Model]:
        """Return the attribution models by name, in the order they are shown.

        Custom weights are left out: a model needs them said before it is one.
        """
        rules = {name: rule(name) for name in RULES if name != Custom.name}
        return {**rules, **MODELS}

    def answering_models(self) -> tuple[str, ...]:
        """Return the names of the models that can answer for the channels there are."""
        channels = collect(self._engine().table("touches").select("channel").unique()).height
        return tuple(models_for(channels, self.models()))

    def attribution(self, question: Question) -> AttributionResult:
        """Return the credit of each model by channel or campaign."""
        return attribute(self._engine(), question, self.workspace.fingerprint())

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

    def credited_deals(self, question: Question, model: str, name: str) -> pl.DataFrame:
        """Return the won deals behind one credit: their credits sum to it."""
        return credited_deals(self._engine(), question, model, name)

    def deal_credits(self, question: Question, deal_id: str) -> pl.DataFrame:
        """Return the eligible touches of one deal with their credit by each model."""
        return deal_credits(self._engine(), question, deal_id)

    def gaps(self, question: Question) -> Gaps:
        """Return what the data leave open: won deals no touch explains, with the reason."""
        return gaps(self._engine(), question)

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

    def columns_of(self, file: SourceFile, max_bytes: int) -> tuple[FileColumn, ...]:
        """Return the columns of a file that no recipe knows, with samples."""
        return columns_of(file, max_bytes)

    def load_demo(self, options: DemoOptions) -> None:
        """Replace what the workspace holds by a simulated company."""
        from core.crm import demo

        demo.load(self.workspace, demo.simulate(options))

    def history(self) -> pl.DataFrame:
        """Return the imports so far, the latest first."""
        return collect(self._engine().table("imports")).sort("sequence", descending=True)

    def rejected_rows(self) -> pl.DataFrame:
        """Return every rejected record of the workspace with its reason."""
        return collect(self._engine().table("rejected_rows")).sort("import_id", "row_number")

    def is_demo(self) -> bool:
        """Tell whether the data are simulated."""
        return self.workspace.meta("kind") == DEMO

    def close(self) -> None:
        """Release the workspace."""
        self.workspace.close()

    def _engine(self) -> Engine:
        return open_engine(self.workspace, self.engine_url)
