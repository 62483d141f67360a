"""The endpoints: each asks the services what pages and command line ask."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Final

from fastapi import Path, Query

from app.analyst_services import ExplainQuestion
from app.api.access import Asked
from app.api.amounts import Answer
from app.api.chosen import Chosen, noted
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
from app.api.figure_routes import figures
from app.api.forecast_answers import ForecastAnswer, forecast_answer
from app.api.journey_routes import account, accounts, flows, journeys
from app.api.parameters import (
    LONGEST_ID,
    DealQuery,
    DealsQuery,
    ExplanationQuery,
    ForecastQuery,
    NoParameters,
    OverviewQuery,
    Page,
)
from app.api.questions import (
    attribution_question,
    currency_of,
    day_known,
    learned,
    overview_question,
)
from app.api.recent import Heavy
from app.api.revenue_answers import (
    AttributionAnswer,
    OverviewAnswer,
    attribution_answer,
    overview_answer,
)
from app.api.text_answers import (
    ExplanationAnswer,
    QualityAnswer,
    explanation_answer,
    quality_answer,
)
from app.api.touch_parameters import AttributionQuery
from core.deals.settings import ScoreSettings
from core.errors import EmptyWorkspaceError
from core.forecasting.forecast_question import ForecastQuestion


class Topic(StrEnum):
    """What a text is about."""

    OVERVIEW = "overview"
    ATTRIBUTION = "attribution"
    PERFORMANCE = "performance"
    CHANNEL = "channel"
    DEAL = "deal"
    FORECAST = "forecast"
    CHANGES = "changes"


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


def overview(services: Chosen, asked: Annotated[OverviewQuery, Query()]) -> OverviewAnswer:
    """Return the figures of a period beside those of the period before."""
    found = services.overview(overview_question(services, asked))
    return noted(services, overview_answer(found))


def attribution(
    services: Chosen, recent: Heavy, asked: Annotated[AttributionQuery, Query()]
) -> AttributionAnswer:
    """Return the credit of channels or campaigns, with the line that proves it."""
    question = attribution_question(services, asked)
    key = ("attribution", services.cache_key, question)
    result = recent.answer(key, lambda: services.attribution(question))
    notes = services.gaps(question).in_words(question.scope.currency)
    return noted(services, attribution_answer(result, notes))


def forecast(
    services: Chosen, recent: Heavy, asked: Annotated[ForecastQuery, Query()]
) -> ForecastAnswer:
    """Return revenue to come by period, with intervals and the record behind them."""
    question = ForecastQuestion(
        currency=currency_of(services, asked.currency),
        as_of=day_known(services, asked.as_of) or services.coverage().as_of,
        kind=asked.period,
        horizon=asked.horizon,
        year_starts_in=asked.year_starts_in,
    )
    key = ("forecast", services.cache_key, question)
    found = recent.answer(key, lambda: services.forecasting.outlook(question))
    return noted(services, forecast_answer(found))


def deals(services: Chosen, recent: Heavy, asked: Annotated[DealsQuery, Query()]) -> DealsAnswer:
    """Return every open deal with its chances, band and risk signals."""
    scores = services.deals.scores(learned(services, recent, asked))
    return noted(services, deals_answer(scores, asked))


def deal(
    services: Chosen,
    recent: Heavy,
    deal_id: Annotated[str, Path(min_length=1, max_length=LONGEST_ID)],
    asked: Annotated[DealQuery, Query()],
) -> DealAnswer:
    """Return why one open deal has its chance, and what to do next."""
    taught, settings = learned(services, recent, asked), ScoreSettings()
    scores = services.deals.scores(taught, settings)
    why = services.deals.explain(taught, scores, deal_id, settings)
    return noted(services, DealAnswer.of(scores, why))


def quality(services: Asked, _asked: Annotated[NoParameters, Query()]) -> QualityAnswer:
    """Return how far the data can be trusted, and what to do about it."""
    covered = services.coverage()
    return quality_answer(services.data_quality.scores(covered.as_of), covered.fingerprint)


def explanation(
    services: Chosen,
    recent: Heavy,
    topic: Annotated[Topic, Path()],
    asked: Annotated[ExplanationQuery, Query()],
) -> ExplanationAnswer:
    """Return a text written by rules: no sentence holds a number that is not a fact."""
    question = ExplainQuestion(
        topic.value,
        asked.name,
        asked.period,
        currency_of(services, asked.currency),
        asked.model,
    )
    analyst = services.analyst
    by_rules = replace(analyst.settings, name="rules")
    key = ("explanation", services.cache_key, question)
    found = recent.answer(key, lambda: analyst.explain(question, by_rules))
    return noted(services, explanation_answer(found))


ENDPOINTS: Final[tuple[tuple[str, Callable[..., Answer], str], ...]] = (
    ("/workspaces", workspaces, "data"),
    ("/metrics", metrics, "data"),
    ("/imports", imports, "data"),
    ("/quality", quality, "data"),
    ("/overview", overview, "revenue"),
    ("/figures", figures, "revenue"),
    ("/attribution", attribution, "revenue"),
    ("/journeys", journeys, "journeys"),
    ("/journeys/flows", flows, "journeys"),
    ("/accounts", accounts, "journeys"),
    ("/accounts/{account_id:path}", account, "journeys"),
    ("/forecast", forecast, "revenue"),
    ("/deals", deals, "deals"),
    ("/deals/{deal_id:path}", deal, "deals"),
    ("/explanations/{topic}", explanation, "texts"),
)
"""Path, function and part of every endpoint that reads; all of them need a key."""
