"""Every figure the pages show, as one list: each asked of the services the pages ask."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from app import figure_rows as rows
from app.ask_ahead import Ahead
from app.deal_services import DealQuestion
from app.defaults import DEFAULT_MODEL, DEFAULT_PERIOD, JOURNEY_STEPS, QUARTERS_AHEAD
from app.figure_rows import FigureRow, ShownOn
from app.heavy_answers import worked_out
from app.pipeline_services import question_of
from core.analyst.ask.inquiry import Inquiry
from core.attribution.results import Question
from core.attribution.steps import JourneyQuestion
from core.deals.scoring import DealScores
from core.deals.summary import totals
from core.deals.views import DealFilters, DealView, viewed
from core.errors import EmptyWorkspaceError
from core.forecasting.attainment import Attainment
from core.forecasting.forecast_question import ForecastQuestion, PeriodKind
from core.forecasting.outlook_results import Outlook
from core.forecasting.segments import Segment
from core.overview import OverviewQuestion
from core.periods import Period, Preset, period, quarter_end_after
from core.scope import Scope

if TYPE_CHECKING:
    from app.services import Services

_ASKED_ONLY: Final = ("value_at_risk",)
"""Figures that only the answers to questions show."""


@dataclass(frozen=True)
class FiguresQuestion:
    """Which figures: those of a page or of all, of a period, in a currency.

    Parameters
    ----------
    currency
        Reporting currency; empty for the one most deals are in.
    preset, custom
        The period, and its days where it is a custom one.
    owner_ids
        Owners whose deals count; empty means everybody's.
    page
        The page that shows them; None for all pages.
    """

    currency: str = ""
    preset: Preset = DEFAULT_PERIOD
    custom: tuple[date, date] | None = None
    owner_ids: tuple[str, ...] = ()
    page: ShownOn | None = None


@dataclass(frozen=True)
class Figures:
    """The figures of the pages, as the pages show them while no setting is touched.

    Parameters
    ----------
    rows
        The figures, page by page.
    currency
        Of amounts.
    days
        The period.
    as_of
        The day the data reach.
    fingerprint
        The data they are of.
    warnings
        Pages that could not be answered, and why.
    """

    rows: tuple[FigureRow, ...]
    currency: str
    days: Period
    as_of: date
    fingerprint: str
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class FiguresServices:
    """The figures of the pages of one workspace."""

    services: "Services"

    def figures(self, question: FiguresQuestion) -> Figures:
        """Return what the pages show; a page without the data it needs says so.

        Raises
        ------
        EmptyWorkspaceError
            If there is no deal.
        """
        covered = self.services.coverage()
        days = period(question.preset, covered.as_of, question.custom)
        currency = covered.currency_known(question.currency)
        scope = Scope(currency, days.starts_on, days.ends_on, question.owner_ids)
        told, missing = _Asking(self.services, scope).told(question.page)
        return Figures(told, currency, days, covered.as_of, covered.fingerprint, missing)


class _Asking:
    """One round of questions; forecast and scores, which several pages show, are asked for once."""

    def __init__(self, services: "Services", scope: Scope) -> None:
        self._services, self._scope = services, scope
        self._covered = services.coverage()
        self._heavy = worked_out(services)

    def told(self, page: ShownOn | None) -> tuple[tuple[FigureRow, ...], tuple[str, ...]]:
        """Return the figures of a page or of all, and why some are missing."""
        asked: Mapping[ShownOn, Callable[[], Iterator[FigureRow]]] = {
            ShownOn.OVERVIEW: self._overview,
            ShownOn.ATTRIBUTION: self._attribution,
            ShownOn.JOURNEYS: self._journeys,
            ShownOn.PIPELINE: self._pipeline,
            ShownOn.FORECAST: self._forecast,
            ShownOn.DEALS: self._deals,
            ShownOn.DATA_QUALITY: self._quality,
            ShownOn.ASK: self._ask,
        }
        self._begin(page)
        found: list[FigureRow] = []
        missing = []
        for one in [page] if page else list(ShownOn):
            try:
                found.extend(asked[one]())  # what a page could answer before it failed stands
            except EmptyWorkspaceError as error:
                missing.append(f"{one}: {error}")
        return tuple(found), tuple(missing)

    def _begin(self, page: ShownOn | None) -> None:
        """Begin what takes seconds before anything else is asked."""
        if page is None:
            as_of = self._covered.as_of
            deals = DealQuestion(self._scope.currency, as_of, quarter_end_after(as_of))
            self._heavy.begin(self._quarters(as_of), deals)

    def _overview(self) -> Iterator[FigureRow]:
        question = OverviewQuestion(self._scope, None, self._covered.as_of)
        yield from rows.of_overview(self._services.overview(question))

    def _attribution(self) -> Iterator[FigureRow]:
        credit = self._services.attribution(Question(self._scope, (DEFAULT_MODEL,)))
        yield from rows.of_credit(credit, DEFAULT_MODEL)
        yield from rows.of_channels(self._services.performance(credit, DEFAULT_MODEL))

    def _journeys(self) -> Iterator[FigureRow]:
        question = JourneyQuestion(self._scope, steps=JOURNEY_STEPS)
        yield from rows.of_journeys(self._services.journeys.patterns(question))

    def _pipeline(self) -> Iterator[FigureRow]:
        asked, forecasting = self._services.pipeline, self._services.forecasting
        question = question_of(self._scope, self._covered.first_day, self._covered.as_of)
        past = asked.histories(question.currency, question.owner_ids)
        yield from rows.of_flow(asked.flow(past, question))
        slipped = asked.slippage(past, question)
        yield from rows.of_speed(
            asked.velocity(past, question), asked.win_rates(past, question), slipped
        )
        yield from rows.of_pushes(asked.push_counts(past, question))
        try:
            outlook = self._outlook(self._quarters(question.as_of))
        except EmptyWorkspaceError:  # nothing was won yet: coverage needs no forecast
            yield from rows.of_coverage(asked.attainment(past, question))
            raise
        yield from rows.of_coverage(forecasting.attainment(outlook))
        yield from rows.of_categories(forecasting.categories(outlook))

    def _forecast(self) -> Iterator[FigureRow]:
        forecasting = self._services.forecasting
        outlook = self._outlook(self._quarters(self._covered.as_of))
        standing = forecasting.attainment(outlook)
        yield from rows.of_forecast(outlook, standing, forecasting.open_deals(outlook))

    def _deals(self) -> Iterator[FigureRow]:
        question = DealQuestion(self._scope.currency, self._covered.as_of)
        scores = self._scores(question)
        ends_on = scores.model.ends_on
        mine = viewed(scores.frame, DealView.ALL, ends_on, DealFilters(self._scope.owner_ids))
        yield from rows.of_deals(scores, mine, totals(mine, ends_on))

    def _quality(self) -> Iterator[FigureRow]:
        yield from rows.of_quality(self._services.data_quality.scores(self._covered.as_of))

    def _ask(self) -> Iterator[FigureRow]:
        """Return what no other page shows, in the words of the Ask page."""
        ahead = Ahead(self._outlook, self._standing, self._scores)
        for name in _ASKED_ONLY:
            scope = self._scope
            found, _ = ahead.rows(Inquiry(name), scope.currency, self._covered.as_of)
            yield from rows.of_answer(name, found)

    def _standing(self, question: ForecastQuestion) -> Attainment:
        return self._services.forecasting.attainment(self._outlook(question))

    def _scores(self, question: DealQuestion) -> DealScores:
        asked = replace(
            question,
            as_of=question.as_of or self._covered.as_of,
            ends_on=question.ends_on or quarter_end_after(question.as_of or self._covered.as_of),
        )
        return self._heavy.scores(asked)

    def _quarters(self, as_of: date) -> ForecastQuestion:
        segment = Segment(owner_ids=self._scope.owner_ids)
        asked = ForecastQuestion(self._scope.currency, as_of, PeriodKind.QUARTER, QUARTERS_AHEAD)
        return replace(asked, segment=segment)

    def _outlook(self, question: ForecastQuestion) -> Outlook:
        return self._heavy.outlook(question)
