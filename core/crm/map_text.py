"""A map.toml written from what a person chose, column by column."""

from collections.abc import Mapping, Sequence
from typing import Final

from core import schema
from core.crm.values import quoted
from core.schema import Kind

_OUTCOMES: Final = (
    ("won", "true"),
    ("closed won", "true"),
    ("closed-won", "true"),
    ("lost", "false"),
    ("closed lost", "false"),
    ("closed-lost", "false"),
    ("open", ""),
)


def map_text(table: schema.Table, headers: Mapping[str, Sequence[str]]) -> str:
    r"""Return the map.toml in which fields of a table are read from headers of a file.

    Of several headers the first that is not blank counts. Words for won and lost are understood
    beside yes and no; any other word is rejected, so that no outcome is guessed.

    >>> print(map_text(schema.TABLES["owners"], {"owner_id": ["Rep #"], "name": ["Rep"]}))
    table = "owners"
    <BLANKLINE>
    [columns]
    owner_id = "Rep #"
    name = "Rep"
    <BLANKLINE>
    """
    lines = [
        f"{name} = {_spec(table.column(name), sources)}"
        for name, sources in headers.items()
        if sources
    ]
    return "\n".join([f"table = {quoted(table.name)}", "", "[columns]", *lines, ""])


def _spec(column: schema.Column, sources: Sequence[str]) -> str:
    texts = [quoted(source) for source in sources]
    given = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    if column.kind is not Kind.BOOLEAN:
        return given
    values = ", ".join(f"{quoted(word)} = {quoted(value)}" for word, value in _OUTCOMES)
    return f"{{ from = {given}, values = {{ {values} }} }}"
