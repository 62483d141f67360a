"""A recipe bound to one file: which canonical column reads which column of this file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from core import schema
from core.crm.cells import YES, listed, literal, masked_email, says_one_of, trimmed
from core.crm.headers import tidied
from core.crm.layout import Layout
from core.crm.recipe import Cell, Emission, Recipe
from core.schema import Kind


@dataclass(frozen=True)
class BoundCell:
    """One canonical column of one emission, with the places of the columns it reads."""

    number: int
    emission: int
    column: schema.Column
    cell: Cell
    places: tuple[int, ...]
    when: tuple[int, ...]
    required: bool
    padded: frozenset[int]
    joined: tuple[int, ...] = ()
    is_from_header: bool = False
    stage: "BoundCell | None" = None  # the stage by which a person decided

    @property
    def is_id(self) -> bool:
        """Whether it names a record rather than describing one."""
        return self.column.name.endswith("_id") or self.column.name == "merged_into"

    def text(self) -> str:
        """Return the expression for its text, NULL when blank; ``x<number>`` in the query."""
        text = self._given()
        if self.cell.blank is not None:
            text = f"coalesce({text}, {literal(self.cell.blank)})"
        text = self._replaced(text)
        if self.cell.prefix:
            text = f"{literal(self.cell.prefix)} || {text}"
        text = self._decided(text, self._under_condition(text))
        if not self.cell.chosen:
            return text
        return f"CASE lower(trim({text})) {_cases(self.cell.chosen)} ELSE {text} END"

    def _under_condition(self, text: str) -> str:
        if self.cell.when is None:
            return text
        says = self.cell.when.says or YES
        holds = " OR ".join(says_one_of(f"c{place}", says) for place in self.when)
        return f"CASE WHEN {holds} THEN {text} END"

    def _decided(self, always: str, usual: str) -> str:
        """Return the outcome or closing moment of a deal, its stage going before anything else.

        ``always`` is its text whatever the record says, ``usual`` its text otherwise.
        """
        rule, stage = self.cell.by_stage, self.stage
        if rule is None or stage is None:
            return usual
        is_moment = self.column.kind is Kind.INSTANT
        if_won, if_lost = (always, always) if is_moment else ("'true'", "'false'")
        says = f"lower(trim({stage.text()}))"
        return (
            f"CASE WHEN {says} IN {listed(rule.stages('won'))} THEN {if_won}"
            f" WHEN {says} IN {listed(rule.stages('lost'))} THEN {if_lost}"
            f" WHEN {says} IN {listed(rule.stages('open'))} THEN NULL ELSE {usual} END"
        )

    def _given(self) -> str:
        if self.is_from_header and self.column.kind is Kind.CURRENCY:  # three letters, no more
            return literal((self.cell.constant or "").upper())
        if self.is_from_header:
            return f"$constant{self.number}"
        if self.cell.constant is not None:
            return literal(self.cell.constant)
        as_given = self.column.kind is Kind.TEXT and not self.is_id
        plain = [as_given or place not in self.padded for place in self.places]
        texts = [
            f"nullif(c{place}, '')" if is_plain else trimmed(f"c{place}")
            for place, is_plain in zip(self.places, plain, strict=True)
        ]
        options = [self._starting(text) for text in texts]
        if self.joined:
            parts = ", ".join(trimmed(f"c{place}") for place in self.joined)
            options.append(f"nullif(concat_ws(' | ', {parts}), '')")
        return options[0] if len(options) == 1 else f"coalesce({', '.join(options)})"

    def _starting(self, text: str) -> str:
        if not self.cell.starts_with:
            return text
        fits = " OR ".join(f"starts_with({text}, {literal(s)})" for s in self.cell.starts_with)
        return f"CASE WHEN {fits} THEN {text} END"

    def _replaced(self, text: str) -> str:
        if not self.cell.values:
            return text
        cases = _cases(self.cell.values)
        rest = text if self.cell.otherwise is None else literal(self.cell.otherwise)
        return f"nullif(CASE lower(trim({text})) {cases} ELSE {rest} END, '')"


def _cases(pairs: tuple[tuple[str, str], ...]) -> str:
    return " ".join(f"WHEN {literal(old)} THEN {literal(new)}" for old, new in pairs)


@dataclass(frozen=True)
class Binding:
    """A recipe and one file's header.

    Parameters
    ----------
    recipe
        What the file is.
    layout
        Its header.
    cells
        Every canonical column that is filled.
    emissions
        Number and content of the recipe's emissions that this file can feed.
    attributes
        Places of the columns kept with the deal.
    unused
        Headers, as written, that nothing reads.
    """

    recipe: Recipe
    layout: Layout
    cells: tuple[BoundCell, ...]
    emissions: tuple[tuple[int, Emission], ...]
    attributes: tuple[int, ...]
    unused: tuple[str, ...]

    def of(self, emission: int) -> Iterator[BoundCell]:
        """Yield the cells of one emission."""
        return (cell for cell in self.cells if cell.emission == emission)

    def of_kind(self, *kinds: Kind) -> Iterator[BoundCell]:
        """Yield the cells of some kinds."""
        return (cell for cell in self.cells if cell.column.kind in kinds)

    @property
    def main_amount(self) -> BoundCell | None:
        """The amount of the records, in their own currency; None where the file has none."""
        amounts = (cell for cell in self.of_kind(Kind.AMOUNT) if cell.emission == 0)
        return next((cell for cell in amounts if cell.column.currency == "currency"), None)

    def place(self, header: str) -> int | None:
        """Return where a normalised header stands, or None."""
        names = self.layout.names
        return names.index(header) if header in names else None

    def header(self, cell: BoundCell) -> str:
        """Return the header, as written, that a cell reads first."""
        return self.layout.header[cell.places[0]] if cell.places else cell.column.name

    def attribute_names(self) -> dict[str, str]:
        """Return bound parameters with the names of the attributes."""
        return {f"attribute{p}": self.layout.header[p] for p in self.attributes}

    def header_constants(self) -> dict[str, str]:
        """Return bound parameters with the texts that come out of headers."""
        return {
            f"constant{cell.number}": cell.cell.constant or ""
            for cell in self.cells
            if cell.is_from_header and cell.column.kind is not Kind.CURRENCY
        }

    def attribute_sql(self) -> str:
        """Return the expression for the deal's attributes as JSON, blanks left out."""
        pairs = ", ".join(
            f"$attribute{p}, {masked_email(trimmed(f'c{p}'))}" for p in self.attributes
        )
        return f"json_merge_patch('{{}}', json_object({pairs}))" if pairs else "NULL"


