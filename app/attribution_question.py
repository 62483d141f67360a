"""Words in which attribution is asked, on the command line and over HTTP."""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

from app.services import Services
from core.attribution.rules.milestones import Custom

ALL_MODELS: Final = "all"

SUGGESTED: Final = "markov"
"""Stands for the Markov model of the order that predicts unseen journeys best."""


class Whose(StrEnum):
    """Whose touches a deal's journey is made of."""

    ACCOUNT = "account"
    CONTACTS = "contacts"


def named_models(
    services: Services, name: str, order: Callable[[], int], *, with_custom: bool
) -> tuple[str, ...]:
    """Return the models a name stands for.

    Parameters
    ----------
    services
        What is asked.
    name
        A model's name, `ALL_MODELS` or `SUGGESTED`.
    order
        Tells the order of `SUGGESTED`.
    with_custom
        Whether all models have the custom one: without weights of its own it repeats another.
    """
    if name == ALL_MODELS:
        answering = services.answering_models()
        return tuple(one for one in answering if with_custom or one != Custom.name)
    return (f"markov_{order()}",) if name == SUGGESTED else (name,)
