"""Open deals, and why each has its chance, as they travel."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from app.api.amounts import Amount, Answer, Number, amount_or_null
from app.api.parameters import Page
from core.deals.explanation import DealExplanation
from core.deals.movement import Movement, NotCompared
from core.deals.scoring import DealScores


class DealRow(Answer):
    """An open deal: chance to be won in the end, and what the period may bring.

    The change is that of the chance since the import before the last one, and the factor that
    moved it most; null for a deal that was not open then.
    """

    deal_id: str
    name: str | None
    account: str | None
    owner: str | None
    stage: str | None
    due_on: date | None
    amount: Amount | None
    chance: Number
    change: Number
    changed_by: str | None
    p_win: Number
    p_lose: Number
    p_slip: Number
    expected: Amount | None
    band: str
    signals: list[str]


class ComparedAnswer(Answer):
    """The import that changes are counted from."""

    number: int
    imported_on: date
    reaches: date


class DealsAnswer(Answer):
    """The open deals, those that matter most to the period first."""

    fingerprint: str
    currency: str
    as_of: date
    ends_on: date
    total: int
    limit: int
    offset: int
    compared_with: ComparedAnswer | None
    not_compared: str | None
    rows: list[DealRow]
    warnings: list[str]


class FactorAnswer(Answer):
    """What one factor adds to the log-odds of a win."""

    name: str
    contribution: float
    facts: list[str]


class MoverAnswer(Answer):
    """What one factor added to the log-odds of a win since the import before."""

    name: str
    added: float
    before: list[str]
    now: list[str]


class SignalAnswer(Answer):
    """A risk signal that is on, with what it was judged by."""

    code: str
    title: str
    meaning: str
    value: Number
    threshold: Number
    unit: str
    text: str


class SimilarAnswer(Answer):
    """A past deal at the moment at which it was most like this one."""

    deal_id: str
    name: str | None
    account: str | None
    won: bool
    stage: str | None
    chance: Number
    closed_on: date
    amount: Amount | None


class WhatIfAnswer(Answer):
    """One thing different, and the chance then."""

    title: str
    chance: Number
    change: Number


class DealAnswer(Answer):
    """Why one open deal has its chance: start and contributions sum to its log-odds."""

    fingerprint: str
    currency: str
    deal: DealRow
    start: float
    factors: list[FactorAnswer]
    movers: list[MoverAnswer]
    signals: list[SignalAnswer]
    similar: list[SimilarAnswer]
    what_ifs: list[WhatIfAnswer]
    next_action: str | None
    warnings: list[str]

    @classmethod
    def of(cls, scores: DealScores, why: DealExplanation) -> Self:
        """Return an explanation as it travels."""
        at = scores.frame["deal_id"].index_of(why.deal_id) or 0
        return cls(
            fingerprint=scores.fingerprint,
            currency=scores.currency,
            deal=_row(scores.frame.row(at, named=True), scores.currency),
            start=why.start,
            factors=[
                FactorAnswer(name=one.name, contribution=one.contribution, facts=list(one.facts))
                for one in why.factors
            ],
            movers=[
                MoverAnswer(
                    name=one.name, added=one.added, before=list(one.before), now=list(one.now)
                )
                for one in why.movers
            ],
            signals=_signals(why),
            similar=_similar(why, scores.currency),
            what_ifs=[
                WhatIfAnswer(title=one.title, chance=one.chance, change=one.change)
                for one in why.what_ifs
            ],
            next_action=why.action.in_words if why.action else None,
            warnings=list(scores.warnings),
        )


def deals_answer(scores: DealScores, page: Page) -> DealsAnswer:
    """Return a page of the scored deals, in the order of the command line."""
    frame = scores.frame.sort(
        "expected_minor", "deal_id", descending=[True, False], nulls_last=True
    )
    rows = frame.slice(page.offset, page.limit).iter_rows(named=True)
    return DealsAnswer(
        fingerprint=scores.fingerprint,
        currency=scores.currency,
        as_of=scores.model.as_of,
        ends_on=scores.model.ends_on,
        total=frame.height,
        limit=page.limit,
        offset=page.offset,
        compared_with=_compared(scores.since),
        not_compared=scores.since.why if isinstance(scores.since, NotCompared) else None,
        rows=[_row(row, scores.currency) for row in rows],
        warnings=list(scores.warnings),
    )


def _compared(since: Movement | NotCompared) -> ComparedAnswer | None:
    if isinstance(since, NotCompared):
        return None
    return ComparedAnswer(number=since.number, imported_on=since.imported_on, reaches=since.reaches)


def _row(row: Mapping[str, Any], currency: str) -> DealRow:
    plain = ("deal_id", "name", "account", "owner", "stage", "due_on", "band", "signals")
    chances = ("chance", "p_win", "p_lose", "p_slip")
    return DealRow(
        **{name: row[name] for name in (*plain, *chances)},
        change=row["moved"],
        changed_by=row["mover"],
        amount=amount_or_null(row["amount_minor"], currency),
        expected=amount_or_null(row["expected_minor"], currency),
    )


def _signals(why: DealExplanation) -> list[SignalAnswer]:
    return [
        SignalAnswer(
            code=one.signal.code,
            title=one.signal.title,
            meaning=one.signal.meaning,
            value=one.value,
            threshold=one.threshold,
            unit=one.unit,
            text=one.words,
        )
        for one in why.readings
    ]


def _similar(why: DealExplanation, currency: str) -> list[SimilarAnswer]:
    return [
        SimilarAnswer(
            deal_id=one.deal_id,
            name=one.name,
            account=one.account,
            won=one.is_won,
            stage=one.stage,
            chance=one.chance,
            closed_on=one.closed_on,
            amount=amount_or_null(one.amount_minor, currency),
        )
        for one in (*why.similar_won, *why.similar_lost)
    ]
