"""What a sentence says of its facts: topics, claims, comparisons, subjects, spans of time."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
_EQUAL: Final = words_in("equals equal matches match equalled")
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
_BEFORE_A_FACT: Final = words_in(
    """
    with by from in at for of to on over under against despite given because since while as like
    than the a an this that and but although though during within across between beyond through via
    per including excluding besides beside considering after before note see both also here there
    where when if is was are were so yet namely notably meanwhile now still then thus overall
    however our your their its compared behind above below until toward towards upon among into
    please what who whose which beating reaching yes alongside amid regarding concerning following
    """
)
_WITHIN_WORDS: Final = 3
_ALTERING: Final = words_in(
    """
    about around roughly approximately nearly almost over under above below some like near
    towards toward beyond past another any different additional extra further other than least
    most just only say perhaps maybe possibly potentially virtually close record
    """
)
_AFTER: Final = words_in(
    """
    or more less fewer higher lower larger smaller greater longer shorter short each per apart ago
    points a an at customer customers client clients account accounts people user users leads
    contact contacts companies order orders employees meeting meetings call calls visit visits
    hour hours minute minutes item items unit units
    """
)
_AFTER_AND: Final = words_in("counting more rising growing falling then")
_COMPARED_WITH: Final = words_in(
    "against with to than from versus over since on like in of beyond despite"
)
_WITHIN_WORDS_OF_BEFORE: Final = 2


def topic_findings(parts: Parts) -> Iterator[Finding]:
    """Yield words that call a clause's figures something they are not."""
    for part in parts:
        if part.topics:
            about = _about(parts, part.clause) or _neighbours(parts, part.clause)
            if not any(part.topics & fact.topics for fact in about):
                yield Finding(Problem.TOPIC, part.text)


def claim_findings(parts: Parts) -> Iterator[Finding]:
    """Yield words that claim what no fact near them bears out, and causes of something else."""
    reasons = [part.fact for part in parts if part.fact and Claim.REASON in part.fact.claims]
    if any(Claim.REASON in part.claims for part in parts) and reasons:
        about = frozenset().union(*(fact.topics for fact in reasons))
        figures = [part.fact for part in parts if part.fact and part.fact.unit.is_measured]
        if any(not fact.topics & about for fact in figures):
            yield Finding(Problem.CLAIM, "reason")
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


def subject_findings(parts: Parts, sheet: FactSheet) -> Iterator[Finding]:
    """Yield figures that stand with another name than their own, or with none where they need it.

    Once something is named, every figure up to the next name has to be of that; so has every
    figure of the same clause. Words whose own text does not say whose they are need the name.
    """
    for at, part in enumerate(parts):
        if part.fact is None or part.fact.unit in _NAMES:
            continue
        here = [name.subject for name in _names(parts) if name.clause in _joined(parts, part)]
        before = [name.subject for name in _names(parts[:at])]
        if not _belongs(part.fact, here, before[-1:], sheet):
            yield Finding(Problem.SUBJECT)


@dataclass(frozen=True)
class _Name:
    subject: str
    clause: int


def _joined(parts: Parts, part: Part) -> set[int]:
    """Return the clause of a part, and the one that "with" hangs it on: "Email leads with"."""
    hung = any(other.text == "with" and other.clause == part.clause for other in parts)
    return {part.clause, part.clause - 1} if hung else {part.clause}


def _names(parts: Parts) -> list[_Name]:
    return [
        _Name(part.fact.subject, part.clause)
        for part in parts
        if part.fact and part.fact.unit is FactUnit.NAME
    ]


_NAMES: Final = frozenset({FactUnit.NAME, FactUnit.PERIOD, FactUnit.DATE})


def _belongs(fact: Fact, here: list[str], before: list[str], sheet: FactSheet) -> bool:
    """Tell whether a fact may stand where these things are named, in its clause or before it."""
    own = fact.subject.removeprefix("before")
    if not own:  # of the whole company: no name may claim it, unless it is no figure at all
        return not (here or before) or not (fact.unit.is_measured or fact.subject)
    if here:
        return own in here
    if fact.short:  # its words say whose it is
        return True
    return own == sheet.subject if not before else own in before


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


