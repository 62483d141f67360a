"""Who may ask: a valid key, not too often; and nothing is answered twice that has not changed."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.api.keys import Keys, holder
from app.api.limits import Buckets
from app.api.problems import RefusedError
from app.services import Services

ANSWERS_VERSION: Final = "1"
"""Raised when an answer changes its shape, so that nobody keeps one of the old shape."""

HOW_TO_MAKE_ONE: Final = (
    "Make one with: python -m app key add --workspace W, for the workspace that is served. "
    "Send it as: Authorization: Bearer KEY."
)

Provider = Callable[[], Services]
"""Returns the services that pages and API share."""

_BEARER: Final = HTTPBearer(auto_error=False, description="A key made by python -m app key add.")
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


class NotModifiedError(Exception):
    """Whoever asks has the answer already.

    Parameters
    ----------
    tag
        Name of the answer.
    """

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


class Door:
    """Lets a request in, or says why not."""

    def __init__(self, provider: Provider, keys: Keys, buckets: Buckets) -> None:
        self._provider, self._keys, self._buckets = provider, keys, buckets

    def admit(self, request: Request, response: Response, secret: str | None) -> Services:
        """Return what may be asked.

        Raises
        ------
        RefusedError
            If there is no valid key, or it asks too often.
        NotModifiedError
            If the answer is the one the request says it has.
        """
        self._require_key(secret)
        services = self._provider()
        tag = answer_tag(_state(services), request)
        if tag in _tags(request.headers.get("if-none-match", "")):
            raise NotModifiedError(tag)
        response.headers.update(headers_of(tag))
        return services

    def _require_key(self, secret: str | None) -> None:
        key = holder(self._keys(), secret) if secret else None
        if key is None:
            what = "needs a key" if not secret else "does not know this key"
            raise RefusedError(
                HTTPStatus.UNAUTHORIZED,
                f"The API {what}.",
                HOW_TO_MAKE_ONE,
                {"WWW-Authenticate": "Bearer"},
            )
        wait = self._buckets.wait_seconds(key.key_id)
        if wait:
            raise RefusedError(
                HTTPStatus.TOO_MANY_REQUESTS,
                "This key asked too often.",
                f"Ask again in {wait} s.",
                {"Retry-After": str(wait)},
            )


def admitted(request: Request, response: Response, credentials: _Credentials) -> Services:
    """Return what the holder of a key may ask; every endpoint that tells of the data needs it."""
    door: Door = request.app.state.door
    return door.admit(request, response, credentials.credentials if credentials else None)


def answer_tag(state: str, request: Request) -> str:
    """Return the name of an answer: equal data and question have the same one."""
    asked = sorted(request.query_params.multi_items())
    told = repr((ANSWERS_VERSION, state, request.url.path, asked))
    return f'"{hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def headers_of(tag: str) -> dict[str, str]:
    """Return the headers that let an answer be kept by who asked, and by nobody between."""
    return {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}


async def not_modified(_request: Request, error: Exception) -> Response:
    """Answer that nothing has changed."""
    assert isinstance(error, NotModifiedError)  # noqa: S101 - the handler is registered for it
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers_of(error.tag))


def _state(services: Services) -> str:
    """Return what tells two states of the data apart, their history included.

    After an undo the data are what they were before, but the list of imports is not.
    """
    history = [(one.number, one.is_undone) for one in services.timeline.snapshots()]
    return f"{services.workspace.fingerprint()}:{history}"


def _tags(header: str) -> set[str]:
    return {part.strip().removeprefix("W/") for part in header.split(",")}
