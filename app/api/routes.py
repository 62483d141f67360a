"""The endpoints: each asks the services what pages and command line ask."""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Depends, Path, Query

from app.api.access import admitted
from app.api.amounts import Answer
from app.api.data_answers import (
    ImportsAnswer,
    MetricsAnswer,
    WorkspacesAnswer,
    empty_workspace_answer,
    imports_answer,
    metrics_answer,
    workspace_answer,
)
from app.api.deal_answers import DealAnswer, DealsAnswer, deals_answer
from app.api.forecast_answers import ForecastAnswer, forecast_answer
from app.api.parameters import (
    ALL_MODELS,
    AttributionQuery,
    DealsQuery,
    ForecastQuery,
    MoneyQuery,
    NoParameters,
    OverviewQuery,
    Page,
)
from app.api.recent import Recent, recent_answers
from app.api.revenue_answers import (
    AttributionAnswer,
    OverviewAnswer,
    attribution_answer,
    overview_answer,
)
from app.deal_services import DealQuestion, Learned
from app.services import Services
from core.attribution.results import JourneySettings, Question
from core.attribution.rules.milestones import Custom
from core.deals.settings import ScoreSettings
from core.errors import EmptyWorkspaceError, UnknownNameError
from core.forecasting.forecast_question import ForecastQuestion
from core.overview import OverviewQuestion
from core.periods import Preset, period, previous
from core.scope import Scope

LONGEST_ID: Final = 200

Asked = Annotated[Services, Depends(admitted)]
Heavy = Annotated[Recent, Depends(recent_answers)]


def workspaces(services: Asked, _asked: Annotated[NoParameters, Query()]) -> WorkspacesAnswer:
    """Return what the data cover: last day, currencies, sizes."""
    try:
        return workspace_answer(services.coverage())
    except EmptyWorkspaceError:
        return empty_workspace_answer(services.workspace.fingerprint())


def metrics(_services: Asked, _asked: Annotated[NoParameters, Query()]) -> MetricsAnswer:
    """Return the name, formula, unit and meaning of every figure."""
    return metrics_answer()


def imports(services: Asked, page: Annotated[Page, Query()]) -> ImportsAnswer:
    """Return the imports, the latest first."""
    fingerprint = services.workspace.fingerprint()
    return imports_answer(services.timeline.snapshots(), fingerprint, page)


def overview(services: Asked, asked: Annotated[OverviewQuery, Query()]) -> OverviewAnswer:
    """Return the figures of a period beside those of the period before."""
    return overview_answer(services.overview(_overview_question(services, asked)))


def attribution(services: Asked, asked: Annotated[AttributionQuery, Query()]) -> AttributionAnswer:
    """Return the credit of channels or campaigns, with the line that proves it."""
    return attribution_answer(services.attribution(_attribution_question(services, asked)))


def forecast(
    services: Asked, recent: Heavy, asked: Annotated[ForecastQuery, Query()]
) -> ForecastAnswer:
    """Return revenue to come by period, with intervals and the record behind them."""
    question = ForecastQuestion(
        currency=_currency(services, asked.currency),
        as_of=services.coverage().as_of,
        kind=asked.period,
        horizon=asked.horizon,
        year_starts_in=asked.year_starts_in,
    )
    key = ("forecast", services.cache_key, question)
    return forecast_answer(recent.answer(key, lambda: services.forecasting.outlook(question)))


def deals(services: Asked, recent: Heavy, asked: Annotated[DealsQuery, Query()]) -> DealsAnswer:
    """Return every open deal with its chances, band and risk signals."""
    scores = services.deals.scores(_learned(services, recent, asked.currency))
    return deals_answer(scores, asked)


def deal(
    services: Asked,
    recent: Heavy,
    deal_id: Annotated[str, Path(min_length=1, max_length=LONGEST_ID)],
    asked: Annotated[MoneyQuery, Query()],
) -> DealAnswer:
    """Return why one open deal has its chance, and what to do next."""
    taught, settings = _learned(services, recent, asked.currency), ScoreSettings()
    scores = services.deals.scores(taught, settings)
    return DealAnswer.of(scores, services.deals.explain(taught, scores, deal_id, settings))


ENDPOINTS: Final[tuple[tuple[str, Callable[..., Answer], str], ...]] = (
    ("/workspaces", workspaces, "data"),
    ("/metrics", metrics, "data"),
    ("/imports", imports, "data"),
    ("/overview", overview, "revenue"),
    ("/attribution", attribution, "revenue"),
    ("/forecast", forecast, "revenue"),
    ("/deals", deals, "deals"),
    ("/deals/{deal_id:path}", deal, "deals"),
)
"""Path, function and part of every endpoint that reads; all of them need a key."""


def _currency(services: Services, asked: str) -> str:
    """Return the currency asked for, among those of the data, or the one most deals are in."""
    known = services.coverage().currencies
    if asked and asked not in known:
        raise UnknownNameError.among("currency in the data", asked, known)
    return asked or known[0]


def _learned(services: Services, recent: Recent, currency: str) -> Learned:
    question = DealQuestion(_currency(services, currency))
    key = ("deals", services.cache_key, question)
    return recent.answer(key, lambda: services.deals.learn(question))


def _overview_question(services: Services, asked: OverviewQuery) -> OverviewQuestion:
    as_of = services.coverage().as_of
    custom = (asked.starts_on, asked.ends_on) if asked.starts_on and asked.ends_on else None
    preset = Preset.CUSTOM if custom else asked.period
    days = period(preset, as_of, custom)
    before = previous(days, preset)
    currency = _currency(services, asked.currency)
    return OverviewQuestion(
        Scope(currency, days.starts_on, days.ends_on),
        Scope(currency, before.starts_on, before.ends_on) if before else None,
        as_of,
    )


def _attribution_question(services: Services, asked: AttributionQuery) -> Question:
    scope = Scope(_currency(services, asked.currency), asked.starts_on, asked.ends_on)
    names = services.answering_models() if asked.model == ALL_MODELS else (asked.model,)
    if asked.model == ALL_MODELS:  # without weights of its own, custom repeats another model
        names = tuple(name for name in names if name != Custom.name)
    journeys = JourneySettings(asked.lookback_days, asked.anchor)
    return Question(scope, names, journeys, asked.by)
