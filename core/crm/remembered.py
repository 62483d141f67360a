"""What a person said about files with some headers, kept in the workspace for the next one."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import duckdb

from core.crm.headers import normalised
from core.crm.mapping import Mapping, mapping_from
from core.errors import PlumblineError
from core.workspace import Workspace, set_meta

_PREFIX: Final = "mapping "


@dataclass(frozen=True)
class Remembered:
    """A mapping and the import it comes from.

    Parameters
    ----------
    key
        Stands for the headers, see `key_of`.
    mapping
        What was said.
    imported_on
        Day of the import.
    file
        Name of the file that was imported.
    """

    key: str
    mapping: Mapping
    imported_on: date
    file: str


def key_of(headers: Sequence[str]) -> str:
    """Return what stands for a set of headers, whatever their order and spelling.

    >>> key_of(["Opp #", "Value"]) == key_of(["value ", "opp #"])
    True
    """
    names = sorted(name for name in map(normalised, headers) if name)
    return hashlib.sha256("\n".join(names).encode("utf-8", "replace")).hexdigest()[:24]


def remembered(workspace: Workspace) -> dict[str, Remembered]:
    """Return what the workspace remembers, by key; what no longer has a meaning is left out."""
    rows = workspace.query(
        "SELECT key, value FROM meta WHERE starts_with(key, $prefix)", prefix=_PREFIX
    )
    found = {}
    for name, value in rows.iter_rows():
        key, kept = name.removeprefix(_PREFIX), json.loads(value)
        try:
            mapping = mapping_from(kept["mapping"])
        except PlumblineError:  # a version of ours that knew other tables or columns
            continue
        found[key] = Remembered(key, mapping, date.fromisoformat(kept["on"]), kept["file"])
    return found


def remember(
    cursor: duckdb.DuckDBPyConnection,
    headers: Sequence[str],
    said: Mapping,
    file: str,
    now: datetime,
) -> None:
    """Keep what a person said about files with these headers, inside the import's transaction."""
    kept = {"mapping": said.content, "on": now.date().isoformat(), "file": file}
    set_meta(cursor, _PREFIX + key_of(headers), json.dumps(kept, ensure_ascii=False))


def forget(workspace: Workspace, key: str) -> None:
    """Let go of what was said about files with some headers; imports stay as they are."""
    with workspace.transaction() as cursor:
        cursor.execute("DELETE FROM meta WHERE key = $key", {"key": _PREFIX + key})
