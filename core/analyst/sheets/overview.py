"""Facts of a period: how it went, against the one before, and what explains it."""

from dataclasses import dataclass, replace
from math import log
from typing import Final

from core import formats
from core.analyst.facts import Claim, Fact, FactSheet, FactUnit, Link, Topic, numbered
from core.analyst.sheets import making
from core.analyst.sheets.making import Place, Said, topics
from core.attribution.comparison import compare, credit_of
from core.attribution.results import AttributionResult
from core.overview import Figure, OverviewResult
from core.periods import Period

BEFORE: Final = "before"
"""Subject of the period a figure is compared with."""


@dataclass(frozen=True)
class PeriodAnswers:
    """What is known of a period.

    Parameters
    ----------
    result
        Its figures.
    credit
        Who earned its revenue.
    model, title
        The model whose credit is meant, and what a reader calls it.
    period, before
        The period and the one it is compared with, for their words.
    """

    result: OverviewResult
    credit: AttributionResult
    model: str
    title: str
    period: Period
    before: Period | None


def overview_facts(answers: PeriodAnswers, place: Place) -> FactSheet:
    """Return what may be said of a period."""
    result, link = answers.result, place.link("overview")
    facts: list[Fact | None] = [
        period_fact("period", answers.period, "the period", link),
        _before(answers.before, link),
    ]
    for figure in result.figures.values():
        facts += _figure(figure, answers.before, place)
    facts += [_driver(result, link), *_credited(answers, place)]
    return FactSheet(
        topic="overview",
        title=f"Overview of {answers.period.in_words}",
        facts=numbered(facts),
        fingerprint=result.fingerprint,
        names=making.known_names(
            [
                *answers.credit.frame[answers.credit.question.level.value],
                *(
                    name
                    for column in ("account", "owner", "deal")
                    for name in result.recent[column]
                ),
            ]
        ),
        doubts=result.warnings,
    )


def period_fact(name: str, period: Period, about: str, link: Link) -> Fact:
    """State a period in the words a sentence calls it by."""
    return making.words(name, period.in_words, Said("period", about), link, FactUnit.PERIOD)


def _before(before: Period | None, link: Link) -> Fact | None:
    if before is None:
        return None
    fact = period_fact(BEFORE, before, "the period it is compared with", link)
    return replace(fact, subject=BEFORE)


@dataclass(frozen=True)
class _Wording:
    noun: str
    about: str
    unit: FactUnit
    topics: frozenset[Topic]
    pattern: str = ""


_WORDINGS: Final = {
    "closed_won": _Wording(
        "closed-won revenue",
        "closed-won revenue of the period",
        FactUnit.MONEY,
        topics(Topic.REVENUE, Topic.WON, Topic.TOTAL),
    ),
    "won_deals": _Wording(
        "won deal",
        "number of deals won in the period",
        FactUnit.COUNT,
        topics(Topic.WON, Topic.TOTAL),
    ),
    "win_rate": _Wording(
        "win rate",
        "win rate of the period",
        FactUnit.SHARE,
        topics(Topic.WIN_RATE, Topic.CLOSED),
        "a win rate of {}",
    ),
    "average_deal": _Wording(
        "average deal",
        "average size of a deal won in the period",
        FactUnit.MONEY,
        topics(Topic.SIZE, Topic.WON),
        "an average deal of {}",
    ),
    "sales_cycle": _Wording(
        "sales cycle",
        "typical length of the sales cycle of deals won in the period",
        FactUnit.DAYS,
        topics(Topic.CYCLE, Topic.WON, Topic.CLOSED),
        "a typical sales cycle of {}",
    ),
    "open_pipeline": _Wording(
        "open pipeline, not weighted",
        "value of all deals that are open now, not weighted by their chance",
        FactUnit.MONEY,
        topics(Topic.OPEN),
    ),
}


def _figure(figure: Figure, before: Period | None, place: Place) -> list[Fact | None]:
    """State a figure, and again with how it moved."""
    wording, link = _WORDINGS[figure.metric], place.link("overview")
    claims = making.course(figure.value, figure.previous, figure.metric)
    said = Said(wording.noun, wording.about, figure.metric, wording.topics, claims)
    fact = _stated(figure, wording, said, place, link)
    if before is None:
        return [fact]
    return [fact, making.change(fact, figure.previous, before.in_words, BEFORE)]


