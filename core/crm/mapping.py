"""A person's own description of files: map.toml."""

import tomllib
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from typing import Any, Final

from core import schema
from core.crm.conventions import Forced
from core.crm.recipe import Recipe
from core.crm.recipe_files import cell_from, parse_recipe
from core.crm.values import Values, parse_values
from core.errors import InvalidParameterError, UnknownNameError

SOURCE: Final = "map"
_KEYS: Final = ("table", "columns", "read", "values")
_READ: Final = {
    "decimal_mark": (".", ","),
    "date_order": ("day_first", "month_first"),
}


@dataclass(frozen=True)
class Mapping:
    """What a person said about files.

    Parameters
    ----------
    recipe
        Which columns of a file fill which canonical columns; None when only values are described.
    forced
        How its numbers and dates are written.
    values
        What single values of it mean.
    content
        The description itself, as it was parsed.
    """

    recipe: Recipe | None
    forced: Forced = field(default_factory=Forced)
    values: Values = field(default_factory=Values)
    content: AnyMapping[str, Any] = field(default_factory=dict, hash=False, compare=False)

    def over(self, other: "Mapping") -> "Mapping":
        """Return what is said here and, where nothing is said here, what is said there."""
        whole = {**other.content, **self.content}
        for part in ("read", "values"):
            if part in whole:
                whole[part] = {**other.content.get(part, {}), **self.content.get(part, {})}
        return mapping_from(whole)


def parse_mapping(text: str) -> Mapping:
    """Build a mapping from the text of a map.toml.

    It names one table and, for each canonical column, a column of the file or a description in
    the vocabulary of recipes; docs/importing.md has the whole of it. For files that are known it
    may also say only how numbers and dates are written, and what values mean.

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
    >>> mapping.recipe and mapping.recipe.needs, mapping.forced.date_order
    ((('opp #',), ('opened',)), 'day_first')
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidParameterError(
            f"The mapping is not valid TOML: {error}.", "docs/importing.md shows one."
        ) from error
    return mapping_from(content)


def mapping_from(content: AnyMapping[str, Any]) -> Mapping:
    """Build a mapping from what a map.toml says once it is parsed; see `parse_mapping`."""
    _check_parts(content)
    forced = _forced(content.get("read", {}))
    values = parse_values(content.get("values", {}))
    recipe = _recipe(content["table"], content["columns"]) if "columns" in content else None
    return Mapping(recipe, forced, values, content)


def _recipe(table: str, columns: AnyMapping[str, Any]) -> Recipe:
    if table not in schema.TABLES:
        raise UnknownNameError.among("table", table, schema.TABLES)
    entry = {
        "name": SOURCE,
        "title": "your mapping",
        "needs": _needs(columns),
        "emits": [{"table": table, "columns": columns}],
    }
    _check_required(schema.TABLES[table], columns)
    return parse_recipe(entry, {})


def _check_parts(content: AnyMapping[str, Any]) -> None:
    unknown = [key for key in content if key not in _KEYS]
    is_whole = "table" in content or "columns" in content or not content
    missing = [key for key in _KEYS[:2] if key not in content and is_whole]
    if unknown or missing:
        what = f"does not know '{unknown[0]}'" if unknown else f"lacks '{missing[0]}'"
        raise InvalidParameterError(f"A mapping {what}.", f"Its parts are {', '.join(_KEYS)}.")


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
