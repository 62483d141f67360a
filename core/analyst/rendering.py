"""Sentences with slots become sentences a reader reads; nothing but a fact fills a slot."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.analyst.facts import Fact, FactSheet, FactUnit

SLOT: Final = re.compile(r"\{(f[1-9][0-9]{0,3})\}")


_SAYS_WHOSE: Final = frozenset({FactUnit.NAME, FactUnit.PERIOD})


@dataclass(frozen=True)
class Piece:
    """A part of a sentence: plain words, or the words of a fact."""

    text: str
    fact: Fact | None = None


@dataclass(frozen=True)
class Sentence:
    """A sentence that was kept.

    Parameters
    ----------
    slots
        As it was written: words and slots.
    pieces
        As it is read: words, and facts in their own words.
    """

    slots: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """The facts it states, each once, in order."""
        cited = (piece.fact for piece in self.pieces if piece.fact is not None)
        return tuple({fact.id: fact for fact in cited}.values())


def rendered(sentence: str, sheet: FactSheet) -> Sentence:
    """Fill the slots of a sentence; it has been checked, so every slot names a fact.

    A figure leaves out whose it is where its clause names that already, and a sentence starts
    with a capital unless it starts with a name.
    """
    pieces = list(_pieces(sentence, sheet))
    if pieces and not (pieces[0].fact and pieces[0].fact.unit is FactUnit.NAME):
        first = pieces[0]
        pieces[0] = Piece(first.text[:1].upper() + first.text[1:], first.fact)
    return Sentence(sentence, tuple(pieces))


def _pieces(sentence: str, sheet: FactSheet) -> Iterator[Piece]:
    at = 0
    for found in SLOT.finditer(sentence):
        if found.start() > at:
            yield Piece(sentence[at : found.start()])
        fact = sheet.by_id(found[1])
        if fact is not None:
            yield Piece(_words(fact, sentence[: found.start()], sheet), fact)
        at = found.end()
    if at < len(sentence):
        yield Piece(sentence[at:])


def _words(fact: Fact, before: str, sheet: FactSheet) -> str:
    """Return the words of a fact, the short ones where the sentence has just said whose it is."""
    if not fact.short:
        return fact.text
    named = [
        earlier.subject
        for slot in SLOT.findall(before)
        if (earlier := sheet.by_id(slot)) and earlier.unit in _SAYS_WHOSE
    ]
    return fact.short if named and named[-1] == fact.subject else fact.text
