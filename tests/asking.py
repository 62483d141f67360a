"""An API of its own for a test, and a client with a key."""

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi.testclient import TestClient

from app.api.application import create_api
from app.api.keys import KeyFile, KeyScope
from app.api.limits import Limits
from app.api.repeats import answers_beside

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PLENTY = Limits(burst=1_000_000)


@dataclass
class Asking:
    """An application, the services behind it, and a client with a key."""

    api: object
    services: object
    keys: KeyFile
    client: TestClient

    def get(self, path, **headers):
        return self.client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})


def asking_of(services, folder, limits=PLENTY, scope=KeyScope.READ):
    """Return an API over services, its keys in a folder, and a client with a key of a scope."""
    keys = KeyFile(folder / "acme.keys.json")
    _, secret = keys.add("Test", NOW, scope)
    kept_answers = answers_beside(folder / "acme.duckdb")
    api = create_api(lambda: services, keys.keys, lambda: kept_answers, limits)
    headers = {"Authorization": f"Bearer {secret}"}
    return Asking(
        api, services, keys, TestClient(api, headers=headers, raise_server_exceptions=False)
    )


def assert_problem(answer, status, name):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert set(told) == {"type", "title", "status", "detail", "hint"}
    assert (told["type"], told["status"]) == (f"urn:plumbline:{name}", status)
    return told
