"""The HTTP application: what is answered, to whom, in which words."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, Response

from app.api import problems
from app.api.access import ANSWERS_VERSION, Door, NotModifiedError, Provider, not_modified
from app.api.change_answers import ExchangedAnswer, ImportedAnswer, JobAnswer
from app.api.changes import CHANGES
from app.api.chosen import Parts
from app.api.data_answers import HealthAnswer
from app.api.docs_page import docs_page
from app.api.document import document
from app.api.job_routes import cancel, job, job_result, jobs
from app.api.jobs import Jobs
from app.api.keys import Keys
from app.api.limits import Limits
from app.api.recent import Recent
from app.api.repeats import Repeats
from app.api.report_routes import PDF_RESPONSE, report
from app.api.routes import ENDPOINTS

_DESCRIPTION: Final = (
    "The answers of the pages and the command line, for programs. Every request carries a key, "
    "made with python -m app key add --workspace W, as Authorization: Bearer KEY. Amounts are "
    "whole minor units with their currency, and text in major units. An answer's ETag stays the "
    "same while data and question do."
)


def create_api(
    provider: Provider, keys: Keys, kept_answers: Callable[[], Path], limits: Limits | None = None
) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    provider
        Returns the services that are asked.
    keys
        Returns the keys there are now.
    kept_answers
        Returns the folder in which answers to changes are kept, for repeats of them.
    limits
        How much a key, or an address without one, may ask.
    """
    api = FastAPI(
        title="Plumbline API",
        version=ANSWERS_VERSION,
        description=_DESCRIPTION,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    api.openapi = document(api)  # type: ignore[method-assign] # FastAPI's own way to extend it
    problems.install(api)
    api.add_exception_handler(NotModifiedError, not_modified)
    api.state.door = Door(provider, keys, limits or Limits())
    api.state.recent, api.state.reports, api.state.parts = Recent(), Recent(), Parts()
    api.state.jobs, api.state.repeats = Jobs(), Repeats(kept_answers)
    for path, endpoint, part in ENDPOINTS:
        api.add_api_route(path, endpoint, tags=[part])
    api.add_api_route(
        "/report.pdf",
        report,
        tags=["texts"],
        response_class=Response,
        responses={**PDF_RESPONSE, 202: {"model": JobAnswer}},
    )
    _add_changes(api)

    @api.get("/health", tags=["service"])
    async def health() -> HealthAnswer:
        """Return that the API answers."""
        return HealthAnswer(status="ok")

    @api.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(docs_page(api.openapi()))

    return api


def _add_changes(api: FastAPI) -> None:
    for path, change, answer, body in CHANGES:
        api.add_api_route(
            path,
            change,
            methods=["POST"],
            tags=["changes"],
            response_model=answer,
            responses={202: {"model": JobAnswer}},
            openapi_extra=body,
        )
    api.add_api_route("/jobs", jobs, tags=["jobs"])
    api.add_api_route("/jobs/{job_id}", job, tags=["jobs"])
    api.add_api_route("/jobs/{job_id}", cancel, methods=["DELETE"], tags=["jobs"])
    api.add_api_route(
        "/jobs/{job_id}/result",
        job_result,
        tags=["jobs"],
        response_model=ImportedAnswer | ExchangedAnswer,
        responses=PDF_RESPONSE,
    )
