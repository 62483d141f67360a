"""Ollama: a model on this machine, or on one the operator names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from core.analyst.facts import FactSheet
from core.analyst.writers import prompt
from core.analyst.writers.base import Health, Request, Watch
from core.analyst.writers.drafts import sentences_of
from core.analyst.writers.wire import Server, decoded
from core.errors import WriterError

DEFAULT_URL: Final = "http://127.0.0.1:11434"
DEFAULT_MODEL: Final = "mistral"


@dataclass(frozen=True)
class Ollama:
    """Writes with a model that an Ollama server runs.

    Parameters
    ----------
    server
        Where it listens.
    model
        Which model.
    most_tokens
        Length of an answer at most, in tokens.
    with_values
        Whether figures go along with the description of a fact.
    """

    server: Server = Server(DEFAULT_URL)  # noqa: RUF009 - frozen
    model: str = DEFAULT_MODEL
    most_tokens: int = 600
    with_values: bool = True

    name = "ollama"

    @property
    def title(self) -> str:
        """What a reader calls it."""
        return f"{self.model} (Ollama)"

    @property
    def is_ours(self) -> bool:
        """Whether its words are the product's own."""
        return False

    def sent(self, sheet: FactSheet) -> str:
        """Say what of the facts goes where."""
        return sent_to(self.server, len(sheet.facts), with_values=self.with_values)

    def describe_sending(self) -> str:
        """Say where facts go and whether with their values."""
        return goes_to(self.server, with_values=self.with_values)

    def write(self, request: Request, watch: Watch) -> tuple[str, ...]:
        """Return the sentences of the model's answer."""
        asked = prompt.messages(request, with_values=self.with_values)
        return sentences_of(self.answer(asked, prompt.ANSWER_SCHEMA, watch))

    def answer(self, messages: list[dict[str, str]], schema: dict[str, Any], watch: Watch) -> str:
        """Return the whole answer to a conversation, held to a schema where the server can."""
        body = {
            "model": self.model,
            "messages": messages,
            "stream": True,
            "format": schema,
            "options": {"temperature": 0.2, "seed": 7, "num_predict": self.most_tokens},
        }
        try:
            return self._streamed(body, watch)
        except WriterError as error:
            if error.code != "refused":
                raise
        # Servers before schemas refuse the format; the answer is checked the same without it.
        return self._streamed({key: body[key] for key in body if key != "format"}, watch)

    def test(self) -> Health:
        """Tell whether the server answers and has the model."""
        try:
            listed = self.server.get("/api/tags")
        except WriterError as error:
            return Health(works=False, message=error.message, hint=error.hint)
        names = list(_model_names(listed))
        if not any(name in {self.model, f"{self.model}:latest"} for name in names):
            return Health(
                works=False,
                message=f"The server at {self.server.place} answers, but has no such model.",
                hint=f"Fetch it with: ollama pull {self.model}",
            )
        return Health(works=True, message=f"{self.model} is ready at {self.server.place}.")

    def _streamed(self, body: dict[str, Any], watch: Watch) -> str:
        parts: list[str] = []
        received = 0
        for part in _contents(self.server.lines("/api/chat", body)):
            if watch.is_cancelled():
                raise WriterError("cancelled", "Writing was stopped.")
            parts.append(part)
            received += len(part)
            watch.progress(received)
        return "".join(parts)


def _contents(lines: Iterator[str]) -> Iterator[str]:
    """Yield the text of each message of a stream, which has to say that it is done."""
    for line in lines:
        said = decoded(line)
        if not isinstance(said, dict):
            raise WriterError("malformed", "The model server's answer is none.", "Ask again.")
        if said.get("error"):
            raise WriterError("broken_off", "The model stopped with an error.", "Ask again.")
        message = said.get("message")
        content = message.get("content") if isinstance(message, dict) else None
        if isinstance(content, str):
            yield content
        if said.get("done"):
            return
    raise WriterError("broken_off", "The model server stopped half-way.", "Ask again.")


def _model_names(listed: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    models = listed.get("models") if isinstance(listed, dict) else None
    for model in models if isinstance(models, list) else []:
        name = model.get("name") if isinstance(model, dict) else None
        if isinstance(name, str):
            yield name


def goes_to(server: Server, *, with_values: bool) -> str:
    """Say where facts go and whether with their values."""
    where = "on this machine" if server.is_here else "outside this machine"
    with_or_without = "with" if with_values else "without"
    return f"Facts go to {server.place}, {where}, {with_or_without} their values."


def sent_to(server: Server, facts: int, *, with_values: bool) -> str:
    """Say what goes to a server: how many facts, with or without values, and where it is."""
    what = f"{facts} facts {'with' if with_values else 'without'} their values"
    where = "on this machine" if server.is_here else "outside this machine"
    return f"Sent to {server.place}, {where}: {what}, no names and no text of the CRM."
