"""The writers by name, and how each is made from the settings of an installation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from core.analyst.writers.base import Writer
from core.analyst.writers.ollama import DEFAULT_MODEL, DEFAULT_URL, Ollama
from core.analyst.writers.openai_compatible import OpenAICompatible
from core.analyst.writers.rules.writer import Rules
from core.analyst.writers.wire import Server
from core.errors import UnknownNameError, WriterError


@dataclass(frozen=True)
class WriterSettings:
    """Which writer, and what it needs; hashable, so that it can be part of a cache key.

    Parameters
    ----------
    name
        Name of the writer.
    ollama_url, ollama_model
        Where Ollama listens and which model it runs.
    openai_url, openai_model, openai_key
        The same for a server with the chat protocol of OpenAI; the key is never shown.
    timeout_seconds, most_tokens
        Limits of one answer.
    sends_values
        Whether figures go to the model; None means only to one on this machine.
    """

    name: str = Rules.name
    ollama_url: str = DEFAULT_URL
    ollama_model: str = DEFAULT_MODEL
    openai_url: str = ""
    openai_model: str = ""
    openai_key: str = field(default="", repr=False)
    timeout_seconds: float = 60.0
    most_tokens: int = 600
    sends_values: bool | None = None


def _rules(_settings: WriterSettings) -> Writer:
    return Rules()


def _ollama(settings: WriterSettings) -> Writer:
    server = Server(_with_scheme(settings.ollama_url), settings.timeout_seconds)
    return Ollama(server, settings.ollama_model, settings.most_tokens, _values(settings, server))


def _openai(settings: WriterSettings) -> Writer:
    if not settings.openai_url or not settings.openai_model:
        raise WriterError(
            "not_set",
            "No server with the chat protocol of OpenAI is set.",
            "Set PLUMBLINE_OPENAI_URL and PLUMBLINE_OPENAI_MODEL, or choose another writer.",
        )
    key = settings.openai_key
    server = Server(
        _with_scheme(settings.openai_url).removesuffix("/v1"),
        settings.timeout_seconds,
        (("Authorization", f"Bearer {key}"),) if key else (),
    )
    return OpenAICompatible(
        server, settings.openai_model, settings.most_tokens, _values(settings, server)
    )


WRITERS: Final[dict[str, Callable[[WriterSettings], Writer]]] = {
    Rules.name: _rules,
    Ollama.name: _ollama,
    OpenAICompatible.name: _openai,
}
"""By name, how a writer is made."""


def writer(settings: WriterSettings) -> Writer:
    """Return the writer of some settings.

    Raises
    ------
    UnknownNameError
        If there is no such writer.
    WriterError
        If something it needs is not set.
    InvalidParameterError
        If its address is none.
    """
    if settings.name not in WRITERS:
        raise UnknownNameError.among("writer", settings.name, WRITERS)
    return WRITERS[settings.name](settings)


def _with_scheme(url: str) -> str:
    return url if "://" in url else f"http://{url}"


def _values(settings: WriterSettings, server: Server) -> bool:
    return server.is_here if settings.sends_values is None else settings.sends_values
