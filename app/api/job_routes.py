"""Jobs: how far they are, what came of them, stopping them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response

from app.api.access import identified, writing_key
from app.api.change_answers import JobAnswer, JobsAnswer, job_answer
from app.api.changes import jobs_of
from app.api.keys import ApiKey
from app.api.parameters import NoParameters
from app.api.problems import ProblemError, RefusedError

Known = Annotated[ApiKey, Depends(identified)]
JobId = Annotated[
    str,
    Path(min_length=1, max_length=64, pattern="^[!-~]+$", examples=["5d3f0c6a9be1427788aa01ff"]),
]


def jobs(request: Request, _key: Known, _asked: Annotated[NoParameters, Query()]) -> JobsAnswer:
    """Return the jobs that wait, run, or ended lately, the latest first."""
    return JobsAnswer(rows=[job_answer(one, request) for one in jobs_of(request).listed()])


def job(
    request: Request, _key: Known, job_id: JobId, _asked: Annotated[NoParameters, Query()]
) -> JobAnswer:
    """Return how far a job is, with its result once it is done, or what went wrong."""
    return job_answer(jobs_of(request).find(job_id), request)


def job_result(
    request: Request, _key: Known, job_id: JobId, _asked: Annotated[NoParameters, Query()]
) -> Response:
    """Return the result of a job as the request itself would have been answered."""
    found = jobs_of(request).find(job_id)
    if found.problem:
        raise ProblemError(found.problem)
    if found.document is None:
        raise RefusedError(
            HTTPStatus.CONFLICT,
            f"The job has no result yet. {found.standing.doing}",
            "Ask again in a moment.",
            {"Retry-After": "1"},
            name="not-done",
        )
    return Response(found.document.content, media_type=found.document.media_type)


async def cancel(
    request: Request,
    _key: Annotated[ApiKey, Depends(writing_key)],
    job_id: JobId,
    _asked: Annotated[NoParameters, Query()],
) -> JobAnswer:
    """Stop a job before anything of it is stored, and forget it; the answer says how it ended."""
    return job_answer(await jobs_of(request).stop_and_forget(job_id), request)
