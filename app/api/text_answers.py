"""Texts of the analyst, and the quality of the data, as they travel."""

from datetime import date

from app.analyst_output import narrative_fields
from app.api.amounts import Answer, Number
from core.analyst.narrative import Narrative
from core.quality import Finding, Quality, TableQuality


class SentenceAnswer(Answer):
    """One sentence, and the ids of the facts it states."""

    text: str
    facts: list[str]


class FactAnswer(Answer):
    """One fact: minor units for money, a share of one, a number, a day, or words."""

    id: str
    name: str
    value: int | float | str
    unit: str
    noun: str
    text: str
    definition: str
    link: str


class ExplanationAnswer(Answer):
    """A text no sentence of which holds a number that is not a fact."""

    topic: str
    title: str
    text: str
    sentences: list[SentenceAnswer]
    facts: list[FactAnswer]
    writer: str
    sent: str
    label: str
    dropped: int
    note: str
    warnings: list[str]
    fingerprint: str


class FindingAnswer(Answer):
    """What one check found, and what to do about it."""

    check: str
    title: str
    fix: str
    failing: int
    applies_to: int
    points: Number


class TableQualityAnswer(Answer):
    """How good one table is, 0 to 100, the fix worth most first."""

    table: str
    rows: int
    score: Number
    findings: list[FindingAnswer]


class QualityAnswer(Answer):
    """How far the data can be trusted, table by table."""

    fingerprint: str
    as_of: date
    tables: list[TableQualityAnswer]


def explanation_answer(written: Narrative) -> ExplanationAnswer:
    """Return a text as it travels: the fields of the command line."""
    return ExplanationAnswer.model_validate(narrative_fields(written))


def quality_answer(found: Quality, fingerprint: str) -> QualityAnswer:
    """Return the scores of the tables as they travel."""
    tables = [_table(table) for table in found.tables]
    return QualityAnswer(fingerprint=fingerprint, as_of=found.as_of, tables=tables)


def _table(table: TableQuality) -> TableQualityAnswer:
    return TableQualityAnswer(
        table=table.table,
        rows=table.rows,
        score=table.score,
        findings=[_finding(one) for one in table.findings],
    )


def _finding(one: Finding) -> FindingAnswer:
    return FindingAnswer(
        check=one.check.name,
        title=one.check.title,
        fix=one.check.fix,
        failing=one.failing,
        applies_to=one.applies_to,
        points=one.points,
    )
