"""The report that can be forwarded unedited, as a document."""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request, Response

from app.api.changes import Prefer, Wish, carried_out, jobs_of, wants_job
from app.api.chosen import Chosen
from app.api.jobs import Document, Job, Kind, Standing
from app.api.parameters import ReportQuery
from app.api.questions import report_question
from app.api.recent import Recent
from app.report_question import ReportQuestion
from app.services import Services

PDF: Final = "application/pdf"

PDF_RESPONSE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}
}


def report_asked(
    services: Chosen, asked: Annotated[ReportQuery, Query()]
) -> tuple[Services, ReportQuestion]:
    """Return what a report is asked, and who answers."""
    return services, report_question(services, asked)


async def report(
    request: Request,
    response: Response,
    asked: Annotated[tuple[Services, ReportQuestion], Depends(report_asked)],
    prefer: Prefer = "",
) -> Response:
    """Return the report of the command line: equal data and question make equal bytes."""
    job = jobs_of(request).reserve(Kind.REPORT)
    work = partial(_made, *asked, request.app.state.reports)
    found = await carried_out(request, job, work, Wish(wants_job(prefer)))
    if found.media_type == PDF:  # what names the answer is not the name of the job that makes it
        found.headers.update(response.headers)
    return found


def _made(services: Services, question: ReportQuestion, made: Recent, job: Job) -> Document:
    key = ("report", services.cache_key, question)
    content = made.answer(
        key,
        lambda: services.reports.pdf(
            question, lambda share, doing: job.tell(Standing(share, f"{doing}."))
        ),
    )
    return Document(content, PDF)
