"""The first questions of every visitor, answered before there is one."""

from app import cache
from app.components import attribution_settings, filters
from app.services import Services
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


def _services(settings: Settings) -> Services:
    if settings.workspace is None:
        return cache.demo_services(settings)
    return cache.shared_services(settings.workspace, settings)
