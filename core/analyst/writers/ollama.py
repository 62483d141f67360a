"""Ollama: a model on this machine, or on one the operator names."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from core.analyst.writers.base import Health
from core.analyst.writers.chat import Body, Chat, Messages, broken_off
from core.analyst.writers.wire import Server, decoded
from core.errors import WriterError

DEFAULT_URL: Final = "http://127.0.0.1:11434"
DEFAULT_MODEL: Final = "mistral"


@dataclass(frozen=True)
class Ollama(Chat):
    """Writes with a model that an Ollama server runs; see `Chat` for its parameters."""

    server: Server = Server(DEFAULT_URL)  # noqa: RUF009 - frozen
    model: str = DEFAULT_MODEL
    with_values: bool = True

    name = "ollama"
    path = "/api/chat"

    @property
    def title(self) -> str:
        """What a reader calls it."""
        return f"{self.model} (Ollama)"

    def _body(self, messages: Messages) -> Body:
        return {
            "model": self.model,
            "messages": messages,
            "stream": True,
            "options": {"temperature": 0.2, "seed": 7, "num_predict": self.most_tokens},
        }

    def _held_to(self, schema: dict[str, Any]) -> Body:
        return {"format": schema}

    def _contents(self, lines: Iterator[str]) -> Iterator[str]:
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
        raise broken_off()

    def _healthy(self) -> Health:
        names = list(_model_names(self.server.get("/api/tags")))
        if not any(name in {self.model, f"{self.model}:latest"} for name in names):
            return Health(
                works=False,
                message=f"The server at {self.server.place} answers, but has no such model.",
                hint=f"Fetch it with: ollama pull {self.model}",
            )
        return Health(works=True, message=f"{self.model} is ready at {self.server.place}.")


def _model_names(listed: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    models = listed.get("models") if isinstance(listed, dict) else None
    for model in models if isinstance(models, list) else []:
        name = model.get("name") if isinstance(model, dict) else None
        if isinstance(name, str):
            yield name
