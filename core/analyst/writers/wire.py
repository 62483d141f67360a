"""The one place that talks to a model server: bounded, timed, without redirects or proxies.

Nothing of an answer is trusted: lines, size and time are limited here, and what is in them is
checked by whoever asked.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from core.errors import InvalidParameterError, WriterError

if TYPE_CHECKING:
    import httpx

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_LINE_BYTES: Final = 64 * 1024
MOST_ANSWER_BYTES: Final = 1024 * 1024
CONNECT_SECONDS: Final = 3.0
"""A server on this machine answers at once; one that is not there should not be waited for."""

Clock = Callable[[], float]


@dataclass(frozen=True)
class Server:
    """Where a model server listens, and how long it may take.

    Parameters
    ----------
    url
        ``http://127.0.0.1:11434``: scheme, host and port, nothing else.
    timeout_seconds
        Time for a whole answer.
    headers
        Sent with every request; they may hold a key and are never shown.

    Raises
    ------
    InvalidParameterError
        If the URL is none of a server.
    """

    url: str
    timeout_seconds: float = 60.0
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    clock: Clock = field(default=time.monotonic, repr=False, compare=False)

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            plain = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            plain = False
        if not plain or parts.username or parts.query or parts.fragment:
            raise InvalidParameterError(
                "The address of the model server is not one.",
                "Write it as http://127.0.0.1:11434: scheme, host and port.",
            )

    @property
    def place(self) -> str:
        """Host and port, as a label says them."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @property
    def is_here(self) -> bool:
        """Whether the server is on this machine."""
        return urlsplit(self.url).hostname in LOOPBACK

    def lines(self, path: str, body: dict[str, Any]) -> Iterator[str]:
        """Yield the lines of a streamed answer as they come.

        Raises
        ------
        WriterError
            If the server cannot be reached, refuses, stops half-way or takes too long.
        """
        ends_at = self.clock() + self.timeout_seconds
        with _translated(self), _client(self) as client:
            request = client.build_request("POST", self._at(path), json=body)
            answer = client.send(request, stream=True)
            try:
                _check_status(answer, self)
                yield from self._bounded(answer, ends_at)
            finally:
                answer.close()

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        """Return a small JSON answer."""
        with _translated(self), _client(self) as client:
            answer = client.send(client.build_request("GET", self._at(path)), stream=True)
            try:
                _check_status(answer, self)
                ends_at = self.clock() + self.timeout_seconds
                return decoded("\n".join(self._bounded(answer, ends_at)))
            finally:
                answer.close()

    def _at(self, path: str) -> str:
        return self.url.rstrip("/") + path

    def _bounded(self, answer: "httpx.Response", ends_at: float) -> Iterator[str]:
        waiting, received = b"", 0
        for chunk in answer.iter_bytes():
            received += len(chunk)
            *whole, waiting = (waiting + chunk).split(b"\n")
            if received > MOST_ANSWER_BYTES or len(waiting) > MOST_LINE_BYTES:
                raise WriterError("malformed", "The model server sent too much.", _OTHER_MODEL)
            if self.clock() > ends_at:
                raise _slow(self)
            yield from (line.decode("utf-8", "replace") for line in whole if line.strip())
        if waiting.strip():
            yield waiting.decode("utf-8", "replace")


_OTHER_MODEL: Final = "Try another model, or let rules write."


def decoded(text: str) -> Any:  # noqa: ANN401 - JSON
    """Return what a JSON text says.

    Raises
    ------
    WriterError
        If it is no JSON.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WriterError(
            "malformed", "The model server answered something that is not JSON.", _OTHER_MODEL
        ) from error


def _client(server: Server) -> "httpx.Client":
    import httpx

    return httpx.Client(
        timeout=httpx.Timeout(server.timeout_seconds, connect=CONNECT_SECONDS),
        headers=dict(server.headers),
        verify=server.url.startswith("https"),  # without TLS there is nothing to verify
        follow_redirects=False,
        trust_env=False,  # a proxy of the environment must not read what stays on this machine
    )


def _check_status(answer: "httpx.Response", server: Server) -> None:
    if answer.status_code == 404:  # noqa: PLR2004
        raise WriterError(
            "no_model",
            f"The server at {server.place} does not have the model.",
            "Fetch it first, with Ollama: ollama pull and the model's name.",
        )
    if answer.status_code != 200:  # noqa: PLR2004
        raise WriterError(
            "refused",
            f"The model server at {server.place} refused with status {answer.status_code}.",
            "Check the address and the key in the settings.",
        )


def _slow(server: Server) -> WriterError:
    return WriterError(
        "slow",
        f"The model took longer than {server.timeout_seconds:g} seconds.",
        "Allow more time in the settings, or choose a smaller model.",
    )


@contextmanager
def _translated(server: Server) -> Iterator[None]:
    import httpx

    try:
        yield
    except httpx.ConnectTimeout as error:
        raise _unreachable(server) from error
    except httpx.TimeoutException as error:
        raise _slow(server) from error
    except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise _unreachable(server) from error
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise WriterError(
            "broken_off", f"The model server at {server.place} stopped half-way.", "Ask again."
        ) from error


def _unreachable(server: Server) -> WriterError:
    return WriterError(
        "unreachable",
        f"No model server answers at {server.place}.",
        "Start it, with Ollama: ollama serve. Until then rules write.",
    )
