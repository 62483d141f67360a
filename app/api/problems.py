"""Errors over HTTP: problem details (RFC 9457) in the words of the pages and the command line."""

import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Final
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from core.errors import (
    DataError,
    EngineUnavailableError,
    ImportRefusedError,
    InvalidParameterError,
    PlumblineError,
    UnknownNameError,
    WorkspaceError,
    WorkspaceLockedError,
    WriterError,
)

LOG: Final = logging.getLogger("plumbline")

MEDIA_TYPE: Final = "application/problem+json"

BUSY_SECONDS: Final = 5
"""When to ask again where there is no room, in seconds."""

LOCKED_SECONDS: Final = 10
"""When to ask again where another process holds the workspace, in seconds."""

_STATUS: Final[Mapping[type[PlumblineError], HTTPStatus]] = {
    UnknownNameError: HTTPStatus.NOT_FOUND,
    InvalidParameterError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ImportRefusedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    DataError: HTTPStatus.CONFLICT,
    WorkspaceError: HTTPStatus.SERVICE_UNAVAILABLE,
    EngineUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    WriterError: HTTPStatus.BAD_GATEWAY,
}
"""The first class an error is of decides; whatever is not listed means nobody can be served."""


class Problem(BaseModel):
    """What went wrong, and what to do about it."""

    type: str = Field(examples=["urn:plumbline:unknown-name"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no model called 'liner'."])
    hint: str = Field(examples=["Did you mean 'linear'?"])


class ProblemError(Exception):
    """Work that failed, and what is told of it.

    Parameters
    ----------
    problem
        What is told.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


class RefusedError(Exception):
    """A request that is not answered: who asks is not known, asks too much, or for the impossible.

    Parameters
    ----------
    status
        The HTTP status.
    detail
        What is wrong.
    hint
        What to do.
    headers
        Headers the status calls for.
    name
        Tells it apart for programs; by default the words of the status.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        hint: str,
        headers: Mapping[str, str] | None = None,
        name: str = "",
    ) -> None:
        super().__init__(status, detail, hint, headers, name)
        self.status, self.detail, self.hint, self.headers = status, detail, hint, headers
        self.name = name or _slug(status)


def problem(
    status: HTTPStatus,
    name: str,
    detail: str,
    hint: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem as an answer; ``name`` tells kinds of problems apart for programs."""
    return _answer(_problem(status, name, detail, hint), headers)


def problem_of(error: Exception) -> Problem:
    """Return what is told of an error; one nobody foresaw is told by a reference into the log."""
    if isinstance(error, PlumblineError):
        return _problem(status_of(error), _name(type(error)), error.message, error.hint)
    if isinstance(error, RefusedError):
        return _problem(error.status, error.name, error.detail, error.hint)
    reference = uuid4().hex[:8]
    LOG.error("Reference %s", reference, exc_info=error)
    return _problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "unexpected",
        "Something went wrong on our side.",
        f"If it happens again, report reference {reference}: the details are in the server's log.",
    )


def too_busy() -> RefusedError:
    """Return that there is no room for one more long answer now."""
    return RefusedError(
        HTTPStatus.TOO_MANY_REQUESTS,
        "There is too much work of this kind already.",
        f"Ask again in {BUSY_SECONDS} s.",
        {"Retry-After": str(BUSY_SECONDS)},
        name="busy",
    )


def _problem(status: HTTPStatus, name: str, detail: str, hint: str) -> Problem:
    return Problem(
        type=f"urn:plumbline:{name}",
        title=status.phrase,
        status=status.value,
        detail=detail,
        hint=hint,
    )


def _answer(told: Problem, headers: Mapping[str, str] | None = None) -> Response:
    return Response(told.model_dump_json(), told.status, headers, MEDIA_TYPE)


def install(api: FastAPI) -> None:
    """Let an application answer every error as a problem."""
    api.add_exception_handler(PlumblineError, _of_the_product)
    api.add_exception_handler(RefusedError, _refused)
    api.add_exception_handler(ProblemError, _failed)
    api.add_exception_handler(RequestValidationError, _not_valid)
    api.add_exception_handler(HTTPException, _of_the_framework)
    api.add_exception_handler(Exception, _unexpected)


def status_of(error: PlumblineError) -> HTTPStatus:
    """Return the HTTP status that says what kind of error it is."""
    kinds = (kind for kind in type(error).__mro__ if kind in _STATUS)
    found = next(kinds, None)
    return _STATUS[found] if found else HTTPStatus.SERVICE_UNAVAILABLE


async def _of_the_product(_request: Request, error: Exception) -> Response:
    is_locked = isinstance(error, WorkspaceLockedError)
    wait = {"Retry-After": str(LOCKED_SECONDS)} if is_locked else None
    return _answer(problem_of(error), wait)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)  # noqa: S101 - the handler is registered for it
    return _answer(problem_of(error), error.headers)


async def _failed(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101 - the handler is registered for it
    return _answer(error.problem)


async def _not_valid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    said = "; ".join(_in_words(one["loc"], one["msg"]) for one in error.errors())
    hint = "The parameters of every endpoint are listed at docs."
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-parameter", said, hint)


async def _of_the_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for it
    status = HTTPStatus(error.status_code)
    name = _slug(status)
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(_methods(request))
        detail, hint = f"{request.method} is not possible here.", f"Possible: {allowed}."
        return problem(status, name, detail, hint, {"Allow": allowed})
    if status is HTTPStatus.NOT_FOUND:
        return problem(status, name, "There is nothing here.", "Every endpoint is listed at docs.")
    return problem(status, name, str(error.detail), "", error.headers)


async def _unexpected(_request: Request, error: Exception) -> Response:
    return _answer(problem_of(error))


def _methods(request: Request) -> list[str]:
    """Return what is possible at the path of a request, whichever route offers it."""
    found = {
        method
        for route in request.app.routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods
    }
    return sorted(found)


def _slug(status: HTTPStatus) -> str:
    return status.phrase.lower().replace(" ", "-")


def _in_words(place: Sequence[str | int], said: str) -> str:
    where = ".".join(str(part) for part in place[1:]) or "the request"
    return f"{where}: {said.removeprefix('Value error, ')}"


def _name(kind: type[PlumblineError]) -> str:
    """Return how programs tell an error apart.

    >>> _name(UnknownNameError)
    'unknown-name'
    """
    stem = kind.__name__.removesuffix("Error")
    return "".join(f"-{c.lower()}" if c.isupper() else c for c in stem).removeprefix("-")
