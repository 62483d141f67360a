"""Any server that speaks the chat protocol of OpenAI: hosted ones, vLLM, LM Studio, llama.cpp."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from core.analyst.writers.base import Health
from core.analyst.writers.chat import Body, Chat, Messages, broken_off
from core.analyst.writers.wire import decoded
from core.errors import WriterError

_DATA: Final = "data:"
_DONE: Final = "[DONE]"


@dataclass(frozen=True)
class OpenAICompatible(Chat):
    """Writes with a model behind ``/v1/chat/completions``; see `Chat` for its parameters."""

    name = "openai"
    path = "/v1/chat/completions"

    @property
    def title(self) -> str:
        """What a reader calls it."""
        return f"{self.model} ({self.server.place})"

    def _body(self, messages: Messages) -> Body:
        return {
            "model": self.model,
            "messages": messages,
            "stream": True,
            "temperature": 0.2,
            "max_tokens": self.most_tokens,
        }

    def _held_to(self, schema: dict[str, Any]) -> Body:
        held = {"name": "answer", "schema": schema}
        return {"response_format": {"type": "json_schema", "json_schema": held}}

    def _contents(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            if not line.startswith(_DATA):
                continue
            event = line.removeprefix(_DATA).strip()
            if event == _DONE:
                return
            yield _delta(decoded(event))
        raise broken_off()

    def _healthy(self) -> Health:
        self.server.get("/v1/models")
        return Health(works=True, message=f"{self.server.place} answers.")


def _delta(said: Any) -> str:  # noqa: ANN401 - JSON
    try:
        content = said["choices"][0]["delta"].get("content")
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise WriterError(
            "malformed", "The model server's answer is not a chat's.", "Check the address."
        ) from error
    return content if isinstance(content, str) else ""
