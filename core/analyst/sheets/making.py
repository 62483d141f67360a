"""How a sheet says a figure: money, counts, shares, days, names and how a figure moved."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from core import formats
from core.analyst.facts import NO_CLAIMS, NO_TOPICS, Claim, Fact, FactUnit, Link, Query, Topic

LEVEL_WITHIN: Final = 0.02
"""A change by no more than this part of the base is called level."""

HALF: Final = 0.5
"""A share above is most of it."""

LOWER_IS_BETTER: Final = frozenset({"sales_cycle", "unattributed_share", "cac"})
"""Metrics of which less is good news."""


@dataclass(frozen=True)
class Place:
    """Where figures of a sheet are opened: the filters every link repeats, and the currency."""

    currency: str
    filters: Query = ()

    def link(self, page: str, *more: tuple[str, str]) -> Link:
        """Return the link to a page under the same filters."""
        return Link(page, (*self.filters, *more))


@dataclass(frozen=True)
class Said:
    """How a fact is told apart from its value: words for readers, words for models, meaning.

    Parameters
    ----------
    noun
        What is counted.
    about
        What a model is told; nothing from a CRM.
    definition
        Name in the metrics catalogue.
    topics, claims
        What it is about and what may be said of it.
    subject
        Whose figure it is.
    whose
        How a reader is told whose figure it is: "of Email"; empty where there is one only.
    plural
        The noun for several, where it is not the noun and an s.
    private
        Whether the words may quote the data.
    """

    noun: str
    about: str
    definition: str = ""
    topics: frozenset[Topic] = NO_TOPICS
    claims: frozenset[Claim] = NO_CLAIMS
    subject: str = ""
    whose: str = ""
    plural: str = ""
    private: bool = False


def money(name: str, minor: float | None, said: Said, place: Place, link: Link) -> Fact | None:
    """State an amount: "€4.21m of closed-won revenue"; nothing where it is not known."""
    if minor is None:
        return None
    amount = formats.money_compact(round(minor), place.currency)
    return _fact(name, round(minor), FactUnit.MONEY, said, f"{amount} of {said.noun}", link)


def count(name: str, number: float | None, said: Said, link: Link) -> Fact | None:
    """State a number of things: "48 won deals"; the noun is given in the singular."""
    if number is None:
        return None
    plural = said.plural or f"{said.noun}s"
    text = f"{formats.count(number)} {said.noun if number == 1 else plural}"
    return _fact(name, number, FactUnit.COUNT, said, text, link)


def share(name: str, part: float | None, said: Said, link: Link, pattern: str = "") -> Fact | None:
    """State a share: "31.0% of closed-won revenue", or as the pattern puts the figure."""
    return None if part is None else _part(name, part, said, link, pattern, formats.percent(part))


def chance(name: str, part: float | None, said: Said, link: Link, pattern: str) -> Fact | None:
    """State a chance as the pattern puts it; one next to certain is not written as certain."""
    if part is None:
        return None
    whole = formats.chance(part)
    figure = whole if not whole[0].isdigit() else formats.percent(part)
    return _part(name, part, said, link, pattern, figure)


def _part(name: str, part: float, said: Said, link: Link, pattern: str, figure: str) -> Fact:
    if part > HALF:
        said = replace(said, claims=said.claims | {Claim.MOST})
    text = _with_article(pattern, figure) if pattern else f"{figure} {said.noun}"
    return _fact(name, part, FactUnit.SHARE, said, text, link)


def _with_article(pattern: str, figure: str) -> str:
    """Fill a pattern; "a" becomes "an" before eight, eleven, eighteen and the eighties.

    >>> _with_article("a {} chance", "81.4%"), _with_article("a {} chance", "18.0%")
    ('an 81.4% chance', 'an 18.0% chance')
    >>> _with_article("a {} chance", "1.8%"), _with_article("a win rate of {}", "8%")
    ('a 1.8% chance', 'a win rate of 8%')
    """
    if re.match(r"8|1[18](\D|$)", figure):
        pattern = pattern.replace("a {}", "an {}")
    return pattern.format(figure)


def days(name: str, length: float | None, said: Said, link: Link, pattern: str) -> Fact | None:
    """State a duration as the pattern puts it: "a typical sales cycle of 64 days"."""
    if length is None:
        return None
    return _fact(name, length, FactUnit.DAYS, said, pattern.format(formats.days(length)), link)


def worth(
    name: str, minor: float | None, said: Said, place: Place, link: Link, pattern: str
) -> Fact | None:  # fmt: skip
    """State an amount as the pattern puts it: "an average deal of €87.5k"."""
    if minor is None:
        return None
    text = pattern.format(formats.money_compact(round(minor), place.currency))
    return _fact(name, round(minor), FactUnit.MONEY, said, text, link)


def name_of(name: str, text: str, said: Said, link: Link) -> Fact:
    """State a name from the data; whoever shows it keeps it from being obeyed."""
    # Marks nobody sees, such as those that turn the direction of writing, are no part of a name.
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    shown = " ".join(printable.split()) or formats.NOT_KNOWN
    return _fact(name, shown, FactUnit.NAME, said, shown, link)


def words(name: str, text: str, said: Said, link: Link, unit: FactUnit = FactUnit.WORDS) -> Fact:
    """State something the product itself says in words, such as a verdict or a period."""
    return _fact(name, text, unit, said, text, link)


def _fact(name: str, value: float | str, unit: FactUnit, said: Said, text: str, link: Link) -> Fact:
    whole = f"{text} {said.whose}" if said.whose else text
    return Fact(
        name=name,
        value=value,
        unit=unit,
        noun=said.noun,
        text=whole,
        about=said.about,
        link=link,
        definition=said.definition,
        topics=said.topics,
        claims=said.claims,
        subject=said.subject,
        short=text if said.whose else "",
        private=said.private,
    )


def course(value: float | None, previous: float | None, metric: str) -> frozenset[Claim]:
    """Return what may be said of where a figure went.

    >>> sorted(course(120, 100, "closed_won"))
    [<Claim.BETTER: 'better'>, <Claim.UP: 'up'>]
    >>> course(100, None, "closed_won"), course(101, 100, "closed_won")
    (frozenset(), frozenset({<Claim.LEVEL: 'level'>}))
    """
    if value is None or not previous:
        return NO_CLAIMS
    moved = value / previous - 1
    if abs(moved) <= LEVEL_WITHIN:
        return frozenset({Claim.LEVEL})
    good = (moved > 0) != (metric in LOWER_IS_BETTER)
    return frozenset({Claim.UP if moved > 0 else Claim.DOWN, Claim.BETTER if good else Claim.WORSE})


def moved(value: float, previous: float, unit: FactUnit) -> str:
    """Write how a figure moved, with its direction in words.

    >>> moved(120, 100, FactUnit.MONEY), moved(0.25, 0.28, FactUnit.SHARE)
    ('up 20.0%', 'down 3.0 points')
    """
    if value == previous:
        return "unchanged"
    way = "up" if value > previous else "down"
    if unit is FactUnit.SHARE:
        return f"{way} {abs(value - previous) * 100:.1f} points"
    if unit is FactUnit.DAYS:
        return f"{way} {formats.days(abs(value - previous))}"
    return f"{way} {formats.percent(abs(value / previous - 1))}"


def change(fact: Fact | None, previous: float | None, before: str, said_before: str) -> Fact | None:
    """State a figure with how it moved: "48 won deals (up 12.0% on the 12 months before)".

    Parameters
    ----------
    fact
        The figure.
    previous
        Its value in the period before.
    before
        The period before, in words.
    said_before
        Subject of the fact that names the period before: a sentence that states it need not hear
        it again.
    """
    if fact is None or not previous or not isinstance(fact.value, (int, float)):
        return None
    way = moved(fact.value, previous, fact.unit)
    return replace(
        fact,
        name=f"{fact.name}_change",
        text=f"{fact.text} ({way} on {before})",
        short=f"{fact.text} ({way})",
        about=f"{fact.about}, and how it moved against the period before",
        subject=said_before,
    )


def topics(*of: Topic) -> frozenset[Topic]:
    """Return topics as a fact carries them."""
    return frozenset(of)


def known_names(names: Iterable[str | None]) -> tuple[str, ...]:
    """Return the names of data that must not appear outside slots, once each."""
    return tuple(dict.fromkeys(name for name in names if name and name.strip()))
