"""What a sentence says of its facts: topics, claims, comparisons, subjects, spans of time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from core.analyst.check.claims import IMPERATIVES, on_the_same_thing
from core.analyst.check.lists import words_in
from core.analyst.check.parts import Part
from core.analyst.check.problems import Finding, Problem
from core.analyst.check.topics import SPANS
from core.analyst.facts import Claim, Fact, FactSheet, FactUnit

Parts = Sequence[Part]

_MORE: Final = words_in(
    """
    more higher larger greater bigger longer above exceed exceeds exceeded
    """
)
_LESS: Final = words_in(
    """
    less fewer lower smaller shorter below
    """
)
_NEEDS_NO_THAN: Final = words_in(
    """
    above below exceed exceeds exceeded
    """
)
_WITHIN_WORDS: Final = 3
_ALTERING: Final = words_in(
    """
    about around roughly approximately nearly almost over under above below some like to near
    towards toward beyond past another any different additional extra further other than least
    most just only say perhaps maybe possibly potentially virtually close record
    """
)
_AFTER: Final = re.compile(
    r"\}\s+(or|more|less|fewer|higher|lower|larger|smaller|greater|longer|shorter|short|each|per|"
    r"apart|ago|points|a|an|at)\b"
)


def topic_findings(parts: Parts) -> Iterator[Finding]:
    """Yield words that call a clause's figures something they are not."""
    for part in parts:
        if part.topics:
            about = _about(parts, part.clause) or _neighbours(parts, part.clause)
            if not any(part.topics & fact.topics for fact in about):
                yield Finding(Problem.TOPIC, part.text)


def claim_findings(parts: Parts) -> Iterator[Finding]:
    """Yield words that claim what no fact near them bears out."""
    compared = _verified(parts)
    for at, part in enumerate(_with_imperatives(parts)):
        if part.claims and at not in compared and not _borne_out(part, at, parts):
            yield Finding(Problem.CLAIM, part.text)


def comparison_findings(parts: Parts) -> Iterator[Finding]:
    """Yield comparisons of two figures that do not hold, or compare unlike things."""
    for at, left, right in _comparisons(parts):
        if not _holds(parts[at].text, left, right):
            yield Finding(Problem.COMPARISON, parts[at].text)
    yield from _from_to(parts)


def subject_findings(parts: Parts) -> Iterator[Finding]:
    """Yield clauses that name one thing and state the figure of another."""
    for clause in dict.fromkeys(part.clause for part in parts):
        facts = _clause_facts(parts, clause)
        named = {fact.subject for fact in facts if fact.unit is FactUnit.NAME and fact.subject}
        owned = {fact.subject for fact in facts if fact.unit.is_measured and fact.subject}
        if named and owned - named - {"before"}:
            yield Finding(Problem.SUBJECT)


def span_findings(parts: Parts, sheet: FactSheet) -> Iterator[Finding]:
    """Yield lengths of time that no cited fact and no period of the sheet speaks of."""
    facts = [part.fact for part in parts if part.fact]
    facts += [fact for fact in sheet if fact.unit is FactUnit.PERIOD]
    said = " ".join(fact.text.lower() for fact in facts)
    if re.search(r"\bq[1-4]\b", said):
        said += " quarter"
    for part in parts:
        stem = part.text.removesuffix("ly").removesuffix("s")
        if part.text in SPANS and stem not in said:
            yield Finding(Problem.SPAN, part.text)


def altering_findings(sentence: str, parts: Parts) -> Iterator[Finding]:
    """Yield words right before or after a figure that make it another."""
    fine = {at for at, _, _ in _comparisons(parts)}
    for at, part in enumerate(parts):
        if part.fact is None or not part.fact.unit.is_measured:
            continue
        before = [
            word for word in parts[max(0, at - 3) : at] if word.text not in {"the", "a", "an"}
        ]
        near = before[-1].text if before else ""
        if near in _ALTERING and not _allowed(parts, at, near, fine):
            yield Finding(Problem.ALTERED, near)
    after = _AFTER.search(sentence)
    if after:
        yield Finding(Problem.ALTERED, after[1])


