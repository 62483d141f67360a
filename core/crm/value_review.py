"""The distinct values of a staged file whose meaning is not known, with what they probably mean."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import duckdb

from core.crm import value_words
from core.crm.binding import Binding, BoundCell
from core.crm.currencies import code
from core.crm.layers import nested
from core.schema import Kind

LISTED_AT_MOST: Final = 200
"""More different values than that are no list a person goes through."""

_SAID: Final = "you said so"


@dataclass(frozen=True)
class ValueUse:
    """One distinct value of a file, and what it is taken for.

    Parameters
    ----------
    kind
        ``stage``, ``channel``, ``owner`` or ``currency``.
    value
        As it stands in the file.
    count
        Records that have it.
    suggestion
        What it probably means; empty where nothing speaks for a meaning.
    why
        What that rests on.
    is_open
        Whether a person should decide: it is unknown, ambiguous, or probably means something else
        than it says.
    is_decided
        Whether a person has decided.
    """

    kind: str
    value: str
    count: int
    suggestion: str
    why: str
    is_open: bool = False
    is_decided: bool = False


def value_uses(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> tuple[ValueUse, ...]:
    """Return the values of each kind a person may have to decide about, the commonest first.

    Stages come in where nothing but their name tells the outcome of a deal; the other kinds
    wherever the file has them.
    """
    found = [
        *_stages(cursor, binding),
        *_channels(cursor, binding),
        *_owners(cursor, binding),
        *_currencies(cursor, binding),
    ]
    asked = {use.kind for use in found if use.is_open or use.is_decided}
    return tuple(use for use in found if use.kind in asked)


def _stages(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> Iterator[ValueUse]:
    cells = {cell.column.name: cell for cell in binding.of(0)}
    stage, won = cells.get("stage"), cells.get("is_won")
    if binding.recipe.table.name != "deals" or stage is None:
        return
    if won is not None and set(won.places) != set(stage.places):
        return  # a column of its own tells the outcome
    known = dict(won.cell.values) if won else {}
    said = dict(stage.cell.by_stage.outcomes) if stage.cell.by_stage else {}
    if won and won.cell.by_stage:
        said = dict(won.cell.by_stage.outcomes)
    meanings = {"true": "won", "false": "lost", "": "open"}
    for value, count in _distinct(cursor, [stage]):
        low = value.strip().lower()
        if low in said:
            yield ValueUse("stage", value, count, said[low], _SAID, is_decided=True)
        elif low in known:
            yield ValueUse("stage", value, count, meanings.get(known[low], "open"), "a known stage")
        else:
            outcome, why = value_words.stage_outcome(value)
            yield ValueUse("stage", value, count, outcome, why, is_open=True)


def _channels(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> Iterator[ValueUse]:
    cells = [c for c in binding.cells if c.column.name == "channel" and c.cell.constant is None]
    return _texts(cursor, cells, "channel", lambda value, _: value_words.channel_of(value))


def _owners(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> Iterator[ValueUse]:
    cells = [c for c in binding.of(0) if c.column.name == "owner_id"]
    return _texts(cursor, cells, "owner", value_words.same_person)


def _currencies(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> Iterator[ValueUse]:
    cells = list(binding.of_kind(Kind.CURRENCY))
    for value, count in _distinct(cursor, cells):
        said = _said(cells, value)
        if said:
            yield ValueUse("currency", value, count, said, _SAID, is_decided=True)
        elif not code(value):
            currency, why = value_words.currency_of(value)
            yield ValueUse("currency", value, count, currency, why, is_open=True)


def _texts(
    cursor: duckdb.DuckDBPyConnection,
    cells: list[BoundCell],
    kind: str,
    suggest: Callable[[str, list[str]], value_words.Suggestion],
) -> Iterator[ValueUse]:
    """Yield values that may stay as they are; ``suggest`` is told those that are commoner."""
    commoner: list[str] = []
    for value, count in _distinct(cursor, cells):
        said = _said(cells, value)
        if said:
            yield ValueUse(kind, value, count, said, _SAID, is_decided=True)
            continue
        meaning, why = suggest(value, commoner)
        commoner.append(value)
        yield ValueUse(
            kind, value, count, meaning or value, why or "as it stands", is_open=bool(meaning)
        )


def _said(cells: Iterable[BoundCell], value: str) -> str:
    """Return what a person said a value means, or nothing."""
    pairs = {old: new for cell in cells for old, new in cell.cell.chosen}
    return pairs.get(value.strip().lower(), "")


def _distinct(
    cursor: duckdb.DuckDBPyConnection, cells: Iterable[BoundCell]
) -> list[tuple[str, int]]:
    """Return the different texts of some cells with their number, the commonest first.

    They are those of the file, before what a person said they mean.
    """
    taken = [replace(cell, cell=replace(cell.cell, chosen=())) for cell in cells]
    if not taken:
        return []
    texts = ", ".join(f"x{cell.number}" for cell in taken)
    return cursor.execute(
        f"SELECT value, count(*) AS records FROM (SELECT unnest([{texts}]) AS value"  # noqa: S608
        f" FROM ({nested(taken, ())})) WHERE value IS NOT NULL"
        f" GROUP BY ALL ORDER BY records DESC, value LIMIT {LISTED_AT_MOST}"
    ).fetchall()
