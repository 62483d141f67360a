"""What the ways in may ask about the pipeline: its flow, its speed, its odds, what is due."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import polars as pl

from core.engine import DEFAULT_URL, open_engine
from core.errors import EmptyWorkspaceError
from core.forecasting import deal_lists
from core.forecasting.attainment import Attainment, attainment, booked, read_quota
from core.forecasting.flow import Line, PipelineFlow, Window, pipeline_flow
from core.forecasting.forecast_question import ForecastPeriod
from core.forecasting.histories import Histories, end_of, history_query, read_histories
from core.forecasting.pushes import Slippage, push_counts, slippage
from core.forecasting.segments import DIMENSIONS
from core.forecasting.velocity import Velocity, velocity, velocity_by
from core.forecasting.win_rate import WinRates, win_rates
from core.periods import quarter_end, quarter_start
from core.scope import Scope
from core.workspace import Workspace

SEGMENTS = (*DIMENSIONS, "source")
"""Columns of the deals by which the pipeline can be split."""


class Behind(StrEnum):
    """Deals behind a figure of the pipeline page."""

    OPEN = "open"
    CLOSED = "closed"
    WON = "won"
    CREATED = "created"
    KNOWN = "known"
    DUE = "due"
    DUE_LAST_QUARTER = "due last quarter"


@dataclass(frozen=True)
class PipelineQuestion:
    """A span of days and whose deals; the pipeline is looked at as known on its last day.

    Parameters
    ----------
    currency
        Currency to convert every amount into.
    starts_on, as_of
        First and last day of the span, both included.
    due_only
        Whether only deals expected to close from the first day to the end of the last day's
        quarter are in the pipeline.
    owner_ids
        Owners whose deals count; empty means everybody's.
    """

    currency: str
    starts_on: date
    as_of: date
    due_only: bool = False
    owner_ids: tuple[str, ...] = ()

    @property
    def window(self) -> Window | None:
        """Expected close days the pipeline is limited to, or None."""
        return Window(self.starts_on, quarter_end(self.as_of)) if self.due_only else None

    @property
    def quarter(self) -> tuple[date, date]:
        """The quarter that is not over on the last day: the next one, when it ends a quarter."""
        tomorrow = self.as_of + timedelta(days=1)
        return quarter_start(tomorrow), quarter_end(tomorrow)

    @property
    def finished_quarter(self) -> tuple[date, date]:
        """The last quarter that was over by the end of the last day."""
        ended = self.quarter[0] - timedelta(days=1)
        return quarter_start(ended), ended


def question_of(scope: Scope, first_day: date, as_of: date) -> PipelineQuestion:
    """Return the question a filter bar asks, within the days the data reach."""
    last = min(scope.ends_on or as_of, as_of)
    first = min(max(scope.starts_on or first_day, first_day), last)
    return PipelineQuestion(scope.currency, first, last, owner_ids=scope.owner_ids)


@dataclass(frozen=True)
class PipelineServices:
    """Every question about the pipeline of one workspace; most are asked of its histories.

    Parameters
    ----------
    workspace
        The data.
    engine_url
        The engine that reduces them.
    """

    workspace: Workspace
    engine_url: str = DEFAULT_URL

    def histories(self, currency: str, owner_ids: tuple[str, ...]) -> Histories:
        """Return every deal's past; what all other questions are asked of."""
        engine = open_engine(self.workspace, self.engine_url)
        return read_histories(engine, currency, owner_ids)

    def source(self, currency: str, owner_ids: tuple[str, ...]) -> str:
        """Return the query that reads the stage changes, as the engine runs it."""
        engine = open_engine(self.workspace, self.engine_url)
        return history_query(engine, currency, owner_ids)

    def flow(self, histories: Histories, question: PipelineQuestion) -> PipelineFlow:
        """Return what became of the pipeline from before the first day to the last."""
        before = question.starts_on - timedelta(days=1)
        return pipeline_flow(histories, before, question.as_of, question.window)

    def attainment(self, histories: Histories, question: PipelineQuestion) -> Attainment:
        """Return where the quarter that is not over stands, deal by deal and against its quota.

        Raises
        ------
        EmptyWorkspaceError
            If no deal had been created by the as-of date.
        """
        if not (histories.deals["created_epoch"] < end_of(question.as_of)).any():
            raise EmptyWorkspaceError(
                f"No deal had been created by {question.as_of}.", "Choose a later period."
            )
        engine = open_engine(self.workspace, self.engine_url)
        quota = read_quota(engine, question.currency, *question.quarter, question.owner_ids)
        return attainment(histories, quota, question.as_of, question.quarter)

    def velocity(self, histories: Histories, question: PipelineQuestion) -> Velocity:
        """Return money a day through the pipeline, from the deals closed in the span."""
        return velocity(histories, question.as_of, question.starts_on)

    def velocity_by(
        self, histories: Histories, question: PipelineQuestion, segment: str
    ) -> tuple[Velocity, ...]:
        """Return the velocity of each segment."""
        return velocity_by(histories, question.as_of, question.starts_on, segment)

    def win_rates(self, histories: Histories, question: PipelineQuestion) -> WinRates:
        """Return the win rate three ways, as known on the last day."""
        return win_rates(histories, question.as_of, question.starts_on)

    def push_counts(self, histories: Histories, question: PipelineQuestion) -> pl.DataFrame:
        """Return how often the close of each open deal was pushed."""
        return push_counts(histories, question.as_of)

    def slippage(self, histories: Histories, question: PipelineQuestion) -> Slippage:
        """Return what became of the deals due in the last finished quarter."""
        return slippage(histories, *question.finished_quarter)

    def deal_course(self, histories: Histories, deal_id: str, as_of: date) -> pl.DataFrame:
        """Return what a deal went through up to a day."""
        return deal_lists.deal_course(histories, deal_id, as_of)

    def came(
        self, histories: Histories, periods: tuple[ForecastPeriod, ...], known_until: date
    ) -> pl.DataFrame:
        """Return what the periods brought that are over by a day.

        Returns
        -------
        polars.DataFrame
            ``period, starts_on, won_minor``, as `Outlook.history` has them.
        """
        rows = [
            (period.label, period.starts_on, booked(histories, period.starts_on, period.ends_on))
            for period in periods
            if period.ends_on <= known_until
        ]
        schema = {"period": pl.String, "starts_on": pl.Date, "won_minor": pl.Int64}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def deals_of_line(
        self, histories: Histories, question: PipelineQuestion, line: Line
    ) -> pl.DataFrame:
        """Return the deals of a line of the bridge; their amounts add up to it."""
        return deal_lists.flow_deals(histories, self.flow(histories, question), line)

    def deals_behind(
        self,
        histories: Histories,
        question: PipelineQuestion,
        figure: Behind,
        segment: tuple[str, str] | None = None,
    ) -> pl.DataFrame:
        """Return the deals a figure counts, of one segment (column and value) or of all."""
        if segment is not None:
            histories = deal_lists.in_segment(histories, *segment)
        first, last = question.starts_on, question.as_of
        match figure:
            case Behind.OPEN:
                return deal_lists.open_deals(histories, last)
            case Behind.CLOSED | Behind.WON:
                outcome = "won" if figure is Behind.WON else None
                return deal_lists.closed_deals(histories, first, last, outcome)
            case Behind.CREATED | Behind.KNOWN:
                since = first if figure is Behind.CREATED else date.min
                return deal_lists.created_deals(histories, since, last)
            case Behind.DUE:
                return deal_lists.due_deals(histories, last, question.quarter[1])
            case Behind.DUE_LAST_QUARTER:
                return deal_lists.deals_due_in(histories, *question.finished_quarter)
