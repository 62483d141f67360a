"""The check of one sentence against the facts it may state."""

import re
from collections.abc import Iterator
from typing import Final

from core.analyst.check.characters import character_findings
from core.analyst.check.figures import figure_findings
from core.analyst.check.meaning import (
    altering_findings,
    before_findings,
    claim_findings,
    comparison_findings,
    span_findings,
    subject_findings,
    topic_findings,
)
from core.analyst.check.parts import parts_of
from core.analyst.check.problems import Finding, Problem
from core.analyst.check.words import is_ours, word_findings
from core.analyst.facts import FactSheet
from core.analyst.rendering import SLOT

_GLUED: Final = re.compile(r"[^\s(]\{f[0-9]+\}|\{f[0-9]+\}(?![\s.,;:)]|'s\b|\u2019s\b|$)")
_SIGNED: Final = re.compile(r"[-\u2014]\s*\{")
_SHORT_WORD: Final = 3


def findings(sentence: str, sheet: FactSheet) -> tuple[Finding, ...]:
    """Return everything wrong with a sentence; nothing means that it may be shown.

    The steps go from what is certain to what needs understanding, and stop at the first that
    finds something: a sentence with a strange character is not read further.
    """
    for step in (_shape, _words, _meaning):
        found = tuple(step(sentence, sheet))
        if found:
            return found
    return ()


def _shape(sentence: str, sheet: FactSheet) -> Iterator[Finding]:
    """Yield what is wrong with characters and slots."""
    if not sentence.strip():
        yield Finding(Problem.EMPTY)
        return
    yield from character_findings(sentence)
    cited = SLOT.findall(sentence)
    if not cited:
        yield Finding(Problem.NO_SLOT)
    for slot in dict.fromkeys(cited):
        if sheet.by_id(slot) is None:
            yield Finding(Problem.UNKNOWN_SLOT, slot)
    if _GLUED.search(sentence) or _SIGNED.search(sentence):
        yield Finding(Problem.GLUED_SLOT)


def _words(sentence: str, sheet: FactSheet) -> Iterator[Finding]:
    """Yield words that are not plain, and names of the data."""
    yield from word_findings(parts_of(sentence, sheet))
    plain = " ".join(re.findall(r"[a-z]+", SLOT.sub(" . ", sentence).lower()))
    for name in sheet.names:
        words = re.findall(r"\w+", name.lower())
        if _tells_apart(words) and f" {' '.join(words)} " in f" {plain} ":
            yield Finding(Problem.NAME)
            return


def _tells_apart(words: list[str]) -> bool:
    """Tell whether a name is more than words every sentence needs, such as "revenue" or "the"."""
    return any(not is_ours(word) and len(word) > _SHORT_WORD for word in words)


def _meaning(sentence: str, sheet: FactSheet) -> Iterator[Finding]:
    """Yield what the sentence says of its facts and they do not bear out."""
    parts = parts_of(sentence, sheet)
    yield from altering_findings(parts)
    yield from before_findings(parts)
    yield from figure_findings(parts)
    yield from span_findings(parts, sheet)
    yield from topic_findings(parts)
    yield from comparison_findings(parts)
    yield from claim_findings(parts)
    yield from subject_findings(parts, sheet)
