"""How the command line writes imports and what they changed."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.output import aligned
from core import formats
from core.changes import Changes
from core.money import exponent, to_major
from core.snapshots import Snapshot

_HEAD = ["import", "imported (UTC)", "files", "rows in", "loaded", "rejected", "state"]


def snapshots_text(found: Sequence[Snapshot]) -> str:
    """Write the imports as a table, the latest first."""
    if not found:
        return "nothing imported yet"
    rows = [
        [
            str(one.number),
            f"{one.made_at:%Y-%m-%d %H:%M}",
            ", ".join(one.files),
            f"{one.rows_in}",
            f"{one.loaded}",
            f"{one.rejected}",
            "undone" if one.is_undone else "kept",
        ]
        for one in found
    ]
    return aligned([_HEAD, *rows])


def snapshots_json(found: Sequence[Snapshot]) -> str:
    """Write the imports as a JSON list."""
    return json.dumps([_snapshot(one) for one in found], ensure_ascii=False, indent=2)


def exchanged_text(what: str, found: Sequence[Snapshot], state: str) -> str:
    """Say which imports were undone, or done again, and the state the data are in now."""
    lines = [f"import {one.number} {what}: {', '.join(one.files)}" for one in found]
    return "\n".join([*lines, f"state of the data: {state}"])


def changes_text(found: Changes) -> str:
    """Write what an import changed, for people."""
    since = f"since import {found.compared_with}" if found.compared_with else "the first import"
    lines = [f"import {found.snapshot.number}, {since}"]
    lines += [
        f"  {table.table}: {table.added} added, {table.changed} changed"
        + (f", {table.missing} no longer in the export" if table.missing else "")
        for table in found.tables
    ]
    lines += [
        f"  {formats.counted(move.deals, 'deal')} {move.move}: {_amounts(move.amounts)}"
        for move in found.moves
    ]
    return "\n".join(lines)


def changes_json(found: Changes) -> str:
    """Write what an import changed as one JSON object."""
    fields = {
        "import": _snapshot(found.snapshot),
        "compared_with": found.compared_with,
        "tables": [asdict(table) for table in found.tables],
        "moves": [
            {
                "move": move.move.value,
                "deals": move.deals,
                "amounts": {code: _major(minor, code) for code, minor in move.amounts},
            }
            for move in found.moves
        ],
        "deals": found.deals.to_dicts(),
    }
    return json.dumps(fields, ensure_ascii=False, indent=2, default=str)


def _snapshot(one: Snapshot) -> dict[str, Any]:
    return {
        "import": one.number,
        "imported_at": one.made_at.isoformat(),
        "files": list(one.files),
        "rows_in": one.rows_in,
        "loaded": one.loaded,
        "rejected": one.rejected,
        "undone": one.is_undone,
    }


def _amounts(amounts: Sequence[tuple[str, int]]) -> str:
    written = [formats.money(minor, code) for code, minor in amounts]
    return formats.listed(written) if written else "no amount"


def _major(minor: int, code: str) -> str:
    return f"{to_major(minor, code):.{exponent(code)}f}"
