"""What every model behind a chat has in common: what it is sent, its answer held to a schema."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.analyst.facts import FactSheet
from core.analyst.writers import prompt
from core.analyst.writers.base import Health, Request, Watch
from core.analyst.writers.drafts import sentences_of
from core.analyst.writers.wire import Server
from core.errors import WriterError

Messages = list[dict[str, str]]
Body = dict[str, Any]


@dataclass(frozen=True)
class Chat(ABC):
    """Writes with a model behind a chat; a subclass says how its server is spoken to.

    Parameters
    ----------
    server
        Where it listens; its headers carry the key, where it wants one.
    model
        Which model.
    most_tokens
        Length of an answer at most, in tokens.
    with_values
        Whether figures go along with the description of a fact.
    """

    server: Server
    model: str
    most_tokens: int = 600
    with_values: bool = False

    name = ""
    path = ""
    """Where the server takes conversations."""

    @property
    @abstractmethod
    def title(self) -> str:
        """What a reader calls it."""

    @property
    def is_ours(self) -> bool:
        """Whether its words are the product's own."""
        return False

    def sent(self, sheet: FactSheet) -> str:
        """Say what of the facts goes where."""
        what = f"{len(sheet.facts)} facts {self._with_or_without} their values"
        return f"Sent to {self._where}: {what}, no names and no text of the CRM."

    def describe_sending(self) -> str:
        """Say where facts go and whether with their values."""
        return f"Facts go to {self._where}, {self._with_or_without} their values."

    def write(self, request: Request, watch: Watch) -> tuple[str, ...]:
        """Return the sentences of the model's answer."""
        asked = prompt.messages(request, with_values=self.with_values)
        return sentences_of(self.answer(asked, prompt.ANSWER_SCHEMA, watch))

    def answer(self, messages: Messages, schema: dict[str, Any], watch: Watch) -> str:
        """Return the whole answer to a conversation, held to a schema where the server can."""
        body = self._body(messages)
        try:
            return self._streamed({**body, **self._held_to(schema)}, watch)
        except WriterError as error:
            if error.code != "refused":
                raise
        # Servers before schemas refuse them; the answer is checked the same without.
        return self._streamed(body, watch)

    def test(self) -> Health:
        """Tell whether the server answers."""
        try:
            return self._healthy()
        except WriterError as error:
            return Health(works=False, message=error.message, hint=error.hint)

    @abstractmethod
    def _body(self, messages: Messages) -> Body:
        """Return what is sent to have a conversation answered, streamed."""

    @abstractmethod
    def _held_to(self, schema: dict[str, Any]) -> Body:
        """Return what is sent besides to hold the answer to a schema."""

    @abstractmethod
    def _contents(self, lines: Iterator[str]) -> Iterator[str]:
        """Yield the texts of a stream, which has to say that it is done."""

    @abstractmethod
    def _healthy(self) -> Health:
        """Ask the server something small, and say what it means."""

    @property
    def _where(self) -> str:
        here = "on this machine" if self.server.is_here else "outside this machine"
        return f"{self.server.place}, {here}"

    @property
    def _with_or_without(self) -> str:
        return "with" if self.with_values else "without"

    def _streamed(self, body: Body, watch: Watch) -> str:
        parts: list[str] = []
        received = 0
        for part in self._contents(self.server.lines(self.path, body)):
            if watch.is_cancelled():
                raise WriterError("cancelled", "Writing was stopped.")
            parts.append(part)
            received += len(part)
            watch.progress(received)
        return "".join(parts)


def broken_off() -> WriterError:
    """Return the error of a stream that ended before it said so."""
    return WriterError("broken_off", "The model server stopped half-way.", "Ask again.")
