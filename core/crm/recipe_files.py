"""Recipes read from their files.

A recipe file is TOML; docs/importing.md describes its vocabulary. A mapping made by a person is
read by the same code, so whatever a recipe can say a mapping can say too.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from core import schema
from core.crm.headers import normalised
from core.crm.languages import Language, in_language, languages_from, values_in_languages
from core.crm.recipe import Cell, Doubt, Emission, Recipe, When
from core.errors import InvalidParameterError

RECIPE_FILES: Final = (
    "template.toml",
    "salesforce_api.toml",
    "hubspot.toml",
    "others.toml",
    "warehouse.toml",
)


@lru_cache(maxsize=1)
def known_recipes() -> tuple[Recipe, ...]:
    """Return all recipes that ship with the product, in the order in which they are applied."""
    folder = resources.files("core.crm") / "recipes"
    found: list[Recipe] = []
    for file_name in RECIPE_FILES:
        content = tomllib.loads((folder / file_name).read_text(encoding="utf-8"))
        spoken: tuple[Language, ...] = ()
        if "languages" in content:
            labels = (folder / content["languages"]).read_text(encoding="utf-8")
            spoken = languages_from(tomllib.loads(labels))
            content = values_in_languages(content, spoken)
        entries = content["recipe"]
        found.extend(parse_recipe(entry, content) for entry in entries)
        labelled = [entry for entry in entries if not entry.get("internal_names")]
        found.extend(
            parse_recipe(in_language(entry, language), content)
            for language in spoken
            for entry in labelled
        )
    return tuple(found)


def parse_recipe(entry: Mapping[str, Any], shared: Mapping[str, Any]) -> Recipe:
    """Build a recipe from its TOML table; ``shared`` holds the file's value lists.

    Raises
    ------
    InvalidParameterError
        If it names a column or a key that does not exist.
    """
    prefix = entry.get("id_prefix")
    return Recipe(
        name=entry["name"],
        title=entry["title"],
        version=entry.get("version", 1),
        needs=tuple(map(_headers, entry["needs"])),
        emissions=tuple(_emission(emits, shared) for emits in entry["emits"]),
        id_prefix=(normalised(prefix["from"]), prefix["starts_with"]) if prefix else None,
        salesforce_ids=entry.get("salesforce_ids", False),
        deleted=normalised(entry["deleted"]) if "deleted" in entry else None,
        without=frozenset(_headers(entry.get("without", []))),
        only=_when(entry["only"]) if "only" in entry else None,
        attributes=schema.IMPORTED[entry["emits"][0]["table"]].has_attributes(),
        repeats=entry.get("repeats", False),
        footers=tuple(entry.get("footers", ())),
        ignores=frozenset(_headers([*entry.get("ignores", []), *shared.get("ignores", [])])),
        doubts=tuple(_doubt(doubt) for doubt in entry.get("doubts", [])),
    )


def _emission(emits: Mapping[str, Any], shared: Mapping[str, Any]) -> Emission:
    table = schema.IMPORTED[emits["table"]]
    given = emits.get("columns", {})
    if emits.get("canonical"):  # the headers are the canonical names themselves
        own = {c.name: c.name for c in table.columns if c.kind is not schema.Kind.ATTRIBUTES}
        given = {**own, **given}
    cells = tuple(
        (table.column(name).name, cell_from(spec, shared)) for name, spec in given.items()
    )
    each = emits.get("each", {})
    return Emission(
        table,
        cells,
        only_new=emits.get("only_new", False),
        filled=tuple(table.column(name).name for name in emits.get("filled", ())),
        each=each.get("header"),
        each_into=each.get("into", ""),
    )


_CELL_KEYS: Final = frozenset(
    {
        "from", "constant", "when", "values", "otherwise", "blank", "starts_with", "prefix",
        "split", "join", "required",
    }
)  # fmt: skip


def cell_from(spec: str | list[str] | Mapping[str, Any], shared: Mapping[str, Any]) -> Cell:
    """Build a cell from a header, a list of headers, or a table of the vocabulary.

    Raises
    ------
    InvalidParameterError
        If the table has a key the vocabulary does not know.
    """
    if isinstance(spec, str | list):
        return Cell(sources=_headers(spec))
    unknown = set(spec) - _CELL_KEYS
    if unknown:
        raise InvalidParameterError(
            f"A column description does not know {', '.join(sorted(unknown))}.",
            f"Known: {', '.join(sorted(_CELL_KEYS))}.",
        )
    values = spec.get("values", {})
    pairs = shared["values"][values] if isinstance(values, str) else values
    starts = spec.get("starts_with", ())
    return Cell(
        sources=_headers(spec.get("from", [])),
        constant=spec.get("constant"),
        when=_when(spec["when"]) if "when" in spec else None,
        values=tuple((key.strip().lower(), value) for key, value in pairs.items()),
        otherwise=spec.get("otherwise"),
        blank=spec.get("blank"),
        starts_with=(starts,) if isinstance(starts, str) else tuple(starts),
        join=_headers(spec.get("join", [])),
        prefix=spec.get("prefix", ""),
        split=spec.get("split"),
        required=spec.get("required", False),
    )


def _when(spec: str | list[str] | Mapping[str, Any]) -> When:
    if isinstance(spec, str | list):
        return When(_headers(spec))
    return When(_headers(spec["from"]), tuple(text.lower() for text in spec["says"]))


def _doubt(spec: Mapping[str, Any]) -> Doubt:
    unless = tuple(value.lower() for value in spec["unless"])
    return Doubt(normalised(spec["from"]), unless, spec["words"])


def _headers(given: str | Iterable[str]) -> tuple[str, ...]:
    return tuple(map(normalised, [given] if isinstance(given, str) else given))