def altering_findings(parts: Parts) -> Iterator[Finding]:
    """Yield words right before or after a figure that make it another."""
    compared = {at for at, _, _ in _comparisons(parts)}
    for at, part in enumerate(parts):
        if part.fact is None or not part.fact.unit.is_measured:
            continue
        before = [word for word in parts[max(0, at - 4) : at] if word.text not in _ARTICLES]
        if _altered_before(before, compared & set(range(at - _WITHIN_WORDS, at))):
            yield Finding(Problem.ALTERED, before[-1].text)
        after = [word.text for word in parts[at + 1 : at + 3]]
        if after and (after[0] in _AFTER or (after[0] == "and" and set(after) & _AFTER_AND)):
            yield Finding(Problem.ALTERED, " ".join(after))


_ARTICLES: Final = words_in("the a an")


def _altered_before(before: Parts, compared: set[int]) -> bool:
    """Tell whether the words before a figure turn it into an approximation or a difference."""
    near = before[-1].text if before else ""
    further = before[-2] if len(before) > 1 else None
    if near == "to":  # "rose to" and "from … to", but not "up to"
        return further is not None and further.text in {"up", "close", "next"}
    if near == "of":  # "a growth of" makes a level a change
        return further is not None and bool(further.claims & _MOVES)
    if near == "by":
        return any(part.claims & (_MOVES | {Claim.FIRST}) for part in before)
    return near in _ALTERING and not compared


_MOVES: Final = frozenset({Claim.UP, Claim.DOWN})


def before_findings(parts: Parts) -> Iterator[Finding]:
    """Yield sentences that put a figure into the period it is only compared with."""
    for at, part in enumerate(parts):
        if part.fact and part.fact.unit is FactUnit.PERIOD and part.fact.subject:
            near = {word.text for word in parts[max(0, at - _WITHIN_WORDS_OF_BEFORE) : at]}
            after_in = at > 0 and parts[at - 1].text == "in" and "than" not in near
            if not near & _COMPARED_WITH or after_in:
                yield Finding(Problem.SPAN, part.text)


def _clause_facts(parts: Parts, clause: int) -> list[Fact]:
    return [part.fact for part in parts if part.fact and part.clause == clause]


def _neighbours(parts: Parts, clause: int) -> list[Fact]:
    """Return the facts of the nearest clauses that are about something, on either side."""
    numbers = sorted({part.clause for part in parts if part.fact and part.fact.topics})
    before = [number for number in numbers if number < clause][-1:]
    after = [number for number in numbers if number > clause][:1]
    return [fact for number in (*before, *after) for fact in _about(parts, number)]


def _about(parts: Parts, clause: int) -> list[Fact]:
    """Return the facts of a clause that are about something; a period is about nothing.

    Where there are figures, they alone are what a word such as "returned" can be about.
    """
    facts = [fact for fact in _clause_facts(parts, clause) if fact.topics]
    return [fact for fact in facts if fact.unit.is_measured] or facts


def _with_imperatives(parts: Parts) -> list[Part]:
    """Mark verbs that open a sentence, or a clause, as the advice they are."""
    marked = list(parts)
    for at, part in enumerate(parts):
        opens = at == 0 or parts[at - 1].text in {".", ",", ";", ":", "and", "so", "then", "please"}
        orders = at == 0 and len(parts) > 1 and parts[1].fact and part.text not in _BEFORE_A_FACT
        if (opens and part.text in IMPERATIVES) or (part.is_word and orders):
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
        than = at + 1 < len(parts) and parts[at + 1].text == "than"
        if part.text not in _NEEDS_NO_THAN | _EQUAL and not (than and part.text in _MORE | _LESS):
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
    if word in _EQUAL:
        return first == second
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
