"""Endpoints about journeys and accounts: each asks what the Journeys page asks."""

from typing import Annotated

from fastapi import Path, Query

from app.api.chosen import Chosen, noted
from app.api.journey_answers import (
    AccountAnswer,
    AccountsAnswer,
    FlowsAnswer,
    JourneysAnswer,
    account_answer,
    accounts_answer,
    flows_answer,
    journeys_answer,
)
from app.api.parameters import LONGEST_ID, AccountQuery
from app.api.questions import currency_of, journey_question, owned
from app.api.touch_parameters import AccountsQuery, FlowsQuery, JourneysQuery
from core.attribution.flows import flows as flows_of


def journeys(services: Chosen, asked: Annotated[JourneysQuery, Query()]) -> JourneysAnswer:
    """Return the paths deals took to won and lost, and what both kinds of journey met."""
    found = services.journeys.patterns(journey_question(services, asked))
    return noted(services, journeys_answer(found, asked))


def flows(services: Chosen, asked: Annotated[FlowsQuery, Query()]) -> FlowsAnswer:
    """Return how many deals went from each step to the next, and from there to won or lost."""
    found = services.journeys.patterns(journey_question(services, asked))
    return noted(services, flows_answer(found, flows_of(found)))


def accounts(services: Chosen, asked: Annotated[AccountsQuery, Query()]) -> AccountsAnswer:
    """Return accounts with deals, those that won most first."""
    scope = owned(services, asked)
    found = services.journeys.accounts(scope, asked.search)
    fingerprint = services.workspace.fingerprint()
    return noted(services, accounts_answer(found, scope.currency, fingerprint))


def account(
    services: Chosen,
    account_id: Annotated[str, Path(min_length=1, max_length=LONGEST_ID)],
    asked: Annotated[AccountQuery, Query()],
) -> AccountAnswer:
    """Return everything that happened with one account, the oldest first."""
    currency = currency_of(services, asked.currency)
    found = services.journeys.timeline(account_id, currency)
    fingerprint = services.workspace.fingerprint()
    return noted(services, account_answer(found, currency, fingerprint, asked))
