"""Who may ask: a valid key, not too often; and nothing is answered twice that has not changed."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.api.keys import ApiKey, Keys, holder
from app.api.limits import Buckets, Limits, stranger
from app.api.parameters import LONGEST_NAME, REPEATABLE
from app.api.problems import RefusedError
from app.services import Services
from core.errors import InvalidParameterError

ANSWERS_VERSION: Final = "3"
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


@dataclass(frozen=True)
class Writer:
    """Who may change the data, and the services by which it is done.

    Parameters
    ----------
    services
        What may be changed.
    key
        The key the request came with.
    """

    services: Services
    key: ApiKey


class Door:
    """Lets a request in, or says why not."""

    def __init__(self, provider: Provider, keys: Keys, limits: Limits) -> None:
        self._provider, self._keys = provider, keys
        self._holders, self._strangers = Buckets(limits), Buckets(limits)

    def admit(self, request: Request, response: Response, secret: str | None) -> Services:
        """Return what may be asked.

        Raises
        ------
        RefusedError
            If there is no valid key, or it asks too often.
        NotModifiedError
            If the answer is the one the request says it has.
        """
        self.identify(request, secret)
        services = self._provider()
        tag = answer_tag(_state(services), request)
        if tag in _tags(request.headers.get("if-none-match", "")):
            raise NotModifiedError(tag)
        response.headers.update(headers_of(tag))
        return services

    def admit_writer(self, request: Request, secret: str | None) -> Writer:
        """Return what may be changed, before any of the request's body is read.

        Raises
        ------
        RefusedError
            If there is no valid key, it asks too often, or it may only read.
        """
        key = self.identify_writer(request, secret)
        return Writer(self._provider(), key)

    def identify_writer(self, request: Request, secret: str | None) -> ApiKey:
        """Return the key of a request that changes something.

        Raises
        ------
        RefusedError
            If there is no valid key, it asks too often, or it may only read.
        """
        key = self.identify(request, secret)
        if not key.may_write:
            raise RefusedError(
                HTTPStatus.FORBIDDEN,
                "This key may only read.",
                "Make one that may write: python -m app key add --scope write --workspace W.",
                {"WWW-Authenticate": 'Bearer error="insufficient_scope", scope="write"'},
            )
        return key

    def identify(self, request: Request, secret: str | None) -> ApiKey:
        """Return the valid key of a request.

        Raises
        ------
        RefusedError
            If there is none, or it asks too often.
        """
        key = holder(self._keys(), secret) if secret else None
        if key is None:
            address = stranger(request.client.host if request.client else "")
            _require_patience(self._strangers.wait_seconds(address), "This address")
            what = "needs a key" if not secret else "does not know this key"
            raise RefusedError(
                HTTPStatus.UNAUTHORIZED,
                f"The API {what}.",
                HOW_TO_MAKE_ONE,
                {"WWW-Authenticate": "Bearer"},
            )
        _require_patience(self._holders.wait_seconds(key.key_id), "This key")
        _require_said_once(request)
        return key


def admitted(request: Request, response: Response, credentials: _Credentials) -> Services:
    """Return what the holder of a key may ask; every endpoint that tells of the data needs it."""
    return _door(request).admit(request, response, _secret(credentials))


Asked = Annotated[Services, Depends(admitted)]
"""What the holder of a key may ask."""


def may_write(request: Request, credentials: _Credentials) -> Writer:
    """Return what the holder of a key may change; imports and their undoing need it."""
    return _door(request).admit_writer(request, _secret(credentials))


def identified(request: Request, credentials: _Credentials) -> ApiKey:
    """Return the key of who asks for something that is not in the workspace."""
    return _door(request).identify(request, _secret(credentials))


def writing_key(request: Request, credentials: _Credentials) -> ApiKey:
    """Return the key of who changes something that is not in the workspace."""
    return _door(request).identify_writer(request, _secret(credentials))


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


def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


def _secret(credentials: HTTPAuthorizationCredentials | None) -> str | None:
    return credentials.credentials if credentials else None


def _require_patience(wait_seconds: int, who: str) -> None:
    if wait_seconds:
        raise RefusedError(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"{who} asked too often.",
            f"Ask again in {wait_seconds} s.",
            {"Retry-After": str(wait_seconds)},
        )


def _require_said_once(request: Request) -> None:
    """Refuse a parameter that is said twice where only one of them would count."""
    said = Counter(name for name, _ in request.query_params.multi_items())
    for name, times in said.items():
        if times > 1 and name not in REPEATABLE:
            raise InvalidParameterError(
                f"{name[:LONGEST_NAME]}: it is said {times} times.", "Say it once."
            )


def _state(services: Services) -> str:
    """Return what tells two states of the data apart, their history included.

    After an undo the data are what they were before, but the list of imports is not.
    """
    history = [(one.number, one.is_undone) for one in services.timeline.snapshots()]
    return f"{services.workspace.fingerprint()}:{history}"


def _tags(header: str) -> set[str]:
    return {part.strip().removeprefix("W/") for part in header.split(",")}
