"""The words a sentence may use: a list anybody can read, and why a word is not on it."""

import re
from collections.abc import Iterator
from typing import Final

from core.analyst.check.claims import CLAIM_WORDS
from core.analyst.check.lists import word_list
from core.analyst.check.parts import Part
from core.analyst.check.problems import Finding, Problem
from core.analyst.check.topics import SPANS, TOPIC_WORDS

ACRONYMS: Final = frozenset({"roi", "cac", "crm"})
"""Words that stand in capitals and are no name."""

_REFUSED: Final = (
    ("numbers", Problem.NUMBER_WORD),
    ("dates", Problem.DATE_WORD),
    ("negations", Problem.NEGATION),
)
_SUFFIXES: Final = (
    ("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("d", ""),
    ("ing", ""), ("ing", "e"), ("ly", ""), ("ily", "y"), ("ably", "able"), ("ibly", "ible"),
)  # fmt: skip
_SHORTEST_STEM: Final = 3


def is_plain(word: str) -> bool:
    """Tell whether a word, or what it is a regular form of, is on the list.

    >>> is_plain("shows"), is_plain("carried"), is_plain("acme"), is_plain("seven")
    (True, True, False, False)
    """
    if word in word_list("plain"):
        return True
    for suffix, ending in _SUFFIXES:
        stem = word.removesuffix(suffix) + ending
        if word.endswith(suffix) and len(stem) >= _SHORTEST_STEM:
            once = re.sub(r"([bdgklmnprt])\1$", r"\1", stem) if suffix in {"ed", "ing"} else stem
            if stem in word_list("plain") or once in word_list("plain"):
                return True
    return False


def is_ours(word: str) -> bool:
    """Tell whether a word has a meaning that is checked elsewhere."""
    return word in CLAIM_WORDS or word in TOPIC_WORDS or word in SPANS


def word_findings(parts: tuple[Part, ...]) -> Iterator[Finding]:
    """Yield words that are not on the list, by what they could be, and capitals within."""
    start = True
    for part in parts:
        if part.is_word:
            name = start and part.capital and part.text in word_list("names")
            problem = Problem.NAME if name else _problem(part.text)
            if problem:
                yield Finding(problem, part.text)
            elif part.capital and not start and part.text not in ACRONYMS:
                yield Finding(Problem.CAPITAL, part.text)
        elif part.text.endswith("n't"):
            yield Finding(Problem.NEGATION, part.text)
        start = part.text == "."


def _problem(word: str) -> Problem | None:
    for name, problem in _REFUSED:
        if word in word_list(name):
            return problem
    if is_ours(word) or word in ACRONYMS or is_plain(word):
        return None
    return Problem.UNKNOWN_WORD
