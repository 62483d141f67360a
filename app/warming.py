"""The first questions of every visitor, answered before there is one."""

from app import cache
from app.caches import forecast as forecasts
from app.components import attribution_settings, filters, forecast_question
from app.services import Services
from core.errors import EmptyWorkspaceError
from core.memory import give_back
from core.overview import OverviewQuestion
from core.settings import Settings


def answer_first_questions() -> None:
    """Open the data everybody sees first and fill the caches with what the pages ask of them."""
    services = _services(Settings())
    if services.is_empty():
        return
    view = filters.default_view(services)
    question = OverviewQuestion(view.scope, view.compared_with, view.coverage.as_of)
    cache.overview(services, services.cache_key, question)
    cache.attribution(services, services.cache_key, attribution_settings.default_question(view))


def answer_heavy_questions() -> None:
    """Work out today's forecast, which takes seconds, before somebody opens its page."""
    services = _services(Settings())
    if services.is_empty():
        return
    view = filters.default_view(services)
    today = forecast_question.quarters(view, view.coverage.as_of)
    try:
        forecasts.outlook(services, services.cache_key, today)
    except EmptyWorkspaceError:  # nothing was won yet: the page says so
        return
    forecasts.attainment(services, services.cache_key, today)
    give_back()


def _services(settings: Settings) -> Services:
    if settings.workspace is None:
        return cache.demo_services(settings)
    return cache.shared_services(settings.workspace, settings)
