"""What the services are asked where a request says it in its own words."""

from app.api.parameters import ALL_MODELS, AttributionQuery, OverviewQuery
from app.api.recent import Recent
from app.deal_services import DealQuestion, Learned
from app.services import Services
from core.attribution.results import JourneySettings, Question
from core.attribution.rules.milestones import Custom
from core.errors import UnknownNameError
from core.overview import OverviewQuestion
from core.periods import Preset, period, previous
from core.scope import Scope


def currency_of(services: Services, asked: str) -> str:
    """Return the currency asked for, among those of the data, or the one most deals are in."""
    known = services.coverage().currencies
    if asked and asked not in known:
        raise UnknownNameError.among("currency in the data", asked, known)
    return asked or known[0]


def learned(services: Services, recent: Recent, currency: str) -> Learned:
    """Return what was learned of the deals, the slow part of every answer about them."""
    question = DealQuestion(currency_of(services, currency))
    key = ("deals", services.cache_key, question)
    return recent.answer(key, lambda: services.deals.agreed(question))


def overview_question(services: Services, asked: OverviewQuery) -> OverviewQuestion:
    """Return what the overview is asked, compared with the period before as on the page."""
    as_of = services.coverage().as_of
    custom = (asked.starts_on, asked.ends_on) if asked.starts_on and asked.ends_on else None
    preset = Preset.CUSTOM if custom else asked.period
    days = period(preset, as_of, custom)
    before = previous(days, preset)
    currency = currency_of(services, asked.currency)
    return OverviewQuestion(
        Scope(currency, days.starts_on, days.ends_on),
        Scope(currency, before.starts_on, before.ends_on) if before else None,
        as_of,
    )


def attribution_question(services: Services, asked: AttributionQuery) -> Question:
    """Return what attribution is asked, as the command line asks it."""
    scope = Scope(currency_of(services, asked.currency), asked.starts_on, asked.ends_on)
    names = services.answering_models() if asked.model == ALL_MODELS else (asked.model,)
    if asked.model == ALL_MODELS:  # without weights of its own, custom repeats another model
        names = tuple(name for name in names if name != Custom.name)
    journeys = JourneySettings(asked.lookback_days, asked.anchor)
    return Question(scope, names, journeys, asked.by)
