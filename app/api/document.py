"""The OpenAPI document: what FastAPI says of the endpoints, with the errors there really are."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.problems import MEDIA_TYPE, Problem

EXAMPLES: Final = Path(__file__).with_name("examples.json")
"""What every endpoint answers about a small company; docs/api_examples.py writes it."""

_ERRORS: Final = {
    "401": "There is no key, or it is not a valid one.",
    "404": "A name that does not exist; the hint lists those that do.",
    "409": "The data cannot answer this, or the work was stopped.",
    "422": "A parameter outside its allowed values.",
    "429": "The key asked too often; Retry-After says when to ask again.",
    "503": "The workspace cannot be used now, or there is too much work; Retry-After may say when.",
}
_ERRORS_OF_CHANGES: Final = {"403": "The key may only read."}
_ERRORS_OF_UPLOADS: Final = {
    "413": "The request is larger than an upload may be.",
    "415": "The files do not travel as multipart/form-data.",
}
_STARTED: Final = "With Prefer: respond-async: the job that does it. Location says where to ask."
_TAG: Final = {"ETag": {"description": "Name of this answer.", "schema": {"type": "string"}}}
_STARTED_HEADERS: Final = {
    "Location": {"description": "Address of the job.", "schema": {"type": "string"}}
}
_NOT_MODIFIED: Final = "The answer is the one named in If-None-Match."


def document(api: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return a function that gives the document, worked out once."""

    def described() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = _described(api)
        return api.openapi_schema

    return described


def _described(api: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title=api.title, version=api.version, description=api.description, routes=api.routes
    )
    schemas = found["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = Problem.model_json_schema()
    examples = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            _describe(method, operation)
            _exemplify(operation, examples[f"{method.upper()} {path}"])
    return found


def _describe(method: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    responses["200"]["description"] = "The answer."
    if "security" not in operation:
        return
    errors = dict(_ERRORS)
    if method != "get":
        errors |= _ERRORS_OF_CHANGES
    elif "jobs" not in operation["tags"]:
        responses["200"]["headers"] = _TAG
        responses["304"] = {"description": _NOT_MODIFIED, "headers": _TAG}
    if "requestBody" in operation:
        errors |= _ERRORS_OF_UPLOADS
    if "202" in responses:
        responses["202"] |= {"description": _STARTED, "headers": _STARTED_HEADERS}
    reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for status, said in errors.items():
        responses[status] = {"description": said, "content": {MEDIA_TYPE: reference}}


def _exemplify(operation: dict[str, Any], example: Mapping[str, Any]) -> None:
    """Show what is asked of an endpoint, and what it answers."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in example["parameters"]:
            parameter["example"] = example["parameters"][parameter["name"]]
    if "body" in example:
        for content in operation["requestBody"]["content"].values():
            content["example"] = example["body"]
    told = operation["responses"]["200"]["content"].get("application/json")
    if told is None:
        return
    if "answers" in example:
        told["examples"] = {
            name: {"summary": name, "value": answer} for name, answer in example["answers"].items()
        }
    else:
        told["example"] = example["answer"]