def bind(recipe: Recipe, layout: Layout, padded: frozenset[int]) -> Binding:
    """Bind a recipe to a file, leaving out columns and emissions the file has nothing for.

    ``padded`` are the places of the columns whose texts have to be trimmed.
    """
    names = layout.names
    cells: list[BoundCell] = []
    kept: list[tuple[int, Emission]] = []
    for index, emission in enumerate(_spread(recipe, layout)):
        found = [
            _bound((len(cells) + i, index), emission, (name, cell), (names, padded))
            for i, (name, cell) in enumerate(_present(emission, names))
        ]
        filled = {cell.column.name for cell in found}
        if index == 0 or len(filled) == len(emission.cells) or _is_complete(emission, filled):
            kept.append((index, emission))
            cells.extend(found)
    known = recipe.headers() | {source for c in cells for source in c.cell.sources}
    extra = tuple(i for i, name in enumerate(names) if name not in known and name)
    return Binding(
        recipe,
        layout,
        tuple(cells),
        tuple(kept),
        attributes=extra if recipe.attributes else (),
        unused=() if recipe.attributes else tuple(layout.header[i] for i in extra),
    )


def _spread(recipe: Recipe, layout: Layout) -> Iterator[Emission]:
    """Yield the emissions, one for each matching header where a pattern of headers is given."""
    for emission in recipe.emissions:
        if emission.each is None:
            yield emission
            continue
        for written, name in zip(layout.header, layout.names, strict=True):
            match = re.fullmatch(emission.each, name)
            if match:
                whole = re.fullmatch(emission.each, tidied(written), re.IGNORECASE)
                groups = (whole or match).groupdict()
                own = {key: Cell(constant=text) for key, text in groups.items()}
                own[emission.each_into] = Cell(sources=(name,))
                filled = (*emission.filled, emission.each_into)
                yield replace(emission, cells=(*emission.cells, *own.items()), filled=filled)


def _present(emission: Emission, names: tuple[str, ...]) -> list[tuple[str, Cell]]:
    return [
        (name, cell)
        for name, cell in emission.cells
        if (cell.constant is not None or {*cell.sources, *cell.join} & set(names))
        and (cell.when is None or set(cell.when.headers) & set(names))
    ]


def _is_complete(emission: Emission, filled: set[str]) -> bool:
    """Say whether a further table gets what its rows need."""
    if emission.only_new:
        return False
    needed = {column.name for column in emission.table.columns if column.required}
    return needed | set(emission.table.key) <= filled


def _bound(
    numbers: tuple[int, int],
    emission: Emission,
    named: tuple[str, Cell],
    file: tuple[tuple[str, ...], frozenset[int]],
) -> BoundCell:
    (number, index), (name, cell), (names, padded) = numbers, named, file
    column = emission.table.column(name)
    places = tuple(names.index(source) for source in cell.sources if source in names)
    asked = cell.when.headers if cell.when else ()
    when = tuple(names.index(header) for header in asked if header in names)
    is_key = name in emission.table.key
    required = index == 0 and (column.required or cell.required or is_key)
    from_header = emission.each is not None and cell.constant is not None
    joined = tuple(names.index(header) for header in cell.join if header in names)
    decider = ("stage", cell.by_stage.stage) if cell.by_stage else None
    stage = _bound(numbers, emission, decider, file) if decider else None
    return BoundCell(
        number, index, column, cell, places, when, required, padded, joined, from_header, stage
    )
