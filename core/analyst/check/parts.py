"""A sentence in parts: words, turns of phrase, slots and the ends of clauses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.analyst.check import claims, topics
from core.analyst.check.claims import CLAIM_WORDS
from core.analyst.check.lists import words_in
from core.analyst.check.topics import TOPIC_WORDS
from core.analyst.facts import NO_CLAIMS, NO_TOPICS, Claim, Fact, FactSheet, Topic
from core.analyst.rendering import SLOT

_PART: Final = re.compile(r"\{f[0-9]+\}|[A-Za-z]+(?:'[A-Za-z]+)?|[.,;:()\u2014-]")
_JOINS: Final = words_in(
    """
    and but while whereas although though yet when with which because as since
    """
)
_ENDS: Final = frozenset(".,;:()\u2014")


@dataclass(frozen=True)
class Part:
    """A word, a turn of phrase, a slot with its fact, or a mark.

    Parameters
    ----------
    text
        As it stands; a word in lower case and without its ``'s``.
    clause
        Number of the clause it belongs to.
    fact
        What a slot stands for.
    capital
        Whether a word starts with a capital.
    claims, topics
        What it claims of a fact, and what it says a fact is about: any one of them has to be so.
    """

    text: str
    clause: int
    fact: Fact | None = None
    capital: bool = False
    claims: frozenset[Claim] = NO_CLAIMS
    topics: frozenset[Topic] = NO_TOPICS

    @property
    def is_word(self) -> bool:
        """Whether it is a single word."""
        return self.fact is None and self.text.isalpha()


@dataclass(frozen=True)
class _Turn:
    """A turn of phrase that means something as a whole."""

    start: int
    end: int
    claims: frozenset[Claim]
    topics: frozenset[Topic]


def parts_of(sentence: str, sheet: FactSheet) -> tuple[Part, ...]:
    """Cut a sentence of plain characters and known slots into its parts."""
    plain = sentence.replace("\u2019", "'")
    return tuple(_parts(plain, sheet, _turns(plain.lower())))


def _turns(text: str) -> list[_Turn]:
    """Return the turns of phrase, the earliest first, none within another."""
    found = [
        _Turn(match.start(), match.end(), said, NO_TOPICS)
        for pattern, said in claims.PHRASES
        for match in pattern.finditer(text)
    ] + [
        _Turn(match.start(), match.end(), NO_CLAIMS, about)
        for pattern, about in topics.PHRASES
        for match in pattern.finditer(text)
    ]
    apart: list[_Turn] = []
    for turn in sorted(found, key=lambda turn: (turn.start, -turn.end)):
        if not apart or turn.start >= apart[-1].end:
            apart.append(turn)
    return apart


def _parts(sentence: str, sheet: FactSheet, turns: list[_Turn]) -> Iterator[Part]:
    clause, at = 0, 0
    for found in _PART.finditer(sentence):
        if found.start() < at:
            continue
        turn = next((turn for turn in turns if turn.start == found.start()), None)
        if turn:
            at = turn.end
            words = sentence[turn.start : turn.end].lower()
            yield Part(f"<{words}>", clause, claims=turn.claims, topics=turn.topics)
            continue
        text = found[0]
        clause += text in _ENDS or text.lower() in _JOINS
        slot = SLOT.fullmatch(text)
        yield Part(text, clause, sheet.by_id(slot[1])) if slot else _plain(text, clause)


def _plain(text: str, clause: int) -> Part:
    word = _bare(text)
    return Part(
        word,
        clause,
        capital=text[:1].isupper(),
        claims=CLAIM_WORDS.get(word, NO_CLAIMS),
        topics=TOPIC_WORDS.get(word, NO_TOPICS),
    )


def _bare(text: str) -> str:
    lower = text.lower()
    return lower if lower.endswith("n't") else lower.partition("'")[0]
