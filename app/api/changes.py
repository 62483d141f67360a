"""Requests that change the data: imports, undoing them, doing them again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse

from app.api.access import Writer, may_write
from app.api.change_answers import (
    ExchangedAnswer,
    ImportedAnswer,
    address_of,
    exchanged_document,
    imported_document,
    job_answer,
)
from app.api.jobs import Document, Job, Jobs, Kind, Standing, Work
from app.api.parameters import ImportQuery, NoParameters, UndoQuery
from app.api.repeats import Repeat, Repeats
from app.api.uploads import Upload, upload
from app.import_job import in_words, share_done
from app.services import Services
from core.crm.importing import ImportOptions
from core.crm.mapping import parse_mapping
from core.crm.receipts import Progress, Receipt
from core.settings import Settings
from core.snapshots import Snapshot

Writing = Annotated[Writer, Depends(may_write)]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{0,200}$",
        description="The caller's own name for this request: a repeat of it gets the same answer, "
        "and changes nothing again.",
        examples=["nightly-2026-11-23"],
    ),
]
Prefer = Annotated[
    str,
    Header(
        description="respond-async: answer at once with a job, and do the work meanwhile.",
        examples=["respond-async"],
    ),
]

FILE_KINDS: Final = (
    "CSV, TSV or text in any encoding, Excel workbooks (.xlsx, .xlsm), every sheet as a file of "
    "its own, and ZIP archives of all of these; in any order."
)
UPLOAD_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "With curl: -F files=@deals.csv -F files=@crm.xlsx -F files=@exports.zip "
        "-F mapping=@map.toml",
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "additionalProperties": False,
                    "properties": {
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": 100,
                            "items": {"type": "string", "format": "binary"},
                            "description": FILE_KINDS,
                        },
                        "mapping": {
                            "type": "string",
                            "description": "The text of a map.toml, for files no recipe knows.",
                        },
                    },
                }
            }
        },
    }
}


@dataclass(frozen=True)
class Wish:
    """How a request wants to be answered, and what tells it apart from others.

    Parameters
    ----------
    is_async
        Whether it takes a job for an answer.
    repeat
        What makes it the same request when it comes again; None where it has no name.
    """

    is_async: bool
    repeat: Repeat | None = None


async def import_files(
    request: Request,
    writer: Writing,
    asked: Annotated[ImportQuery, Query()],
    idempotency_key: IdempotencyKey = "",
    prefer: Prefer = "",
) -> Response:
    """Import files all or nothing, or tell with dry_run what an import would do.

    The answer is 200 whatever became of the files; status says it, as the exit code of the
    command line does.
    """
    job = jobs_of(request).reserve(Kind.IMPORT)
    try:
        settings = Settings()
        received = await upload(request, settings.max_upload_bytes)
        options = ImportOptions(
            parse_mapping(received.mapping) if received.mapping else None,
            max_bytes=settings.max_upload_bytes,
        )
        wish = Wish(
            wants_job(prefer),
            _repeat(writer, idempotency_key, "import", str(asked.dry_run), *_told(received)),
        )
        work = partial(_import, writer.services, received, options, asked)
    except BaseException:
        jobs_of(request).drop(job)
        raise
    return await carried_out(request, job, work, wish)


async def undo(
    request: Request,
    writer: Writing,
    asked: Annotated[UndoQuery, Query()],
    idempotency_key: IdempotencyKey = "",
    prefer: Prefer = "",
) -> Response:
    """Take back the latest import, or every import back to and including the given one."""
    timeline = writer.services.timeline
    work = partial(_exchange, writer.services, lambda: timeline.undo(asked.number))
    repeat = _repeat(writer, idempotency_key, "undo", str(asked.number))
    job = jobs_of(request).reserve(Kind.UNDO)
    return await carried_out(request, job, work, Wish(wants_job(prefer), repeat))


async def redo(
    request: Request,
    writer: Writing,
    _asked: Annotated[NoParameters, Query()],
    idempotency_key: IdempotencyKey = "",
    prefer: Prefer = "",
) -> Response:
    """Do the import again that was undone last; its files are not needed."""
    timeline = writer.services.timeline
    work = partial(_exchange, writer.services, lambda: (timeline.redo(),))
    repeat = _repeat(writer, idempotency_key, "redo")
    job = jobs_of(request).reserve(Kind.REDO)
    return await carried_out(request, job, work, Wish(wants_job(prefer), repeat))


CHANGES: Final[tuple[tuple[str, Callable[..., Any], type, dict[str, Any] | None], ...]] = (
    ("/imports", import_files, ImportedAnswer, UPLOAD_BODY),
    ("/imports/undo", undo, ExchangedAnswer, None),
    ("/imports/redo", redo, ExchangedAnswer, None),
)
"""Path, function, answer and body of every POST; all of them need a key that may write."""


async def carried_out(request: Request, job: Job, work: Work, wish: Wish) -> Response:
    """Do the work of a job in its turn, and answer with its result or, if wished, with the job."""
    jobs: Jobs = jobs_of(request)
    if wish.repeat:
        repeats: Repeats = request.app.state.repeats
        try:
            found = await run_in_threadpool(repeats.claim, wish.repeat, job)
        except BaseException:
            jobs.drop(job)
            raise
        if found is not job:
            jobs.drop(job)
        if isinstance(found, Document):
            return answered(found, {"Idempotent-Replayed": "true"})
        is_first, job = found is job, found
        if is_first:
            jobs.start(job, repeats.keeping(wish.repeat, work))
    else:
        jobs.start(job, work)
    if wish.is_async:
        return accepted(request, job)
    return answered(await job.outcome())


def answered(document: Document, headers: dict[str, str] | None = None) -> Response:
    """Return a result as an answer."""
    return Response(document.content, HTTPStatus.OK, headers, document.media_type)


def accepted(request: Request, job: Job) -> Response:
    """Return a job as an answer: the work goes on."""
    headers = {
        "Location": address_of(job, request),
        "Preference-Applied": "respond-async",
        "Retry-After": "1",
    }
    told = job_answer(job, request).model_dump(mode="json")
    return JSONResponse(told, HTTPStatus.ACCEPTED, headers)


def wants_job(prefer: str) -> bool:
    """Tell whether a request would rather have a job than wait.

    >>> wants_job("return=minimal, Respond-Async"), wants_job("")
    (True, False)
    """
    return "respond-async" in {part.strip().lower() for part in prefer.split(",")}


def jobs_of(request: Request) -> Jobs:
    """Return the jobs of the application that is asked."""
    jobs: Jobs = request.app.state.jobs
    return jobs


def _repeat(writer: Writer, idempotency_key: str, *asked: str) -> Repeat | None:
    return Repeat.of(writer.key.key_id, idempotency_key, *asked) if idempotency_key else None


def _told(received: Upload) -> tuple[str, ...]:
    """Return what tells one upload apart from another."""
    files = (part for file in received.files for part in (file.name, file.digest))
    return (received.mapping, *files)


def _import(
    services: Services, received: Upload, options: ImportOptions, asked: ImportQuery, job: Job
) -> Document:
    now = datetime.now(UTC)
    watched = ImportOptions(
        options.mapping,
        max_bytes=options.max_bytes,
        on_progress=lambda at: job.tell(_standing(at)),
        is_cancelled=job.is_stopping,
    )
    if asked.dry_run:
        seen = services.preview(received.files, now, watched)
        receipts: tuple[Receipt, ...] = tuple(one.receipt for one in seen)
        return imported_document(receipts, services, number=None, dry_run=True)
    before = _latest(services)
    receipts = services.import_files(received.files, now, watched)
    after = _latest(services)
    number = after[0] if after and after != before else None
    return imported_document(receipts, services, number=number, dry_run=False)


def _exchange(
    services: Services, exchange: Callable[[], tuple[Snapshot, ...]], job: Job
) -> Document:
    job.tell(Standing(0.0, "Exchanging what the imports changed."))
    return exchanged_document(exchange(), services)


def _latest(services: Services) -> tuple[int, datetime] | None:
    # An import into demo data starts to count from 1 again, so the number alone says too little.
    kept = (one for one in services.timeline.snapshots() if not one.is_undone)
    latest = next(kept, None)
    return (latest.number, latest.made_at) if latest else None


def _standing(at: Progress) -> Standing:
    return Standing(share_done(at), in_words(at), at)
