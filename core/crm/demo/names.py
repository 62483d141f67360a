"""Names a reader takes for real people and companies; domains that cannot exist."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.crm.demo.chance import Chance, Ints

_FIRST, _LAST, _TOWNS = 110, 220, 30

SECTORS: Final = {
    "Software": ("Systems", "Software", "Data", "Digital", "Cloud"),
    "Manufacturing": ("Precision", "Automation", "Components", "Industries", "Tooling"),
    "Financial services": ("Capital", "Leasing", "Insurance", "Payments", "Advisory"),
    "Healthcare": ("Health", "Medical", "Diagnostics", "Care", "Labs"),
    "Logistics": ("Logistics", "Freight", "Forwarding", "Shipping", "Fleet"),
    "Retail": ("Retail", "Stores", "Foods", "Outfitters", "Home"),
    "Professional services": ("Consulting", "Partners", "Engineering", "Associates", "Legal"),
    "Energy": ("Energy", "Grid", "Solar", "Utilities", "Renewables"),
}


@dataclass(frozen=True)
class Region:
    """One sales region.

    Parameters
    ----------
    name
        Name in the CRM.
    locale
        Where people's names come from.
    currency
        Currency of its price list.
    per_euro
        Units of that currency a euro buys on the price list.
    legal_forms
        Endings of company names.
    share
        Share of accounts.
    """

    name: str
    locale: str
    currency: str
    per_euro: float
    legal_forms: tuple[str, ...]
    share: float


REGIONS: Final = (
    Region("DACH", "de_DE", "EUR", 1.0, ("GmbH", "AG", "GmbH & Co. KG", "SE"), 0.38),
    Region("UK & Ireland", "en_GB", "GBP", 0.86, ("Ltd", "Group", "plc", "LLP"), 0.24),
    Region("North America", "en_US", "USD", 1.1, ("Inc", "Corp", "LLC", "Co"), 0.2),
    Region("France & Benelux", "fr_FR", "EUR", 1.0, ("SA", "SAS", "BV", "NV"), 0.18),
)


@dataclass(frozen=True)
class Pools:
    """First names, last names and towns of each region, drawn once by seed."""

    first: tuple[tuple[str, ...], ...]
    last: tuple[tuple[str, ...], ...]
    towns: tuple[tuple[str, ...], ...]


def pools(seed: int) -> Pools:
    """Draw the pools of names that a company's people and accounts are made from."""
    from faker import Faker

    first, last, towns = [], [], []
    for region in REGIONS:
        faker = Faker(region.locale)
        faker.seed_instance(seed)
        first.append(_distinct(faker.first_name, _FIRST))
        last.append(_distinct(faker.last_name, _LAST))
        towns.append(_distinct(faker.city, _TOWNS))
    return Pools(tuple(first), tuple(last), tuple(towns))


def _distinct(draw: Callable[[], str], count: int) -> tuple[str, ...]:
    names: dict[str, None] = {}
    while len(names) < count:
        name = draw()
        if name.isalpha() and name.istitle():  # "Dussen van" makes an odd company name
            names[name] = None
    return tuple(names)


def company_names(chance: Chance, names: Pools, region: Ints, industry: Ints) -> list[str]:
    """Name every account, no two alike."""
    keys = np.arange(region.size)
    draws = [chance.uniform(f"company/{part}", keys).tolist() for part in "nwft"]
    words = list(SECTORS.values())
    taken: set[str] = set()
    made = []
    for of_region, of_industry, stem, word, form, town in zip(
        region.tolist(), industry.tolist(), *draws, strict=True
    ):
        place = REGIONS[of_region]
        base = f"{_at(names.last[of_region], stem)} {_at(words[of_industry], word)}"
        ending = _at(place.legal_forms, form)
        name = _free(f"{base} {ending}", f"{base} {_at(names.towns[of_region], town)}", taken)
        taken.add(name)
        made.append(name)
    return made


def _at(pool: tuple[str, ...], share: float) -> str:
    return pool[int(share * len(pool))]


def _free(wanted: str, instead: str, taken: set[str]) -> str:
    if wanted not in taken:
        return wanted
    number, name = 2, instead
    while name in taken:
        name, number = f"{instead} {number}", number + 1
    return name


def slug(text: str) -> str:
    """Write a name as part of an address.

    >>> slug("Müller Häfen GmbH & Co. KG")
    'muller-hafen-gmbh-co-kg'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())
