"""Write the examples of the API's document: what it answers about a small company.

    python docs/api_examples.py

A test asks again and compares, so that no example tells of an answer that is not given any more.
"""

# ruff: noqa: INP001 - a script, not a package
import csv
import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.api.keys import KeyScope  # noqa: E402
from tests.asking import Asking, asking_of  # noqa: E402
from tests.fakes import small_services  # noqa: E402
from tests.workbooks import archive, sheet, workbook  # noqa: E402

FILE: Final = ROOT / "app" / "api" / "examples.json"

ASKED: Final[dict[str, dict[str, Any]]] = {
    "GET /workspaces": {},
    "GET /metrics": {},
    "GET /quality": {},
    "GET /overview": {"period": "qtd"},
    "GET /figures": {"period": "all", "page": "pipeline"},
    "GET /attribution": {"model": "linear", "from": "2026-07-01", "to": "2026-11-20"},
    "GET /journeys": {"steps": 2, "side": "last", "where": ["region=DACH"]},
    "GET /journeys/flows": {"steps": 2},
    "GET /accounts": {"search": "kest"},
    "GET /accounts/{account_id}": {"account_id": "a2"},
    "GET /forecast": {"period": "quarter", "horizon": 1},
    "GET /deals": {"limit": 20},
    "GET /deals/{deal_id}": {"deal_id": "d6"},
    "GET /explanations/{topic}": {"topic": "overview", "period": "all"},
    "GET /report.pdf": {"audience": "marketing", "period": "all"},
    "GET /health": {},
    "POST /imports": {"dry_run": "true"},
    "POST /imports/undo": {"number": 1},
    "POST /imports/redo": {},
    "GET /imports": {"limit": 20},
    "GET /jobs": {},
    "GET /jobs/{job_id}": {"job_id": "5d3f0c6a9be1427788aa01ff"},
    "GET /jobs/{job_id}/result": {"job_id": "5d3f0c6a9be1427788aa01ff"},
    "DELETE /jobs/{job_id}": {"job_id": "5d3f0c6a9be1427788aa01ff"},
}
"""What is asked of every endpoint, in the order they are asked."""

DEALS: Final = """deal_id,name,stage,amount,currency,created_at,closed_at,is_won
D7,Alder rollout,Closed won,1200.00,EUR,2026-06-01,2026-09-15,true
D8,Birch pilot,Closed lost,12x,EUR,2026-06-15,2026-09-20,false
"""
TOUCHES: Final = (
    ("touch_id", "deal_id", "contact", "channel", "occurred_at"),
    ("T7", "D7", "c1", "Webinar", "2026-07-02"),
)
_BOOK: Final = workbook(
    {"Touches": sheet(TOUCHES), "Deals": sheet([*csv.reader(DEALS.splitlines())])}
)
SENT: Final = {
    "a CSV file": ("deals.csv", DEALS.encode()),
    "a workbook of two sheets": ("crm.xlsx", _BOOK),
    "a ZIP archive": ("exports.zip", archive({"deals.csv": DEALS, "book.xlsx": _BOOK})),
}
"""What is imported in the examples, by name."""
SHOWN: Final = 2
"""Entries of a list that are shown."""

_PASSING: Final[dict[str, str]] = {
    "id": "5d3f0c6a9be1427788aa01ff",
    "result_url": "/api/jobs/5d3f0c6a9be1427788aa01ff/result",
    "asked_at": "2026-11-23T09:00:00Z",
    "ended_at": "2026-11-23T09:00:01Z",
    "imported_at": "2026-11-23T09:00:00Z",
}
"""What is another each time, and what stands for it."""


def examples() -> dict[str, dict[str, Any]]:
    """Return parameters and answer of every endpoint, as the small company gives them."""
    services = small_services()
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        asking = asking_of(services, Path(folder), scope=KeyScope.WRITE)
        for endpoint, parameters in ASKED.items():
            if endpoint == "POST /imports/undo":
                _import(asking, {})
            found[endpoint] = {
                "parameters": parameters,
                "answer": _answer(asking, endpoint, parameters),
            }
    services.close()
    imported = found["POST /imports"]
    imported["body"] = {"files": [DEALS]}
    imported["answers"] = imported.pop("answer")
    return found


def _answer(asking: Asking, endpoint: str, parameters: dict[str, Any]) -> object:
    method, _, path = endpoint.partition(" ")
    if endpoint == "GET /report.pdf":
        return None
    if endpoint == "POST /imports":
        return {name: _shortened(_import(asking, parameters, *file)) for name, file in SENT.items()}
    query = dict(parameters)
    for name in [name for name in parameters if f"{{{name}}}" in path]:
        value = str(query.pop(name))
        latest = asking.api.state.jobs.listed()[0].job_id if name == "job_id" else value
        path = path.replace(f"{{{name}}}", latest)
    answer = asking.client.request(method, path, params=query)
    answer.raise_for_status()
    return _shortened(answer.json())


def _import(
    asking: Asking,
    parameters: dict[str, Any],
    name: str = "deals.csv",
    data: bytes = DEALS.encode(),
) -> object:
    files = [("files", (name, data))]
    return asking.client.post("/imports", params=parameters, files=files).json()


def _shortened(told: object) -> object:
    """Return an answer with the first entries of its lists, and nothing that passes."""
    if isinstance(told, list):
        return [_shortened(one) for one in told[:SHOWN]]
    if isinstance(told, dict):
        return {
            name: _PASSING[name] if name in _PASSING and value else _shortened(value)
            for name, value in told.items()
        }
    return round(told, 6) if isinstance(told, float) else told


if __name__ == "__main__":
    FILE.write_text(json.dumps(examples(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{FILE.relative_to(ROOT)}\n")
