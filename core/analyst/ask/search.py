"""From words to an inquiry without a model: every word has to be understood, or it is refused.

A question is cut into a period, names of the data, a breakdown and a metric. What is left over
may only be words that carry no meaning of their own; a typing error is forgiven, an unknown word
is not.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.analyst.ask import phrases
from core.analyst.ask.ahead import told_in_time
from core.analyst.ask.inquiry import (
    BREAKDOWNS,
    BY_CHANNEL,
    Breakdown,
    Inquiry,
    Known,
    Order,
    Refusal,
    When,
    refused,
)
from core.analyst.ask.periods import find_period
from core.analyst.ask.phrases_ahead import OF_A_DEAL
from core.metrics import metric

LONGEST_QUESTION: Final = 300
"""Characters of a question that are read."""

CLOSE: Final = 84.0
"""Similarity from which a word counts as a misspelt one that is known."""

_SHORTEST_TYPO: Final = 5
_SHORTEST_NAME: Final = 2


@dataclass
class _Reading:
    """What of a question is understood so far, and what is left of it."""

    left: str
    when: When | None = None
    by: Breakdown | None = None
    name: str = ""
    order: Order | None = None
    metric: str = ""


def understand(question: str, known: Known) -> Inquiry | Refusal:
    """Return what a question comes down to, or why it cannot be answered.

    Nothing is guessed: a word that is neither understood nor empty refuses the question by name.
    """
    text = _plain(question)
    if not text:
        return refused("There is no question.")
    found = _understood(_Reading(text), known)
    if isinstance(found, Inquiry):
        return found
    # Only then: a deal may be called "Revenue".
    of_a_deal = _Reading(text)
    _read_deal(of_a_deal, known)
    return _understood(of_a_deal, known) if of_a_deal.name else found


def _understood(reading: _Reading, known: Known) -> Inquiry | Refusal:
    reading.left = _spelt(reading.left, known)
    reading.when, reading.left = find_period(reading.left, known.as_of)
    if not reading.name:
        _read_name(reading, known)
    _read(reading, "by", phrases.BREAKDOWNS)
    _read(reading, "order", phrases.ORDERS)
    _read(reading, "metric", phrases.METRICS)
    unknown = [word for word in re.findall(r"[^\W_]+", reading.left) if word not in phrases.EMPTY]
    if unknown:
        return refused(f"I do not know what \u201c{unknown[0][:40]}\u201d means here.")
    if not reading.metric:
        return refused("I see no figure of the product in the question.")
    found = _inquiry(reading)
    return found if isinstance(found, Refusal) else told_in_time(found, known.as_of)


def name_in_question(question: str, known: Known) -> tuple[str, Breakdown | None]:
    """Return the channel, owner or campaign a question names, and which of these it is."""
    reading = _Reading(_plain(question))
    _read_deal(reading, known)
    if not reading.name:
        _read_name(reading, known)
    return reading.name, reading.by


def _plain(question: str) -> str:
    shown = "".join(sign if sign.isprintable() else " " for sign in question[:LONGEST_QUESTION])
    return re.sub(r"[^\w\s&+()/.-]", " ", shown.lower().replace("'s", " ")).strip()


def _spelt(text: str, known: Known) -> str:
    """Put right what is nearly a word that is known."""
    from rapidfuzz import fuzz, process

    words = _vocabulary(known)

    def right(found: re.Match[str]) -> str:
        word = found[0]
        if (
            word in words
            or word in phrases.EMPTY
            or len(word) < _SHORTEST_TYPO
            or not word.isalpha()
        ):
            return word
        close = process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=CLOSE)
        return str(close[0]) if close else word

    return re.sub(r"[^\W\d_]+", right, text)


def _vocabulary(known: Known) -> list[str]:
    patterns = [pattern for _, pattern in (*phrases.METRICS, *phrases.BREAKDOWNS, *phrases.ORDERS)]
    names = [*known.channels, *known.campaigns, *(name for _, name in known.owners)]
    text = " ".join([*patterns, *names, "quarter month year months last previous this"]).lower()
    return sorted(set(re.findall(r"[^\W\d_]{3,}", text)))


def _read_deal(reading: _Reading, known: Known) -> None:
    """Take a deal or its company out of a question about chances, the longest name first."""
    there = [(name, plain) for name in known.deals if (plain := _plain(name)) in reading.left]
    for name, plain in sorted(there, key=lambda entry: -len(entry[1])):
        found = re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", reading.left) if plain else None
        if found is None or len(plain) < _SHORTEST_NAME:
            continue
        left = f"{reading.left[: found.start()]} {reading.left[found.end() :]}"
        if re.search(rf"(?<!\w)({OF_A_DEAL})(?!\w)", left):
            reading.name, reading.by, reading.left = name, Breakdown.DEAL, left
            return


def _read_name(reading: _Reading, known: Known) -> None:
    """Take a channel, owner or campaign out of the question, the longest name first."""
    named = [
        *((name, Breakdown.CHANNEL) for name in known.channels),
        *((name, Breakdown.OWNER) for _, name in known.owners),
        *((name, Breakdown.CAMPAIGN) for name in known.campaigns),
    ]
    for name, by in sorted(named, key=lambda entry: -len(entry[0])):
        found = _name_in(reading.left, name, first_names=by is Breakdown.OWNER)
        if found:
            reading.name, reading.by = name, by
            reading.left = reading.left[: found.start()] + " " + reading.left[found.end() :]
            return


def _name_in(text: str, name: str, *, first_names: bool) -> re.Match[str] | None:
    plain = _plain(name)
    if not plain:
        return None
    whole = re.search(rf"(?<!\w){re.escape(plain)}(?!\w)", text)
    if whole or not first_names:
        return whole
    first = plain.split()[0]
    return re.search(rf"(?<!\w){re.escape(first)}(?!\w)", text) if len(first) > 2 else None  # noqa: PLR2004


def _read(reading: _Reading, part: str, patterns: Sequence[tuple[str, str]]) -> None:
    """Take the first pattern that fits out of the question."""
    for meaning, pattern in patterns:
        found = re.search(rf"(?<!\w)({pattern})(?!\w)", reading.left)
        if found:
            if not getattr(reading, part):
                setattr(reading, part, meaning)
            left = f"{reading.left[: found.start()]} {reading.left[found.end() :]}"
            reading.left = " ".join(left.split())
            return


def _inquiry(reading: _Reading) -> Inquiry | Refusal:
    """Bring metric and breakdown together, or say that they do not go together."""
    by, name = reading.by, reading.metric
    if reading.name and by is Breakdown.DEAL and by not in BREAKDOWNS[name]:
        name = "win_chance"
    if by in {Breakdown.CHANNEL, Breakdown.CAMPAIGN}:
        name = BY_CHANNEL.get(name, name)
    allowed = BREAKDOWNS[name]
    if by is None:
        by = allowed[0]
    if by not in allowed:
        return refused(
            f"{metric(name).title} is not told by {by.value}.",
            (f"{metric(name).title} by {other.value}" for other in _said(allowed)),
        )
    return Inquiry(name, reading.when or When(), by, reading.name, reading.order)


def _said(allowed: Iterable[Breakdown]) -> list[Breakdown]:
    return [by for by in allowed if by is not Breakdown.NOTHING] or [Breakdown.CHANNEL]
