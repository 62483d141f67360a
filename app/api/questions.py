"""What the services are asked where a request says it in its own words."""

from dataclasses import replace
from datetime import date

from app.api.figure_answers import FiguresQuery
from app.api.parameters import (
    DealQuery,
    OverviewQuery,
    OwnersQuery,
    PeriodQuery,
    ReportQuery,
    ScopeQuery,
)
from app.api.recent import Recent
from app.api.touch_parameters import AttributionQuery, FlowsQuery
from app.attribution_question import named_models
from app.deal_services import DealQuestion, Learned
from app.figures_services import FiguresQuestion
from app.report_question import ReportQuestion, models_compared
from app.services import Services
from core.attribution.incremental.lift import read_lift_lines
from core.attribution.results import Question
from core.attribution.steps import JourneyQuestion
from core.overview import OverviewQuestion
from core.periods import Preset, period, previous
from core.reports.options import ReportOptions
from core.scope import Scope


def currency_of(services: Services, asked: str) -> str:
    """Return the currency asked for, among those of the data, or the one most deals are in."""
    return services.coverage().currency_known(asked)


def scope_of(services: Services, asked: ScopeQuery) -> Scope:
    """Return whose deals are meant, between which days."""
    return replace(owned(services, asked), starts_on=asked.starts_on, ends_on=asked.ends_on)


def owned(services: Services, asked: OwnersQuery) -> Scope:
    """Return whose deals are meant, whenever; an owner without a deal is refused."""
    services.coverage().require_owners(asked.owner)
    currency = currency_of(services, asked.currency)
    return Scope(currency, owner_ids=tuple(sorted(set(asked.owner))))


def day_known(services: Services, asked: date | None) -> date | None:
    """Return the day as of which is asked, which the data have to reach."""
    return services.coverage().day_known(asked)


def learned(services: Services, recent: Recent, asked: DealQuery) -> Learned:
    """Return what was learned of the deals, the slow part of every answer about them."""
    as_of = day_known(services, asked.as_of)
    question = DealQuestion(currency_of(services, asked.currency), as_of, asked.until)
    key = ("deals", services.cache_key, question)
    return recent.answer(key, lambda: services.deals.agreed(question))


def overview_question(services: Services, asked: OverviewQuery) -> OverviewQuestion:
    """Return what the overview is asked, compared with the period before as on the page."""
    as_of = services.coverage().as_of
    preset, custom = _period(asked)
    days = period(preset, as_of, custom)
    before = previous(days, preset)
    scope = replace(scope_of(services, asked), starts_on=days.starts_on, ends_on=days.ends_on)
    earlier = replace(scope, starts_on=before.starts_on, ends_on=before.ends_on) if before else None
    return OverviewQuestion(scope, earlier, as_of)


def attribution_question(services: Services, asked: AttributionQuery) -> Question:
    """Return what attribution is asked, as the command line asks it."""
    tests = read_lift_lines(asked.lift_test)
    services.require_names(asked.settings, tests)
    question = Question(
        scope_of(services, asked),
        (),
        asked.settings,
        asked.by,
        asked.rules,
        tests,
    )

    def order() -> int:
        suggested = None if asked.order else services.suggested_order(question)
        return asked.order or (suggested.order if suggested else 1)

    models = named_models(services, asked.model, order, with_custom=asked.has_weights)
    return replace(question, models=models)


def journey_question(services: Services, asked: FlowsQuery) -> JourneyQuestion:
    """Return what is asked about journeys, as the page asks it."""
    services.require_names(asked.settings)
    scope = scope_of(services, asked)
    return JourneyQuestion(scope, asked.settings, asked.by, asked.steps, asked.side)


def figures_question(services: Services, asked: FiguresQuery) -> FiguresQuestion:
    """Return which figures of the pages are asked for."""
    scope = scope_of(services, asked)
    preset, custom = _period(asked)
    return FiguresQuestion(scope.currency, preset, custom, scope.owner_ids, asked.page)


def report_question(services: Services, asked: ReportQuery) -> ReportQuestion:
    """Return what a report is asked, as the command line asks it."""
    scope = scope_of(services, asked)
    preset, custom = _period(asked)
    options = ReportOptions(asked.audience, tuple(asked.parts), asked.paper)
    return ReportQuestion(
        options=options,
        preset=preset,
        custom=custom,
        currency=asked.currency,
        owner_ids=scope.owner_ids,
        models=models_compared(asked.models, asked.model),
        model=asked.model,
        as_of=day_known(services, asked.as_of),
        where=tuple(asked.where),
    )


def _period(asked: PeriodQuery) -> tuple[Preset, tuple[date, date] | None]:
    custom = (asked.starts_on, asked.ends_on) if asked.starts_on and asked.ends_on else None
    return (Preset.CUSTOM if custom else asked.period), custom
