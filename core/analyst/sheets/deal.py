"""Facts of one deal: its chances, what speaks for and against it, and what to do next."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from core import formats
from core.analyst.facts import Claim, Fact, FactSheet, Link, Topic, numbered
from core.analyst.sheets import making
from core.analyst.sheets.making import Place, Said, topics

SUBJECT: Final = "the deal"

_BAD: Final = frozenset({Claim.RISKY, Claim.WORSE})
_RAISES: Final = frozenset({Claim.BETTER, Claim.UP, Claim.REASON})
_LOWERS: Final = frozenset({Claim.WORSE, Claim.DOWN, Claim.REASON})
_OF_SIGNALS: Final = topics(Topic.RISK, Topic.STAGE, Topic.ACTIVITY)


@dataclass(frozen=True)
class DealAnswers:
    """A deal as a text needs it; every word but the names is the product's own.

    Parameters
    ----------
    deal_id, name, account, owner
        Names of the data; they are facts of their own and never reach a model.
    amount_minor
        What it is worth; None where it is not known.
    p_win, p_lose, p_slip
        Chances for the period; None where none could be told.
    chance
        Chance to be won in the end, whenever that is.
    base_rate
        Share of deals like it that are won, to hold the chance against.
    band
        Risk band in our own words, such as "high risk".
    risky
        Whether the band means risk.
    channels
        Channels of its touches in their order, names of the data.
    signals
        Risk signals in our own words, the heaviest first.
    raises, lowers
        What raises and what lowers the chance most, in our own words.
    owner_won, owner_closed
        Record of the owner: deals won of those closed.
    action
        Next action in our own words; empty where there is none.
    fingerprint
        The data it comes from.
    """

    deal_id: str
    name: str
    account: str
    owner: str
    amount_minor: int | None
    fingerprint: str
    p_win: float | None = None
    p_lose: float | None = None
    p_slip: float | None = None
    chance: float | None = None
    base_rate: float | None = None
    band: str = ""
    risky: bool = False
    channels: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    lowers: tuple[str, ...] = ()
    owner_won: int = 0
    owner_closed: int = 0
    action: str = ""
    doubts: tuple[str, ...] = ()


def deal_facts(answers: DealAnswers, place: Place) -> FactSheet:
    """Return what may be said of a deal."""
    link = place.link("deals", ("deal", answers.deal_id))
    facts = [
        *_names(answers, link),
        *_worth(answers, place, link),
        *_chances(answers, link),
        *_history(answers, link),
        *_reasons(answers, link),
    ]
    names = (answers.name, answers.account, answers.owner, *answers.channels)
    return FactSheet(
        topic="deal",
        title=answers.name or answers.deal_id,
        facts=numbered(facts),
        fingerprint=answers.fingerprint,
        names=making.known_names(names),
        doubts=answers.doubts,
        subject=SUBJECT,
    )


def _names(answers: DealAnswers, link: Link) -> Iterable[Fact | None]:
    said = Said("deal", "name of the deal", "", topics(Topic.OPEN), frozenset(), SUBJECT)
    yield making.name_of("deal", answers.name or answers.deal_id, said, link)
    if answers.account and not _says(answers.name, answers.account):
        account = replace(said, noun="account", about="name of the company that buys")
        yield making.name_of("account", answers.account, account, link)
    if answers.owner:
        owner = Said("owner", "name of the owner", "", topics(Topic.PEOPLE), subject="the owner")
        yield making.name_of("owner", answers.owner, owner, link)


def _says(name: str, account: str) -> bool:
    """Tell whether the name of a deal says the company already, as most CRMs have it."""
    found = re.search(rf"(?<!\w){re.escape(account.casefold())}(?!\w)", name.casefold())
    return found is not None


def _worth(answers: DealAnswers, place: Place, link: Link) -> Iterable[Fact | None]:
    said = Said("amount", "amount of the deal", "", topics(Topic.OPEN, Topic.SIZE), subject=SUBJECT)
    yield making.worth("amount", answers.amount_minor, said, place, link, "an amount of {}")


def _chances(answers: DealAnswers, link: Link) -> Iterable[Fact | None]:
    claims = frozenset({Claim.RISKY if answers.risky else Claim.SAFE}) if answers.band else None
    said = Said(
        "chance", "chance that the deal is won in the period", "",
        topics(Topic.CHANCE, Topic.WON), claims or frozenset(), SUBJECT,
    )  # fmt: skip
    against: frozenset[Claim] = frozenset()
    if answers.chance is not None and answers.base_rate is not None:
        better = answers.chance > answers.base_rate
        against = frozenset({Claim.BETTER if better else Claim.WORSE})
    won = replace(said, claims=said.claims | against)
    yield making.chance("p_win", answers.p_win, won, link, "a {} chance to be won in the period")
    in_the_end = replace(won, about="chance that the deal is won in the end")
    yield making.chance("chance", answers.chance, in_the_end, link, "a {} chance to be won")
    lost = replace(
        said, about="chance that the deal is lost", topics=topics(Topic.CHANCE, Topic.LOST)
    )
    yield making.chance("p_lose", answers.p_lose, lost, link, "a {} chance to be lost in it")
    slips = replace(
        said, about="chance that the deal slips past the period", claims=frozenset({Claim.RISKY}),
        topics=topics(Topic.CHANCE, Topic.RISK),
    )  # fmt: skip
    yield making.chance("p_slip", answers.p_slip, slips, link, "a {} chance to stay open")
    base = Said(
        "base rate",
        "share of deals like it that are won",
        "",
        topics(Topic.WIN_RATE, Topic.WON, Topic.CHANCE),
    )
    yield making.share("base_rate", answers.base_rate, base, link, "a {} base rate")
    if answers.band:
        band = replace(said, about="risk band of the deal", topics=topics(Topic.RISK))
        yield making.words("band", answers.band, band, link)


def _history(answers: DealAnswers, link: Link) -> Iterable[Fact | None]:
    if answers.channels:
        path = Said(
            "channels", "channels of its touches, in order", "",
            topics(Topic.CHANNEL, Topic.TOUCH), subject=SUBJECT,
        )  # fmt: skip
        yield replace(
            making.name_of("path", " \u2192 ".join(answers.channels), path, link), subject=SUBJECT
        )
    if answers.owner_closed:
        record = Said(
            "record", "deals won of those the owner closed", "",
            topics(Topic.PEOPLE, Topic.WON, Topic.CLOSED, Topic.WIN_RATE), subject="the owner",
        )  # fmt: skip
        closed = formats.counted(answers.owner_closed, "closed deal")
        text = f"a record of {answers.owner_won} won of {closed}"
        yield making.words("record", text, record, link)


def _reasons(answers: DealAnswers, link: Link) -> Iterable[Fact | None]:
    groups = (
        ("signal", answers.signals, "risk signal of the deal", _BAD, _OF_SIGNALS),
        ("raises", answers.raises, "what raises the chance", _RAISES, topics(Topic.CHANCE)),
        ("lowers", answers.lowers, "what lowers the chance", _LOWERS, topics(Topic.CHANCE)),
    )
    for name, words, about, claims, of in groups:
        for number, text in enumerate(words, start=1):
            said = Said(name, f"{about}, number {number}", "", of, claims, SUBJECT, private=True)
            yield making.words(f"{name}_{number}", text, said, link)
    if answers.action:
        advice = Said(
            "next action", "next action the product recommends", "", topics(Topic.ACTIVITY),
            frozenset({Claim.ADVICE}), SUBJECT, private=True,
        )  # fmt: skip
        yield making.words("action", answers.action, advice, link)
