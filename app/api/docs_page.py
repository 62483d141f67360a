"""The page that explains the API: written here, with nothing from elsewhere and no script."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color-scheme:light dark}code{font-family:ui-monospace,monospace}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;"
    "padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8884}h2{margin-top:2.5rem}"
    "pre{overflow:auto;font-size:.875rem}summary{cursor:pointer;margin:.75rem 0}"
)


def docs_page(document: Mapping[str, Any]) -> str:
    """Return an OpenAPI document as a page for people; every word of it is escaped."""
    info = document["info"]
    parts = [
        f"<h1>{escape(info['title'])}</h1>",
        f"<p>{escape(info['description'])}</p>",
        '<p>For programs: <a href="openapi.json">openapi.json</a>.</p>',
    ]
    parts.append(_statuses(document))
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            parts += _operation(f"{method.upper()} {path}", operation)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])}</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


def _operation(heading: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield f"<h2><code>{escape(heading)}</code></h2><p>{escape(operation['description'])}</p>"
    if operation.get("parameters"):
        rows = "".join(_parameter(one) for one in operation["parameters"])
        yield f"<table><tr><th>Parameter</th><th>Values</th><th>Meaning</th></tr>{rows}</table>"
    if "requestBody" in operation:
        yield from _body(operation["requestBody"])
    yield from _examples(operation)


def _body(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the parts of what is sent along, and how to send them."""
    yield f"<p>{escape(body.get('description', ''))}</p>"
    for kind, content in body["content"].items():
        rows = "".join(
            f"<tr><td><code>{escape(name)}</code></td>"
            f"<td>{escape(one.get('description', ''))}</td></tr>"
            for name, one in content["schema"]["properties"].items()
        )
        yield f"<table><tr><th>Part of {escape(kind)}</th><th>Meaning</th></tr>{rows}</table>"


def _examples(operation: Mapping[str, Any]) -> Iterator[str]:
    """Yield the examples of answers, folded away."""
    answer = operation["responses"]["200"].get("content", {}).get("application/json", {})
    told = {f"Answer to {name}": one["value"] for name, one in answer.get("examples", {}).items()}
    if "example" in answer:
        told["Example of an answer"] = answer["example"]
    for name, example in told.items():
        shown = escape(json.dumps(example, indent=1, ensure_ascii=False))
        yield f"<details><summary>{escape(name)}</summary><pre>{shown}</pre></details>"


def _statuses(document: Mapping[str, Any]) -> str:
    """Return what every status means, once, whichever endpoint answers with it."""
    meanings = {
        status: said["description"]
        for operations in document["paths"].values()
        for operation in operations.values()
        for status, said in operation["responses"].items()
    }
    rows = "".join(
        f"<tr><td><code>{escape(status)}</code></td><td>{escape(said)}</td></tr>"
        for status, said in sorted(meanings.items())
    )
    return f"<table><tr><th>Status</th><th>Meaning</th></tr>{rows}</table>"


def _parameter(one: Mapping[str, Any]) -> str:
    schema = one["schema"]
    values = [str(value) for value in schema.get("enum", [schema.get("type", "")])]
    default = f"; default {schema['default']}" if schema.get("default") not in (None, "") else ""
    return (
        f"<tr><td><code>{escape(one['name'])}</code></td>"
        f"<td>{escape(', '.join(values) + default)}</td>"
        f"<td>{escape(one.get('description', ''))}</td></tr>"
    )
