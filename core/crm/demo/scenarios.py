"""Worlds to simulate: how touches act on buying, and who gets to see them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.errors import UnknownNameError


class Family(StrEnum):
    """How the effects of touches combine in the hazard of buying.

    With base hazard b and the fading effects of all touches summed to s: additive b(1 + s),
    multiplicative b exp(s / 2), saturating b(1 + 4 s / (1 + s)).
    """

    ADDITIVE = "additive"
    MULTIPLICATIVE = "multiplicative"
    SATURATING = "saturating"


@dataclass(frozen=True)
class Scenario:
    """One world.

    Parameters
    ----------
    name
        Name on the command line.
    summary
        What is special about it.
    family
        How effects combine.
    base_hazard
        Hazard of buying a day, of an average opportunity without any touch.
    confounded
        Whether those who want to buy anyway are reached more.
    harvest
        Whether channels without an effect of their own collect touches just before a decision.
    synergy
        Two channels that do more together: their smaller effect counts this much again.
    effects
        What every effect is multiplied by; 0 for a world in which nothing works.
    lifelike
        Whether renewals, expansions, three currencies, open seasons and prospects are part of
        it; a plain world has one new-business deal an account, in one currency.
    """

    name: str
    summary: str
    family: Family
    base_hazard: float
    confounded: bool = False
    harvest: bool = False
    synergy: tuple[str, str, float] | None = None
    effects: float = 1.0
    lifelike: bool = False


_BASE: Final = {Family.ADDITIVE: 0.0007, Family.MULTIPLICATIVE: 0.0006, Family.SATURATING: 0.0006}
_EFFECTS: Final = {Family.ADDITIVE: 1.6, Family.MULTIPLICATIVE: 1.2, Family.SATURATING: 1.5}
_PAIR: Final = ("Webinar", "Outbound", 1.5)


def _plain(family: Family, *, confounded: bool, harvest: bool) -> Scenario:
    parts = [family.value, "confounded" * confounded, "harvest" * harvest]
    reach = "exposure follows intent" if confounded else "exposure is random"
    late = ", with late touches that do nothing" if harvest else ""
    return Scenario(
        name="_".join(part for part in parts if part),
        summary=f"{family.value.capitalize()} effects, {reach}{late}.",
        family=family,
        base_hazard=_BASE[family],
        confounded=confounded,
        harvest=harvest,
        effects=_EFFECTS[family],
    )


SCENARIOS: Final = {
    scenario.name: scenario
    for scenario in (
        Scenario(
            "company",
            "The demo: saturating effects, exposure follows intent, harvest channels, renewals.",
            Family.SATURATING,
            0.00048,
            confounded=True,
            harvest=True,
            effects=2.0,
            lifelike=True,
        ),
        *(
            _plain(family, confounded=confounded, harvest=harvest)
            for family in Family
            for confounded in (False, True)
            for harvest in (False, True)
        ),
        Scenario(
            "synergy",
            "Multiplicative effects, random exposure; Webinar and Outbound reinforce each other.",
            Family.MULTIPLICATIVE,
            _BASE[Family.MULTIPLICATIVE],
            synergy=_PAIR,
            effects=_EFFECTS[Family.MULTIPLICATIVE],
        ),
        Scenario(
            "no_signal",
            "No touch has any effect and exposure is random: nothing is there to be found.",
            Family.ADDITIVE,
            0.003,
            effects=0.0,
        ),
    )
}


def scenario(name: str) -> Scenario:
    """Return a world by name.

    Raises
    ------
    UnknownNameError
        If there is no such world.
    """
    if name not in SCENARIOS:
        raise UnknownNameError.among("scenario", name, SCENARIOS)
    return SCENARIOS[name]
