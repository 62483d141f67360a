"""What a writer is: it gets facts, gives sentences with slots, and says what it sent where."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from core.analyst.facts import FactSheet


@dataclass(frozen=True)
class Failed:
    """A sentence that was not kept, and why."""

    sentence: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Request:
    """What a writer is asked.

    Parameters
    ----------
    sheet
        The facts it may state.
    again
        Sentences of its first answer that failed, to be written anew; empty the first time.
    """

    sheet: FactSheet
    again: tuple[Failed, ...] = ()


def _ignore(_characters: int) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Watch:
    """How somebody follows a writer that takes its time, and stops it.

    Parameters
    ----------
    progress
        Called with the number of characters received so far.
    is_cancelled
        Asked before each part of an answer.
    """

    progress: Callable[[int], None] = field(default=_ignore)
    is_cancelled: Callable[[], bool] = field(default=_never)


@dataclass(frozen=True)
class Health:
    """What a test of a writer found."""

    works: bool
    message: str
    hint: str = ""


class Writer(Protocol):
    """Turns facts into sentences; what it types outside slots is checked by somebody else."""

    name: str
    """Name in settings and on the command line."""

    @property
    def title(self) -> str:
        """What a reader calls it: "rules", "mistral (Ollama)"."""

    @property
    def is_ours(self) -> bool:
        """Whether its words are the product's own, so that nothing of them left the process."""

    def sent(self, sheet: FactSheet) -> str:
        """Say what of the facts goes where."""

    def describe_sending(self) -> str:
        """Say where facts go and whether with their values, before there are any."""

    def write(self, request: Request, watch: Watch) -> tuple[str, ...]:
        """Return sentences with slots.

        Raises
        ------
        WriterError
            If it cannot be reached or does not answer as it should.
        """

    def test(self) -> Health:
        """Tell whether it would answer now."""
