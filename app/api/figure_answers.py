"""The figures of the pages as they travel; nothing is computed here."""

from datetime import date
from typing import Annotated

from pydantic import Field, WithJsonSchema

from app.api.amounts import Amount, Answer, Number, amount_or_null
from app.api.parameters import Page, PeriodQuery
from app.figure_rows import FigureRow, ShownOn
from app.figures_services import Figures
from core.metrics import Unit, metric


class FiguresQuery(PeriodQuery, Page):
    """Which period, and the figures of which page."""

    page: Annotated[
        ShownOn | None,
        WithJsonSchema({"type": "string", "enum": [page.value for page in ShownOn]}),
    ] = Field(default=None, description="Only the figures of this page; default: of all pages.")


class ShownFigure(Answer):
    """One figure as a page shows it; an amount for money, a value for anything else."""

    name: str = Field(examples=["spend"])
    title: str
    of: str = Field(
        examples=["Webinar"],
        description="A channel, a period, a table, the id of a deal; empty for the whole.",
    )
    value: Number
    amount: Amount | None
    unit: Unit
    page: ShownOn


class FiguresAnswer(Answer):
    """The figures of the pages while no setting is touched, page by page."""

    fingerprint: str
    currency: str
    as_of: date
    starts_on: date | None
    ends_on: date | None
    total: int
    limit: int
    offset: int
    rows: list[ShownFigure]
    warnings: list[str]


def figures_answer(found: Figures, page: Page) -> FiguresAnswer:
    """Return figures as they travel, a part of a long list."""
    shown = found.rows[page.offset : page.offset + page.limit]
    return FiguresAnswer(
        fingerprint=found.fingerprint,
        currency=found.currency,
        as_of=found.as_of,
        starts_on=found.days.starts_on,
        ends_on=found.days.ends_on,
        total=len(found.rows),
        limit=page.limit,
        offset=page.offset,
        rows=[_figure(row, found.currency) for row in shown],
        warnings=list(found.warnings),
    )


def _figure(row: FigureRow, currency: str) -> ShownFigure:
    is_money = row.unit is Unit.MONEY
    return ShownFigure(
        name=row.name,
        title=metric(row.name).title,
        of=row.of,
        value=None if is_money else row.value,
        amount=amount_or_null(row.value, currency) if is_money else None,
        unit=row.unit,
        page=row.page,
    )
