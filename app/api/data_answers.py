"""What is known of the data themselves, and what the figures mean, as it travels."""

from datetime import UTC, date, datetime

from pydantic import Field

from app.api.amounts import Answer
from app.api.parameters import Page
from core.coverage import Coverage
from core.metrics import METRICS, Metric, Unit
from core.snapshots import Snapshot


class WorkspaceAnswer(Answer):
    """The data that are served; days and currencies are null or empty before the first deal."""

    kind: str = Field(examples=["own"])
    fingerprint: str
    as_of: date | None
    first_day: date | None
    currencies: list[str]
    deals: int
    touches: int


class WorkspacesAnswer(Answer):
    """The one workspace this installation serves."""

    workspaces: list[WorkspaceAnswer]


class MetricAnswer(Answer):
    """One figure of the catalogue: how it is computed and read."""

    name: str = Field(examples=["closed_won"])
    title: str
    unit: Unit
    formula: str
    meaning: str
    tables: list[str]


class MetricsAnswer(Answer):
    """The metrics catalogue."""

    metrics: list[MetricAnswer]


class ImportRow(Answer):
    """One import: rows in = loaded + rejected."""

    number: int
    imported_at: datetime
    files: list[str]
    rows_in: int
    loaded: int
    rejected: int
    undone: bool


class ImportsAnswer(Answer):
    """The imports, the latest first."""

    fingerprint: str
    total: int
    limit: int
    offset: int
    rows: list[ImportRow]


class HealthAnswer(Answer):
    """That the API answers; it says nothing of the data."""

    status: str = Field(examples=["ok"])


def workspace_answer(found: Coverage) -> WorkspacesAnswer:
    """Return what the data cover as it travels."""
    one = WorkspaceAnswer(
        kind=found.kind,
        fingerprint=found.fingerprint,
        as_of=found.as_of,
        first_day=found.first_day,
        currencies=list(found.currencies),
        deals=found.deals,
        touches=found.touches,
    )
    return WorkspacesAnswer(workspaces=[one])


def empty_workspace_answer(fingerprint: str) -> WorkspacesAnswer:
    """Return what is said of a workspace before its first deal."""
    one = WorkspaceAnswer(
        kind="own",
        fingerprint=fingerprint,
        as_of=None,
        first_day=None,
        currencies=[],
        deals=0,
        touches=0,
    )
    return WorkspacesAnswer(workspaces=[one])


def metrics_answer() -> MetricsAnswer:
    """Return the metrics catalogue as it travels."""
    return MetricsAnswer(metrics=[_metric(entry) for entry in METRICS.values()])


def imports_answer(found: tuple[Snapshot, ...], fingerprint: str, page: Page) -> ImportsAnswer:
    """Return a page of the imports."""
    return ImportsAnswer(
        fingerprint=fingerprint,
        total=len(found),
        limit=page.limit,
        offset=page.offset,
        rows=[import_row(one) for one in found[page.offset : page.offset + page.limit]],
    )


def _metric(entry: Metric) -> MetricAnswer:
    return MetricAnswer(
        name=entry.name,
        title=entry.title,
        unit=entry.unit,
        formula=entry.formula,
        meaning=entry.meaning,
        tables=list(entry.tables),
    )


def import_row(one: Snapshot) -> ImportRow:
    """Return one import as it travels."""
    return ImportRow(
        number=one.number,
        imported_at=one.made_at.replace(tzinfo=UTC),
        files=list(one.files),
        rows_in=one.rows_in,
        loaded=one.loaded,
        rejected=one.rejected,
        undone=one.is_undone,
    )
