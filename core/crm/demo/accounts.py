"""Who is sold to and who sells: accounts with latent intent, committees, owners."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.crm.demo.chance import Chance, Floats, Ints
from core.crm.demo.names import REGIONS

LARGEST_COMMITTEE: Final = 8

# Industry's part of the intent to buy: an observable reason, next to one nobody can see.
_INDUSTRY_INTENT: Final = (0.55, 0.15, 0.3, -0.1, 0.2, -0.45, -0.1, -0.5)
_INDUSTRY_SHARE: Final = (0.22, 0.17, 0.13, 0.12, 0.11, 0.1, 0.1, 0.05)
_SIZE_LOG_MEAN, _SIZE_LOG_SPREAD = 5.1, 1.25  # employees: median 164, a few thousands at the top
_SIZE_INTENT, _HIDDEN_INTENT = 0.25, 0.8

TITLES: Final = (
    "Head of Operations",
    "VP Sales",
    "Chief Financial Officer",
    "RevOps Manager",
    "IT Director",
    "Procurement Manager",
    "Sales Operations Analyst",
    "Managing Director",
)
ROLES: Final = (
    "Champion",
    "Decision maker",
    "Economic buyer",
    "Influencer",
    "Technical evaluator",
    "Procurement",
    "End user",
    "Executive sponsor",
)


@dataclass(frozen=True)
class Accounts:
    """Companies, one position each.

    Parameters
    ----------
    region, industry
        Positions in `REGIONS` and in the sectors.
    employees
        Number of employees.
    intent
        Latent readiness to buy, about standard normal. Never stored.
    committee
        People who take part in a purchase, 1 to 8.
    """

    region: Ints
    industry: Ints
    employees: Ints
    intent: Floats
    committee: Ints

    @property
    def first_contact(self) -> Ints:
        """Position of each account's first person among all contacts."""
        first: Ints = np.cumsum(self.committee) - self.committee
        return first


@dataclass(frozen=True)
class Owners:
    """Salespeople: the team each is in and how well each sells.

    ``team`` is a position in `TEAMS`, ``skill`` is added to the log hazard, ``optimism`` is
    added to the log of the time a deal is expected to take, ``diligent`` tells who keeps close
    dates current.
    """

    team: Ints
    skill: Floats
    optimism: Floats
    diligent: Floats


TEAMS: Final = (*(region.name for region in REGIONS), "Customer success")


def make_accounts(chance: Chance, count: int) -> Accounts:
    """Draw the companies."""
    key = np.arange(count)
    industry = chance.pick("industry", _INDUSTRY_SHARE, key)
    size = chance.normal("size", key)
    hidden = chance.normal("intent", key)
    employees = np.exp(_SIZE_LOG_MEAN + _SIZE_LOG_SPREAD * size).astype(np.int64) + 5
    intent = np.asarray(_INDUSTRY_INTENT)[industry] + _SIZE_INTENT * size + _HIDDEN_INTENT * hidden
    people = 2.6 + 0.9 * size + 1.2 * chance.normal("committee", key)
    return Accounts(
        region=chance.pick("region", [region.share for region in REGIONS], key),
        industry=industry,
        employees=employees,
        intent=intent,
        committee=np.clip(np.rint(people), 1, LARGEST_COMMITTEE).astype(np.int64),
    )


def make_owners(chance: Chance, deals: int) -> Owners:
    """Draw the sales teams: more deals, more people, at least one for each team."""
    count = max(len(TEAMS), round(2.2 * deals**0.25))
    key = np.arange(count)
    return Owners(
        team=key % len(TEAMS),
        skill=0.3 * chance.normal("skill", key),
        optimism=-0.3 + 0.15 * chance.normal("optimism", key),
        diligent=np.clip(0.68 + 0.18 * chance.normal("diligent", key), 0.35, 1.0),
    )


def owner_of(chance: Chance, owners: Owners, team: Ints, key: Ints) -> Ints:
    """Choose an owner of the right team for each deal."""
    members = np.bincount(owners.team, minlength=len(TEAMS))[team]
    nth = chance.below("owner", members, key)
    chosen: Ints = team + nth * len(TEAMS)
    return chosen
