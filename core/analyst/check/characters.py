"""The characters a sentence may be made of; everything else is named by what it could be."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from core.analyst.check.problems import Finding, Problem
from core.analyst.rendering import SLOT

MOST_CHARACTERS: Final = 420
"""A longer sentence is none that a manager forwards."""

_PLAIN: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ .,;:'()-\u2019\u2014"
)
_LINK: Final = re.compile(
    r"://|\bwww\b|\bhttps?\b|mailto|javascript|\S@\S|\b[\w-]+\.(?!\s|$)\S+", re.IGNORECASE
)
_MARKUP: Final = frozenset('{}[]<>`*_#|\\~^=/"&+')


def character_findings(sentence: str) -> Iterator[Finding]:
    """Yield what the characters of a sentence give away, before any word is looked at."""
    if len(sentence) > MOST_CHARACTERS:
        yield Finding(Problem.LENGTH)
    plain = SLOT.sub(" ", sentence)
    if _LINK.search(plain):
        yield Finding(Problem.LINK)
    for sign in dict.fromkeys(plain):
        if sign not in _PLAIN:
            yield Finding(_named(sign), _shown(sign))
    if re.search(r"[.,;:]{2,}|\.(?=\S)|--", plain):
        yield Finding(Problem.CHARACTER, "punctuation within a word")


def _named(sign: str) -> Problem:
    category = unicodedata.category(sign)
    if category.startswith("N"):  # digits and number signs of every script
        return Problem.DIGIT
    if category == "Sc":
        return Problem.CURRENCY
    if sign in "%\u2030\u2031\uff05\u066a":
        return Problem.PERCENT
    if sign in _MARKUP:
        return Problem.MARKUP
    return Problem.CHARACTER


def _shown(sign: str) -> str:
    """Return a sign in a form that is safe to log and to send back."""
    return sign if sign.isascii() and sign.isprintable() else f"U+{ord(sign):04X}"