def _allowed(parts: Parts, at: int, near: str, compared: set[int]) -> bool:
    if near == "to":  # "rose to {f1}" and "from {f1} to {f2}", but not "up to {f1}"
        return parts[at - 2].text not in {"up", "close", "next"} if at > 1 else False
    return bool(compared & set(range(max(0, at - _WITHIN_WORDS), at)))


def _clause_facts(parts: Parts, clause: int) -> list[Fact]:
    return [part.fact for part in parts if part.fact and part.clause == clause]


def _neighbours(parts: Parts, clause: int) -> list[Fact]:
    """Return the facts of the nearest clauses that are about something, on either side."""
    numbers = sorted({part.clause for part in parts if part.fact and part.fact.topics})
    before = [number for number in numbers if number < clause][-1:]
    after = [number for number in numbers if number > clause][:1]
    return [fact for number in (*before, *after) for fact in _about(parts, number)]


def _about(parts: Parts, clause: int) -> list[Fact]:
    """Return the facts of a clause that are about something; a period is about nothing."""
    return [fact for fact in _clause_facts(parts, clause) if fact.topics]


def _with_imperatives(parts: Parts) -> list[Part]:
    """Mark verbs that open a sentence, or a clause, as the advice they are."""
    marked = list(parts)
    for at, part in enumerate(parts):
        opens = at == 0 or parts[at - 1].text in {".", ",", ";", ":", "and", "so", "then"}
        if opens and part.text in IMPERATIVES:
            marked[at] = replace(part, claims=frozenset({Claim.ADVICE}))
    return marked


def _borne_out(part: Part, at: int, parts: Parts) -> bool:
    """Tell whether the nearest fact of the clause that has a say on a claim bears it out.

    In a clause without such a fact, the nearest one on either side must.
    """
    thing = on_the_same_thing(part.claims)
    saying = [
        (where, other.fact, other.clause)
        for where, other in enumerate(parts)
        if other.fact and other.fact.claims & thing
    ]
    here = [(abs(where - at), fact) for where, fact, clause in saying if clause == part.clause]
    if here:
        nearest = min(far for far, _ in here)
        return any(fact.claims & part.claims for far, fact in here if far == nearest)
    before = [fact for where, fact, _ in saying if where < at][-1:]
    after = [fact for where, fact, _ in saying if where > at][:1]
    return bool(saying) and all(fact.claims & part.claims for fact in (*before, *after))


def _comparisons(parts: Parts) -> Iterator[tuple[int, Fact, Fact]]:
    """Yield words that set one cited figure against another: their position and both figures."""
    for at, part in enumerate(parts):
        if part.text not in _MORE | _LESS:
            continue
        than = at + 1 < len(parts) and parts[at + 1].text == "than"
        if not than and part.text not in _NEEDS_NO_THAN:
            continue
        same = [other for other in parts if other.clause == part.clause]
        left = [other.fact for other in parts[:at] if other.fact and other in same]
        ahead = parts[at + 1 : at + 2 + _WITHIN_WORDS]
        right = [other.fact for other in ahead if other.fact and other in same]
        if left and right and _measured(left[-1]) and _measured(right[0]):
            yield at, left[-1], right[0]


def _measured(fact: Fact) -> bool:
    return fact.unit.is_measured


def _verified(parts: Parts) -> set[int]:
    return {at for at, left, right in _comparisons(parts) if _holds(parts[at].text, left, right)}


def _holds(word: str, left: Fact, right: Fact) -> bool:
    if left.unit is not right.unit or not _measured(right):
        return False
    first, second = float(str(left.value)), float(str(right.value))
    return first > second if word in _MORE else first < second


def _from_to(parts: Parts) -> Iterator[Finding]:
    """Yield "from one figure to another" where the verb says the other direction."""
    for at, part in enumerate(parts[:-3]):
        start, to, end = part.fact, parts[at + 1].text, parts[at + 2].fact
        if not (start and end and to == "to" and _measured(start)):
            continue
        said = frozenset().union(*(other.claims for other in parts if other.clause == part.clause))
        wrong = (Claim.UP in said and not _holds("less", start, end)) or (
            Claim.DOWN in said and not _holds("more", start, end)
        )
        if wrong:
            yield Finding(Problem.COMPARISON, "from … to")
