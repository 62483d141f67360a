"""A person's own description of a file that no recipe knows: map.toml."""

import tomllib
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any, Final

from core import schema
from core.crm.conventions import Forced
from core.crm.recipe import Recipe, cell_from, parse_recipe
from core.errors import InvalidParameterError, UnknownNameError

SOURCE: Final = "map"
_KEYS: Final = ("table", "columns", "read")
_READ: Final = {
    "decimal_mark": (".", ","),
    "date_order": ("day_first", "month_first"),
}


@dataclass(frozen=True)
class Mapping:
    """Which columns of a file fill which canonical columns, and how its values are written."""

    recipe: Recipe
    forced: Forced = field(default_factory=Forced)


def parse_mapping(text: str) -> Mapping:
    """Build a mapping from the text of a map.toml.

    It names one table and, for each canonical column, a column of the file or a description in
    the vocabulary of recipes; docs/importing.md has the whole of it.

    Raises
    ------
    InvalidParameterError
        If it is not TOML, lacks a part, or names a key or a value that does not exist.
    UnknownNameError
        If it names a table or a column that does not exist.

    >>> mapping = parse_mapping('''
    ... table = "deals"
    ... [columns]
    ... deal_id = "Opp #"
    ... created_at = "Opened"
    ... amount = { from = ["Value", "Estimate"] }
    ... currency = { constant = "EUR" }
    ... [read]
    ... date_order = "day_first"
    ... ''')
    >>> mapping.recipe.needs, mapping.forced.date_order
    (('opp #', 'opened'), 'day_first')
    """
    content = _content(text)
    table = content["table"]
    if table not in schema.TABLES:
        raise UnknownNameError.among("table", table, schema.TABLES)
    columns = content["columns"]
    entry = {
        "name": SOURCE,
        "title": "your mapping",
        "needs": _needs(columns),
        "emits": [{"table": table, "columns": columns}],
    }
    _check_required(schema.TABLES[table], columns)
    return Mapping(parse_recipe(entry, {}), _forced(content.get("read", {})))


def _content(text: str) -> dict[str, Any]:
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidParameterError(
            f"The mapping is not valid TOML: {error}.", "docs/importing.md shows one."
        ) from error
    unknown = [key for key in content if key not in _KEYS]
    missing = [key for key in _KEYS[:2] if key not in content]
    if unknown or missing:
        what = f"does not know '{unknown[0]}'" if unknown else f"lacks '{missing[0]}'"
        raise InvalidParameterError(f"A mapping {what}.", f"Its parts are {', '.join(_KEYS)}.")
    return content


def _needs(columns: AnyMapping[str, Any]) -> list[str]:
    """Return the headers that must be there: each that a column is read from alone."""
    sources = [cell_from(spec, {}).sources for spec in columns.values()]
    return list(dict.fromkeys(headers[0] for headers in sources if len(headers) == 1))


def _check_required(table: schema.Table, columns: AnyMapping[str, Any]) -> None:
    required = [column.name for column in table.columns if column.required]
    lacking = [name for name in required if name not in columns]
    if lacking:
        raise InvalidParameterError(
            f"The mapping says nothing about {', '.join(lacking)} of {table.name}.",
            "Name the columns of the file that hold them.",
        )


def _forced(read: AnyMapping[str, str]) -> Forced:
    for key, value in read.items():
        if key not in _READ:
            raise UnknownNameError.among("reading option", key, _READ)
        if value not in _READ[key]:
            raise InvalidParameterError(
                f"'{value}' is no {key}.", f"Use one of {', '.join(map(repr, _READ[key]))}."
            )
    return Forced(read.get("decimal_mark"), read.get("date_order"))