def _stated(figure: Figure, wording: _Wording, said: Said, place: Place, link: Link) -> Fact | None:
    name, value = figure.metric, figure.value
    if wording.unit is FactUnit.COUNT:
        return making.count(name, value, said, link)
    if wording.unit is FactUnit.SHARE:
        return making.share(name, value, said, link, wording.pattern)
    if wording.unit is FactUnit.DAYS:
        return making.days(name, value, said, link, wording.pattern)
    if wording.pattern:
        return making.worth(name, value, said, place, link, wording.pattern)
    return making.money(name, value, said, place, link)


def _driver(result: OverviewResult, link: Link) -> Fact | None:
    """State what moved revenue most: how many deals were won, or how large they are.

    Revenue is number x size, so the logarithms of both ratios add up to that of revenue.
    """
    number, size = result.figures["won_deals"], result.figures["average_deal"]
    if not (number.value and number.previous and size.value and size.previous):
        return None
    by_number = log(number.value / number.previous)
    by_size = log(size.value / size.previous)
    more = abs(by_number) >= abs(by_size)
    text = "the number of deals won" if more else "the size of deals won"
    said = Said(
        "reason of the change",
        "which of the two moved revenue most: the number of deals won, or their size",
        "closed_won",
        topics(Topic.REVENUE, Topic.WON, *(() if more else (Topic.SIZE,))),
        frozenset({Claim.FIRST, Claim.REASON})
        | making.course(
            result.figures["closed_won"].value,
            result.figures["closed_won"].previous,
            "closed_won",
        ),
    )
    return making.words("driver", text, said, link)


def _credited(answers: PeriodAnswers, place: Place) -> list[Fact | None]:
    """State which channel earned most by the model, and how much no touch explains."""
    credit, link = answers.credit, place.link("attribution", ("model", answers.title))
    line = credit.reconciliation[answers.model]
    part = line.unattributed_share
    return [
        model_fact(answers.title, link),
        *_leader(answers, link),
        unattributed_fact(part, link),
    ]


def model_fact(title: str, link: Link) -> Fact:
    """State which model is meant."""
    said = Said("model", "name of the chosen attribution model", "", topics(Topic.MODEL))
    name, _, kind = formats.in_a_sentence(title).partition(", ")
    of_kind = f" ({kind})" if kind else ""
    return making.words("model", f"the {name} model{of_kind}", said, link)


def unattributed_fact(part: float | None, link: Link) -> Fact | None:
    """State how much of the revenue no recorded touch explains."""
    said = Said(
        "of the revenue",
        "part of the revenue that is not credited because no recorded touch explains it",
        "unattributed_share",
        topics(Topic.UNATTRIBUTED, Topic.TOUCH, Topic.REVENUE, Topic.CREDIT),
    )
    if part == 0:
        return making.words("unattributed", "no unexplained revenue", said, link)
    return making.share(
        "unattributed", part, said, link, "an unexplained share of {} of the revenue"
    )


def _leader(answers: PeriodAnswers, link: Link) -> list[Fact | None]:
    credit = answers.credit
    leader = compare(credit).leaders.get(answers.model)
    if leader is None:
        return []
    level = credit.question.level.value
    share = credit_of(credit, answers.model).filter(name=leader)["share"].item()
    about = f"the {level} with the most revenue by the chosen model"
    said = Said(
        f"{level} that leads",
        f"name of {about}",
        "",
        topics(Topic.CREDIT, Topic.REVENUE, Topic.CHANNEL),
        frozenset({Claim.FIRST}),
        f"{level} 1",
    )
    of_it = replace(
        said, noun="of the revenue", about=f"share of {about}", definition="credit_share",
        whose=f"for {leader}",
    )  # fmt: skip
    return [
        making.name_of("leader", leader, said, link),
        making.share("leader_share", share, of_it, link),
    ]
