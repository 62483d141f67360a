"""Facts: the only things a text may state, each with its value, its words and its way back.

A fact is what a slot stands for. Its ``text`` is written here, by the product, from an exact
result; a writer never sees a way to type it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from core.errors import InvalidParameterError, UnknownNameError

Query = tuple[tuple[str, str], ...]
"""Names and values of query parameters, in order."""

Value = int | float | str | date
"""Minor units for money, a share of one, a number of things or days, a day, or words."""


class FactUnit(StrEnum):
    """What a fact is counted in; it decides which facts can be compared with one another."""

    MONEY = "money"
    COUNT = "count"
    SHARE = "share"
    DAYS = "days"
    DATE = "date"
    NAME = "name"
    PERIOD = "period"
    WORDS = "words"

    @property
    def is_measured(self) -> bool:
        """Whether the value is a quantity."""
        return self in {FactUnit.MONEY, FactUnit.COUNT, FactUnit.SHARE, FactUnit.DAYS}


class Topic(StrEnum):
    """What a fact is about; a clause may only speak of what the facts it cites are about."""

    REVENUE = "revenue"
    WON = "won deals"
    LOST = "lost deals"
    CLOSED = "closed deals"
    OPEN = "open deals"
    WIN_RATE = "win rate"
    SIZE = "deal size"
    CYCLE = "sales cycle"
    CREDIT = "credit"
    UNATTRIBUTED = "revenue without a touch"
    TOUCH = "touches"
    SPEND = "spend"
    RETURN = "return on spend"
    COST_OF_A_DEAL = "cost of a deal"
    CHANNEL = "channel"
    MODEL = "model"
    FORECAST = "forecast"
    NEW_BUSINESS = "business not yet created"
    TARGET = "target"
    CHANCE = "chance"
    RISK = "risk"
    STAGE = "stage"
    ACTIVITY = "activity"
    PEOPLE = "people"
    IMPORT = "import"
    TOTAL = "whole"
    RANGE = "range"
    NOTHING_HERE = "nothing the product knows of"


class Claim(StrEnum):
    """What may be said of a fact beyond its value; anything else is an invention."""

    UP = "up"
    DOWN = "down"
    LEVEL = "level"
    BETTER = "better"
    WORSE = "worse"
    FIRST = "first"
    LAST = "last"
    AGREED = "agreed by every model"
    DEPENDS = "depends on the model"
    PAYS = "returns more than it costs"
    LOSES = "returns less than it costs"
    UNCLEAR = "too little to say"
    RISKY = "at risk"
    SAFE = "not at risk"
    REASON = "reason of a change"
    MOST = "more than half"
    ADVICE = "advice"


@dataclass(frozen=True)
class Link:
    """Where a figure can be opened: a page of the product and its query parameters."""

    page: str
    query: Query = ()

    def __str__(self) -> str:
        joined = "&".join(f"{name}={value}" for name, value in self.query)
        return f"{self.page}?{joined}" if joined else self.page


@dataclass(frozen=True)
class Fact:
    """One thing that is known.

    Parameters
    ----------
    name
        Stable name within its sheet, such as ``closed_won``.
    value
        The exact value.
    unit
        What it is counted in.
    noun
        What is counted: "won deals".
    text
        Value, unit and noun as a reader reads them: "48 won deals".
    about
        What a model that writes is told of it: our own words, with no value and nothing from a CRM.
    definition
        Name in the metrics catalogue; empty for names, periods and words.
    link
        Where it can be opened.
    topics
        What it is about.
    claims
        What may be said of it.
    subject
        Whose figure it is, where several of a kind stand in one sheet: ``channel 1``.
    short
        The text without whose figure it is, for a clause that has said it; empty where the text
        says it already.
    private
        Whether its words may quote the data, so that no model is told them.
    id
        The slot: ``f1``; given by the sheet.
    """

    name: str
    value: Value
    unit: FactUnit
    noun: str
    text: str
    about: str
    link: Link
    definition: str = ""
    topics: frozenset[Topic] = frozenset()
    claims: frozenset[Claim] = frozenset()
    subject: str = ""
    short: str = ""
    private: bool = False
    id: str = ""

    @property
    def slot(self) -> str:
        """What a writer types to state this fact."""
        return f"{{{self.id}}}"


@dataclass(frozen=True)
class FactSheet:
    """Everything a text about one thing may say.

    Parameters
    ----------
    topic
        What the text is about: ``overview``, ``attribution``, ``channel`` …
    title
        The same for a reader.
    facts
        Numbered from ``f1`` in their order.
    fingerprint
        The data they come from.
    names
        Names in the data that must not appear outside slots: channels, owners, accounts, deals.
    doubts
        Warnings of the results behind the facts; shown as they are beside the text.
    subject
        What the text is about, where that is one thing: its figures need no name before them.
    """

    topic: str
    title: str
    facts: tuple[Fact, ...]
    fingerprint: str
    names: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    subject: str = ""
    _by_id: dict[str, Fact] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = [fact.name for fact in self.facts]
        if len(set(names)) < len(names):
            raise InvalidParameterError("Two facts of a sheet have the same name.", str(names))
        self._by_id.update({fact.id: fact for fact in self.facts})

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts)

    def __contains__(self, name: str) -> bool:
        return any(fact.name == name for fact in self.facts)

    @property
    def digest(self) -> str:
        """A short name of what the sheet says: equal facts, equal name."""
        said = repr(
            (self.topic, self.fingerprint, [(fact.text, fact.about) for fact in self.facts])
        )
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def by_id(self, slot_id: str) -> Fact | None:
        """Return the fact of a slot, or None where nothing has that id."""
        return self._by_id.get(slot_id)

    def __getitem__(self, name: str) -> Fact:
        for fact in self.facts:
            if fact.name == name:
                return fact
        raise UnknownNameError.among("fact", name, [fact.name for fact in self.facts])


def numbered(facts: Iterable[Fact | None]) -> tuple[Fact, ...]:
    """Return the facts that are known, numbered from ``f1``."""
    known = (fact for fact in facts if fact is not None)
    return tuple(replace(fact, id=f"f{number}") for number, fact in enumerate(known, start=1))


NO_TOPICS: Final[frozenset[Topic]] = frozenset()
NO_CLAIMS: Final[frozenset[Claim]] = frozenset()
