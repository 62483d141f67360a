"""What words around a figure would make of it: a part, a difference, a sum, somebody else's."""

from collections.abc import Iterator, Sequence
from typing import Final

from core.analyst.check.lists import words_in
from core.analyst.check.parts import Part
from core.analyst.check.problems import Finding, Problem
from core.analyst.facts import Fact, FactUnit

Parts = Sequence[Part]

_DIFFERENCES: Final = words_in(
    """
    increase rise growth gain gains decrease decline drop fall dip reduction change changes
    difference gap surplus shortfall deficit jump improvement deterioration variance delta
    swing margin shift movement
    """
)
_IS: Final = words_in(
    "is was are were equals equalled amounts amounted comes came stands stood to at"
)
_MAKES: Final = words_in(
    """
    make makes made give gives gave yield yields yielded equal equals total leave leaves left
    produce produces produced form forms formed become becomes is are
    """
)
_ENDS_A_CYCLE: Final = words_in(
    """
    close win sign complete finish conclude reach convert get land secure turn become go move
    """
)
_WITHIN_WORDS: Final = 4


def figure_findings(parts: Parts) -> Iterator[Finding]:
    """Yield words that make another figure of a figure."""
    yield from _wholes(parts)
    yield from _differences(parts)
    yield from _lengths(parts)
    yield from _sums(parts)
    yield from _crossed(parts)


def _wholes(parts: Parts) -> Iterator[Finding]:
    """Yield "of the customers" after a share or a number, whose own words say of what it is."""
    for at, part in enumerate(parts[:-2]):
        if part.fact and part.fact.unit in {FactUnit.SHARE, FactUnit.COUNT}:
            after, then = parts[at + 1], parts[at + 2]
            if after.text == "of" and then.fact is None and then.text != "such":
                yield Finding(Problem.ALTERED, f"of {then.text}")


def _differences(parts: Parts) -> Iterator[Finding]:
    """Yield "the increase is" before a figure that is a level."""
    for at, part in enumerate(parts):
        if part.fact and part.fact.unit.is_measured:
            before = parts[max(0, at - _WITHIN_WORDS) : at]
            said = [word.text for word in before if word.clause == part.clause]
            verbs = [where for where, word in enumerate(said) if word in _IS]
            if verbs and set(said[: verbs[0]]) & _DIFFERENCES and set(said[verbs[0] :]) <= _IS:
                yield Finding(Problem.ALTERED, " ".join(said))


def _lengths(parts: Parts) -> Iterator[Finding]:
    """Yield what a length of time would be of: it is from a deal's start to its end."""
    for at, part in enumerate(parts[:-2]):
        if part.fact and part.fact.unit is FactUnit.DAYS and parts[at + 1].text == "to":
            totals = [other.fact for other in parts[at + 2 :] if other.clause == part.clause]
            if parts[at + 2].text not in _ENDS_A_CYCLE or any(map(_is_measured, totals)):
                yield Finding(Problem.ALTERED, f"to {parts[at + 2].text}")


def _sums(parts: Parts) -> Iterator[Finding]:
    """Yield figures that are said to make another and do not."""
    figures = [at for at, part in enumerate(parts) if _is_measured(part.fact)]
    for first, second, third in zip(figures, figures[1:], figures[2:], strict=False):
        between = [part.text for part in parts[first + 1 : second]]
        verb = [part.text for part in parts[second + 1 : third]]
        if between in (["and"], ["with"]) and verb and set(verb) & _MAKES and len(verb) <= 2:  # noqa: PLR2004
            whole = _value(parts[third].fact)
            if whole != _value(parts[first].fact) + _value(parts[second].fact):
                yield Finding(Problem.COMPARISON, verb[0])


def _crossed(parts: Parts) -> Iterator[Finding]:
    """Yield names followed by as many of their figures in another order."""
    cited = [part.fact for part in parts if part.fact and part.fact.subject]
    for start in range(len(cited)):
        names = _run(cited[start:], is_name=True)
        figures = _run(cited[start + len(names) :], is_name=False)[: len(names)]
        if len(names) > 1 and set(names) == set(figures) and names != figures:
            yield Finding(Problem.SUBJECT)
            return


def _run(facts: Sequence[Fact], *, is_name: bool) -> list[str]:
    """Return whose the facts are as long as they are names, or figures."""
    found: list[str] = []
    for fact in facts:
        if (fact.unit is FactUnit.NAME) != is_name:
            break
        found.append(fact.subject)
    return found


def _is_measured(fact: Fact | None) -> bool:
    return fact is not None and fact.unit.is_measured


def _value(fact: Fact | None) -> float:
    return float(str(fact.value)) if fact else 0.0
