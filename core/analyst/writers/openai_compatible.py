"""Any server that speaks the chat protocol of OpenAI: hosted ones, vLLM, LM Studio, llama.cpp."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from core.analyst.facts import FactSheet
from core.analyst.writers import prompt
from core.analyst.writers.base import Health, Request, Watch
from core.analyst.writers.drafts import sentences_of
from core.analyst.writers.ollama import goes_to, sent_to
from core.analyst.writers.wire import Server, decoded
from core.errors import WriterError

_DATA: Final = "data:"
_DONE: Final = "[DONE]"


@dataclass(frozen=True)
class OpenAICompatible:
    """Writes with a model behind ``/v1/chat/completions``.

    Parameters
    ----------
    server
        Where it listens; its headers carry the key.
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

    name = "openai"

    @property
    def title(self) -> str:
        """What a reader calls it."""
        return f"{self.model} ({self.server.place})"

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
            "temperature": 0.2,
            "max_tokens": self.most_tokens,
        }
        held = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
        try:
            return self._streamed({**body, "response_format": held}, watch)
        except WriterError as error:
            if error.code != "refused":
                raise
        return self._streamed(body, watch)

    def test(self) -> Health:
        """Tell whether the server answers."""
        try:
            self.server.get("/v1/models")
        except WriterError as error:
            return Health(works=False, message=error.message, hint=error.hint)
        return Health(works=True, message=f"{self.server.place} answers.")

    def _streamed(self, body: dict[str, Any], watch: Watch) -> str:
        parts: list[str] = []
        received = 0
        for part in _contents(self.server.lines("/v1/chat/completions", body)):
            if watch.is_cancelled():
                raise WriterError("cancelled", "Writing was stopped.")
            parts.append(part)
            received += len(part)
            watch.progress(received)
        return "".join(parts)


def _contents(lines: Iterator[str]) -> Iterator[str]:
    """Yield the text of each event of a stream, which has to say that it is done."""
    for line in lines:
        if not line.startswith(_DATA):
            continue
        event = line.removeprefix(_DATA).strip()
        if event == _DONE:
            return
        yield _delta(decoded(event))
    raise WriterError("broken_off", "The model server stopped half-way.", "Ask again.")


def _delta(said: Any) -> str:  # noqa: ANN401 - JSON
    try:
        content = said["choices"][0]["delta"].get("content")
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise WriterError(
            "malformed", "The model server's answer is not a chat's.", "Check the address."
        ) from error
    return content if isinstance(content, str) else ""
