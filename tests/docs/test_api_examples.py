"""The examples of the API's document are what it answers."""

import importlib.util
import json
from pathlib import Path

import pytest

from app.api.application import create_api

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def script():
    """Return the script that writes the examples."""
    spec = importlib.util.spec_from_file_location("examples", ROOT / "docs" / "api_examples.py")
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def test_every_example_is_an_answer_that_is_given_today(script):
    kept = json.loads(script.FILE.read_text(encoding="utf-8"))

    assert kept == json.loads(json.dumps(script.examples())), "run python docs/api_examples.py"


def test_every_endpoint_has_an_example_of_its_parameters_and_its_answer(script):
    api = create_api(lambda: None, lambda: (), lambda: ROOT)
    for path, operations in api.openapi()["paths"].items():
        for method, operation in operations.items():
            asked = script.ASKED[f"{method.upper()} {path}"]
            named = {one["name"]: one for one in operation.get("parameters", ())}
            assert {name: named[name]["example"] for name in asked} == asked
            content = operation["responses"]["200"]["content"]
            told = content.get("application/json", {})
            assert "application/pdf" in content or told.get("example") or told["examples"]
            if "requestBody" in operation:
                assert operation["requestBody"]["content"]["multipart/form-data"]["example"]
