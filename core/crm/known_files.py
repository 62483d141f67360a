"""A file that was admitted and recognised, before its records are read."""

import hashlib
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Final

from core.crm.containers import contents
from core.crm.conventions import Forced
from core.crm.gate import Text, admit
from core.crm.layout import Layout, find_layout, guess_layout, sample
from core.crm.mapping import Mapping
from core.crm.matching import FileColumn
from core.crm.options import ImportOptions
from core.crm.receipts import Receipt, SourceFile, Status
from core.crm.recipe import Recipe
from core.crm.recipe_files import known_recipes
from core.crm.recognition import recognise
from core.crm.records import UNDECODABLE
from core.crm.remembered import Remembered, key_of
from core.errors import ImportRefusedError

_SAMPLED_RECORDS: Final = 50
_READER_VERSION: Final = 1  # raised when the same bytes would be read differently


@dataclass(frozen=True)
class KnownFile:
    """A file that was recognised, not yet read.

    Parameters
    ----------
    place
        Its place among the files given.
    file
        Name and bytes.
    text
        The bytes as text.
    layout
        Where its table starts.
    recipe
        What it is.
    rank
        Place of the recipe among all.
    sample
        Its first records.
    forced
        What a person decided about it.
    memo
        What is remembered about files with its headers.
    """

    place: int
    file: SourceFile
    text: Text
    layout: Layout
    recipe: Recipe
    rank: int
    sample: list[list[str]]
    forced: Forced
    memo: Remembered | None = None

    def order(self) -> tuple[bool, int, int]:
        """Return the sort key: deals first, because they settle the workspace's currency."""
        return self.recipe.table.name != "deals", self.rank, self.place

    def memo_in_words(self) -> tuple[str, ...]:
        """Return the warning that an earlier import decided how the file is read, if one did."""
        if self.memo is None:
            return ()
        return (f"Read as remembered from the import of {self.memo.imported_on:%Y-%m-%d}.",)

    def identity(self, currency: str | None) -> tuple[str, str]:
        """Return the id of its import, and its hash: the same bytes read the same way."""
        reading = (_READER_VERSION, self.recipe, currency, self.forced)
        identity = hashlib.sha256(f"{self.file.digest}\n{reading!r}".encode()).hexdigest()
        return identity, self.file.digest


def known_file(
    place: int,
    file: SourceFile,
    given: ImportOptions,
    memory: AnyMapping[str, Remembered] | None = None,
) -> KnownFile:
    """Return what a file is, under the options for all files.

    ``memory`` is what was said about files with the same headers before, by `key_of`.

    Raises
    ------
    ImportRefusedError
        If it is no text, or no recipe knows it.
    """
    kept = memory or {}
    own = _own_recipes(given.for_file(file).mapping)
    recalled = [recipe for one in kept.values() for recipe in _own_recipes(one.mapping)]
    known = (*own, *recalled, *known_recipes())
    headers = frozenset(header for recipe in known for header in recipe.headers())
    text = _text(file, given.max_bytes)
    layout = find_layout(file.name, text, headers)
    memo = kept.get(key_of(layout.header))
    options = given.for_file(file, memo.mapping if memo else None)
    own = _own_recipes(options.mapping)
    recipes = (*own, *known_recipes())
    if own and not own[0].lacking(layout.names):
        recipes = own  # what a person says goes before what we know
    first = sample(text, layout)
    recipe = recognise(file.name, layout, first, recipes)
    forced, rank = options.forced_for(recipe), recipes.index(recipe)
    if options.mapping:
        recipe = options.mapping.values.applied(recipe)
    return KnownFile(place, file, text, layout, recipe, rank, first, forced, memo)


def _own_recipes(mapping: Mapping | None) -> tuple[Recipe, ...]:
    return (mapping.recipe,) if mapping and mapping.recipe else ()


def _text(file: SourceFile, max_bytes: int) -> Text:
    """Return the text of a file; an archive that is still closed says why it stays so."""
    contents(file, max_bytes)
    return admit(file, max_bytes)


def columns_of(file: SourceFile, max_bytes: int) -> tuple[FileColumn, ...]:
    """Return the columns of a file that no recipe knows, for a person to say what they are.

    Raises
    ------
    ImportRefusedError
        If it is no text, or too large.
    """
    text = _text(file, max_bytes)
    layout = guess_layout(file.name, text)
    records = sample(text, layout, _SAMPLED_RECORDS)
    texts = [[UNDECODABLE.sub("\ufffd", field) for field in record] for record in records]
    return tuple(
        FileColumn(header, tuple(r[place] for r in texts if len(r) > place and r[place].strip()))
        for place, header in enumerate(layout.header)
        if header.strip() and not UNDECODABLE.search(header)
    )


def refused(refusal: ImportRefusedError) -> Receipt:
    """Return the account of a file that was refused as a whole."""
    error = f"{refusal.code}: {refusal}"
    return Receipt(refusal.file, "", "", Status.REFUSED, 0, 0, 0, error=error)
