"""One query out of the layered expressions of many cells."""

from collections.abc import Iterable, Mapping
from typing import Any

import duckdb

from core.crm.binding import BoundCell
from core.crm.cells import Layers

STAGED = "staged"
"""Name under which the text of a file is registered."""


def nested(
    cells: Iterable[BoundCell],
    ladders: Iterable[Layers],
    extra: str = "",
    source: str = STAGED,
) -> str:
    """Return a query over the staged text with every alias of the ladders.

    Its columns are those of the staged text, ``x<number>`` with the text of each cell, and the
    aliases. ``extra`` adds expressions over the staged text, ``source`` may
    restrict its rows.
    """
    texts = "".join(f", {cell.text()} AS x{cell.number}" for cell in cells)
    query = f"SELECT *{texts}{extra} FROM {source}"  # noqa: S608
    rungs = list(ladders)
    for depth in range(max((len(ladder) for ladder in rungs), default=0)):
        added = [pair for ladder in rungs if depth < len(ladder) for pair in ladder[depth]]
        columns = ", ".join(f"{expression} AS {alias}" for alias, expression in added)
        query = f"SELECT *, {columns} FROM ({query})"  # noqa: S608
    return query


def scalar(
    cursor: duckdb.DuckDBPyConnection, query: str, parameters: Mapping[str, object] | None = None
) -> Any:  # noqa: ANN401
    """Return the only value of a query.

    All rows are fetched: an unfinished result makes the cursor's next query fail.
    """
    return cursor.execute(query, dict(parameters or {})).fetchall()[0][0]
