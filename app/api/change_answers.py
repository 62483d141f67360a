"""What changes and jobs answer: the account of every file, and how far the work is."""

from datetime import datetime

from fastapi import Request
from pydantic import Field

from app.api.amounts import Answer
from app.api.data_answers import ImportRow, import_row
from app.api.jobs import Document, Job, Kind, State
from app.api.problems import Problem
from app.output import receipt_json
from app.services import Services
from core.crm.receipts import Receipt, Status
from core.snapshots import Snapshot

_WORST_FIRST = (Status.REFUSED, Status.PARTIAL, Status.ACCEPTED)


class RejectAnswer(Answer):
    """One rejected record; rows count records from 1, lines count lines of the file."""

    row: int
    line: int
    column: str
    value: str
    reason: str = Field(examples=["bad_amount"])
    suggestion: str


class SumAnswer(Answer):
    """The amounts of a file in one currency: in the file = loaded + rejected + repeated."""

    currency: str
    in_file: str
    loaded: str
    rejected: str
    repeated: str
    unreadable: int


class ReceiptAnswer(Answer):
    """What became of one file, as the command line's --json tells it."""

    file: str
    table: str
    source: str
    status: Status
    rows_in: int
    loaded: int
    rejected: int
    warnings: list[str]
    error: str
    rejects: list[RejectAnswer]
    unchanged: bool
    sums: list[SumAnswer]


class ImportedAnswer(Answer):
    """An import, or what it would do; number is null where nothing was stored."""

    dry_run: bool
    status: Status = Field(description="That of the file that fared worst.")
    number: int | None = Field(description="Names the import for undo.")
    fingerprint: str
    files: list[ReceiptAnswer]


class ExchangedAnswer(Answer):
    """The imports that were undone, or done again, and the state of the data now."""

    fingerprint: str
    rows: list[ImportRow]


class CountsAnswer(Answer):
    """How far an import is."""

    file: str
    step: str
    rows: int
    files_done: int
    files: int


class JobAnswer(Answer):
    """One job: how far it is, and its result or what went wrong."""

    id: str
    kind: Kind
    state: State
    share: float = Field(ge=0, le=1, description="How much is done.")
    doing: str
    counts: CountsAnswer | None
    asked_at: datetime
    ended_at: datetime | None
    result: ImportedAnswer | ExchangedAnswer | None
    result_url: str | None = Field(description="Where the result is, once it is done.")
    error: Problem | None


class JobsAnswer(Answer):
    """The jobs, the latest first."""

    rows: list[JobAnswer]


def imported_document(
    receipts: tuple[Receipt, ...], services: Services, *, number: int | None, dry_run: bool
) -> Document:
    """Return the account of an import, ready to travel."""
    found = {receipt.status for receipt in receipts}
    answer = ImportedAnswer(
        dry_run=dry_run,
        status=next((one for one in _WORST_FIRST if one in found), Status.ACCEPTED),
        number=number,
        fingerprint=services.workspace.fingerprint(),
        files=[ReceiptAnswer.model_validate_json(receipt_json(one)) for one in receipts],
    )
    return Document(answer.model_dump_json().encode())


def exchanged_document(exchanged: tuple[Snapshot, ...], services: Services) -> Document:
    """Return which imports were undone or done again, as they are now."""
    numbers = {one.number for one in exchanged}
    now = [one for one in services.timeline.snapshots() if one.number in numbers]
    answer = ExchangedAnswer(
        fingerprint=services.workspace.fingerprint(), rows=[import_row(one) for one in now]
    )
    return Document(answer.model_dump_json().encode())


def job_answer(job: Job, request: Request) -> JobAnswer:
    """Return how far a job is as it travels."""
    standing, counts = job.standing, job.standing.counts
    is_done = job.document is not None
    return JobAnswer(
        id=job.job_id,
        kind=job.kind,
        state=job.state,
        share=standing.share,
        doing=standing.doing,
        counts=CountsAnswer(**vars(counts)) if counts else None,
        asked_at=job.asked_at,
        ended_at=job.ended_at,
        result=_result(job),
        result_url=f"{address_of(job, request)}/result" if is_done else None,
        error=job.problem,
    )


def address_of(job: Job, request: Request) -> str:
    """Return where a job can be asked for."""
    return f"{request.scope.get('root_path', '')}/jobs/{job.job_id}"


def _result(job: Job) -> ImportedAnswer | ExchangedAnswer | None:
    if job.document is None or job.kind is Kind.REPORT:
        return None
    told = ImportedAnswer if job.kind is Kind.IMPORT else ExchangedAnswer
    return told.model_validate_json(job.document.content)
