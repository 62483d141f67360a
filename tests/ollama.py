"""A model server on loopback that speaks the real protocols, and misbehaves as told.

    with model_server(answers=["{f1} closed."]) as server:
        Ollama(Server(server.url)).write(...)

It streams as Ollama does (``/api/chat``, one JSON object a line) and as OpenAI does
(``/v1/chat/completions``, server-sent events), and keeps what it was sent.
"""

import json
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PIECE = 12
"""Characters a message of the stream carries."""


@dataclass
class Behaviour:
    """What the server does.

    Parameters
    ----------
    answers
        Texts it answers with, one a request, the last one again and again.
    models
        Models it has.
    pause_seconds
        Time between two messages.
    dies_after
        Messages after which the connection breaks; None never.
    knows_schemas
        Whether it accepts a format.
    raw
        Bytes it sends in the place of a stream.
    status
        Status of every answer.
    error
        Error it reports in the stream after the first message.
    """

    answers: list[str] = field(default_factory=lambda: ["{f1}."])
    models: tuple[str, ...] = ("mistral:latest",)
    pause_seconds: float = 0.0
    dies_after: int | None = None
    knows_schemas: bool = True
    raw: bytes | None = None
    status: int = 200
    error: str = ""


@dataclass
class ModelServer:
    """A running server: its address, what it does, what it was sent."""

    url: str
    behaviour: Behaviour
    requests: list[dict]

    @property
    def sent(self):
        """Everything that reached the server, as one text."""
        return json.dumps(self.requests, ensure_ascii=False)


@contextmanager
def model_server(**behaviour):
    """Run a server on a free port of loopback."""
    found = ModelServer("", Behaviour(**behaviour), [])

    class Handler(_Handler):
        server_of = found

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server_of: ModelServer
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        behaviour = self.server_of.behaviour
        if self.path == "/api/tags":
            self._json(behaviour.status, {"models": [{"name": name} for name in behaviour.models]})
        elif self.path == "/v1/models":
            self._json(behaviour.status, {"data": [{"id": name} for name in behaviour.models]})
        else:
            self._json(404, {"error": "not found"})

    def do_POST(self):
        behaviour, body = self.server_of.behaviour, self._body()
        self.server_of.requests.append(
            {"path": self.path, "body": body, "headers": str(self.headers)}
        )
        known = {name.partition(":")[0] for name in behaviour.models} | set(behaviour.models)
        held = "format" in body or "response_format" in body
        if body.get("model") not in known:
            self._json(404, {"error": f"model '{body.get('model')}' not found"})
        elif held and not behaviour.knows_schemas:
            self._json(400, {"error": "format is not supported"})
        elif behaviour.status != 200:
            self._json(behaviour.status, {"error": "no"})
        else:
            with suppress(OSError):  # whoever asked has gone
                self._stream(behaviour)

    def _stream(self, behaviour):
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if behaviour.raw is not None:
            self._chunk(behaviour.raw)
            self._chunk(b"")
            return
        answered = len(self.server_of.requests) - 1
        answer = behaviour.answers[min(answered, len(behaviour.answers) - 1)]
        pieces = [answer[at : at + PIECE] for at in range(0, len(answer), PIECE)] or [""]
        for number, piece in enumerate(pieces):
            if number == behaviour.dies_after:
                self.close_connection = True
                self.connection.close()
                return
            if behaviour.error and number:
                self._chunk(json.dumps({"error": behaviour.error}).encode() + b"\n")
                break
            self._chunk(self._message(piece))
            time.sleep(behaviour.pause_seconds)
        else:
            self._chunk(self._last())
        self._chunk(b"")

    def _message(self, piece):
        if self.path.startswith("/v1"):
            event = {"choices": [{"index": 0, "delta": {"content": piece}}]}
            return f"data: {json.dumps(event)}\n\n".encode()
        message = {"role": "assistant", "content": piece}
        line = {"model": "mistral", "created_at": "2026-11-22T08:00:00Z", "message": message}
        return json.dumps({**line, "done": False}).encode() + b"\n"

    def _last(self):
        if self.path.startswith("/v1"):
            return b"data: [DONE]\n\n"
        done = {"message": {"role": "assistant", "content": ""}, "done": True}
        return json.dumps({"model": "mistral", "done_reason": "stop", **done}).encode() + b"\n"

    def _chunk(self, content):
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()

    def _json(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _body(self):
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def log_message(self, *_):
        """Keep quiet."""


def as_json(*sentences):
    """Return sentences as a model held to the schema answers."""
    return json.dumps({"sentences": list(sentences)})
