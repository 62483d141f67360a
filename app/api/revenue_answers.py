"""Overview and attribution as they travel; nothing is computed here."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.api.amounts import Amount, Answer, Number, amount, amount_or_null
from core import formats
from core.attribution.results import AttributionResult, Reconciliation
from core.metrics import Unit, metric
from core.overview import Figure, OverviewResult


class FigureAnswer(Answer):
    """One figure of the catalogue; an amount for money, a value for anything else."""

    metric: str
    title: str
    unit: Unit
    value: Number
    amount: Amount | None
    previous_value: Number
    previous_amount: Amount | None
    text: str
    deals: int


class OverviewMonth(Answer):
    """What a month brought; not complete while it, or the period, is not over."""

    month: date
    revenue: Amount | None
    won: int
    lost: int
    complete: bool


class OverviewAnswer(Answer):
    """The figures of a period beside those of the period before."""

    fingerprint: str
    currency: str
    starts_on: date | None
    ends_on: date | None
    as_of: date
    figures: list[FigureAnswer]
    months: list[OverviewMonth]
    warnings: list[str]


class CreditRow(Answer):
    """What one channel or campaign is credited with under one model."""

    model: str
    name: str
    deals: Number
    revenue: Amount
    share: Number


class ReconciliationAnswer(Answer):
    """The proof of one model: closed won = credited + unattributed."""

    model: str
    closed_won: Amount
    credited: Amount
    unattributed: Amount
    holds: bool


class AttributionAnswer(Answer):
    """The credit of each model, and the line that proves it."""

    fingerprint: str
    currency: str
    starts_on: date | None
    ends_on: date | None
    by: str
    lookback_days: int
    anchor: str
    won_deals: int
    rows: list[CreditRow]
    reconciliation: list[ReconciliationAnswer]
    notes: list[str]
    warnings: list[str]


def overview_answer(result: OverviewResult) -> OverviewAnswer:
    """Return an overview as it travels."""
    scope = result.question.scope
    return OverviewAnswer(
        fingerprint=result.fingerprint,
        currency=scope.currency,
        starts_on=scope.starts_on,
        ends_on=scope.ends_on,
        as_of=result.question.as_of,
        figures=[_figure(figure, scope.currency) for figure in result.figures.values()],
        months=[_month(row, scope.currency) for row in result.monthly.iter_rows(named=True)],
        warnings=list(result.warnings),
    )


def attribution_answer(result: AttributionResult, notes: Sequence[str]) -> AttributionAnswer:
    """Return credits as they travel, with the reasons why no touch explains some deals."""
    question = result.question
    scope, level = question.scope, question.level.value
    return AttributionAnswer(
        fingerprint=result.fingerprint,
        currency=scope.currency,
        starts_on=scope.starts_on,
        ends_on=scope.ends_on,
        by=level,
        lookback_days=question.journeys.lookback_days,
        anchor=question.journeys.anchor.value,
        won_deals=result.won_deals,
        rows=[_credit(row, level, scope.currency) for row in result.frame.iter_rows(named=True)],
        reconciliation=[
            _proof(name, line, scope.currency) for name, line in result.reconciliation.items()
        ],
        notes=list(notes),
        warnings=list(result.warnings),
    )


def _figure(figure: Figure, currency: str) -> FigureAnswer:
    defined = metric(figure.metric)
    is_money = defined.unit is Unit.MONEY
    return FigureAnswer(
        metric=figure.metric,
        title=defined.title,
        unit=defined.unit,
        value=None if is_money else figure.value,
        amount=amount_or_null(figure.value, currency) if is_money else None,
        previous_value=None if is_money else figure.previous,
        previous_amount=amount_or_null(figure.previous, currency) if is_money else None,
        text=formats.figure(figure.value, defined.unit, currency),
        deals=figure.n,
    )


def _month(row: Mapping[str, Any], currency: str) -> OverviewMonth:
    return OverviewMonth(
        month=row["month"],
        revenue=amount_or_null(row["revenue_minor"], currency),
        won=row["won"],
        lost=row["lost"],
        complete=row["complete"],
    )


def _credit(row: Mapping[str, Any], level: str, currency: str) -> CreditRow:
    return CreditRow(
        model=row["model"],
        name=row[level],
        deals=row["deals"],
        revenue=amount(row["revenue_minor"], currency),
        share=row["share"],
    )


def _proof(model: str, line: Reconciliation, currency: str) -> ReconciliationAnswer:
    return ReconciliationAnswer(
        model=model,
        closed_won=amount(line.closed_won_minor, currency),
        credited=amount(line.credited_minor, currency),
        unattributed=amount(line.unattributed_minor, currency),
        holds=line.holds,
    )
