"""Caches of deal scores. Results are frozen and never changed, so they are shared, not copied."""

import streamlit as st

from app.caches import forecast
from app.deal_services import DealQuestion, Learned
from app.services import Services
from core.deals.explanation import DealExplanation
from core.deals.scoring import DealScores
from core.deals.settings import ScoreSettings
from core.errors import EmptyWorkspaceError

MODELS = 6
"""Models kept: each holds the snapshots it learned from."""

SCORED = 20
EXPLAINED = 200


@st.cache_resource(max_entries=MODELS, show_spinner="Learning from past deals")
def learned(_services: Services, cache_key: str, question: DealQuestion) -> Learned:
    """Return what was learned from past deals."""
    asked = _services.deals.forecast_question(question)
    try:
        said = forecast.outlook(_services, cache_key, asked)
    except EmptyWorkspaceError:  # nothing was won yet to forecast from
        return _services.deals.learn(question)
    return _services.deals.learn(question, said)


@st.cache_resource(max_entries=SCORED, show_spinner=False)
def scores(
    _services: Services, cache_key: str, question: DealQuestion, settings: ScoreSettings
) -> DealScores:
    """Return the scored open deals."""
    return _services.deals.scores(learned(_services, cache_key, question), settings)


@st.cache_resource(max_entries=EXPLAINED, show_spinner=False)
def explained(
    _services: Services,
    cache_key: str,
    question: DealQuestion,
    settings: ScoreSettings,
    deal_id: str,
) -> DealExplanation:
    """Return why one deal has its score."""
    known = learned(_services, cache_key, question)
    return _services.deals.explain(
        known, scores(_services, cache_key, question, settings), deal_id, settings
    )
