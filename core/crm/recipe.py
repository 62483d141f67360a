"""Recipes: which columns of a known export fill which canonical columns. Data, not code.

`core.crm.recipe_files` reads them; so are mappings made by a person.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from core import schema


@dataclass(frozen=True)
class When:
    """A condition: one of some columns says yes, or says one of some texts.

    Parameters
    ----------
    headers
        Normalised headers of the columns.
    says
        Texts that fulfil it, compared without case; empty means those that mean yes.
    """

    headers: tuple[str, ...]
    says: tuple[str, ...] = ()


@dataclass(frozen=True)
class ByStage:
    """What a person said the stages of deals mean; it goes before what the recipe says.

    Parameters
    ----------
    stage
        How the stage is read.
    outcomes
        Stages in lower case, and whether they are open, won or lost.
    """

    stage: "Cell"
    outcomes: tuple[tuple[str, str], ...]

    def stages(self, *outcomes: str) -> tuple[str, ...]:
        """Return the stages that mean one of some outcomes."""
        return tuple(stage for stage, outcome in self.outcomes if outcome in outcomes)


@dataclass(frozen=True)
class Cell:
    """How one canonical column is filled from a record.

    Parameters
    ----------
    sources
        Normalised headers; the first that is not blank is taken.
    constant
        A text for every record, instead of sources.
    when
        The cell is blank unless this holds.
    values
        Texts to replace, compared without case.
    otherwise
        What every text not in ``values`` becomes, blanks included; None leaves it as given.
    blank
        What a blank becomes.
    starts_with
        The cell is blank unless the text starts with one of these.
    join
        Headers whose texts together make the text where every source is blank.
    prefix
        Put before the text, to make an id of one kind out of an id of another.
    split
        The text is a list; each element gives a row of its own. Only in further tables.
    required
        A record without it is rejected.
    chosen
        What a person said texts mean, compared without case, after everything else.
    by_stage
        What a person said stages mean, for the outcome and the closing moment of a deal.
    """

    sources: tuple[str, ...] = ()
    constant: str | None = None
    when: When | None = None
    values: tuple[tuple[str, str], ...] = ()
    otherwise: str | None = None
    blank: str | None = None
    starts_with: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    prefix: str = ""
    split: str | None = None
    required: bool = False
    chosen: tuple[tuple[str, str], ...] = ()
    by_stage: ByStage | None = None

    def headers(self) -> tuple[str, ...]:
        """Return every header the cell looks at."""
        if self.join:
            return (*self.sources, *self.join)
        return self.sources if self.when is None else (*self.sources, *self.when.headers)


@dataclass(frozen=True)
class Emission:
    """The rows of one canonical table that a file gives.

    Parameters
    ----------
    table
        The canonical table.
    cells
        Its columns and how they are filled.
    only_new
        Rows never change a row that is already there: names mentioned in passing.
    filled
        Columns without which a record gives no row of this table.
    each
        Pattern of headers: every column whose header matches gives a row, the groups of the
        pattern fill the columns of their names, and the text of the column fills ``each_into``.
    each_into
        The column that takes the text.
    """

    table: schema.Table
    cells: tuple[tuple[str, Cell], ...]
    only_new: bool = False
    filled: tuple[str, ...] = ()
    each: str | None = None
    each_into: str = ""


@dataclass(frozen=True)
class Doubt:
    """A warning counted over records: those whose column is none of some values."""

    header: str
    unless: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class Recipe:
    """One known kind of file.

    Parameters
    ----------
    name
        Stable name, such as ``salesforce_api/opportunity``.
    title
        What a person calls it.
    version
        Raised when the meaning changes, so that the same file is imported anew.
    needs
        What a file of this kind must have: for each column the normalised headers it goes by.
    emissions
        The tables it feeds, the main one first.
    id_prefix
        Header and beginning of its values that tell kinds with equal headers apart.
    salesforce_ids
        Whether ids of 15 characters are completed to 18.
    deleted
        Header of a yes/no column that marks deleted records.
    without
        Normalised headers that a file of this kind does not have.
    only
        The records that are used, where a file has others too.
    attributes
        Whether columns no field takes are kept with the deal or company.
    repeats
        Whether a record may stand on several lines that differ only in what it is linked to.
    footers
        Beginnings of lines below the table, left out with a notice.
    ignores
        Headers that are known and of no use.
    doubts
        Warnings of this kind of file.
    stages
        Stages in the order of the pipeline and what they mean, where a person said so.
    """

    name: str
    title: str
    version: int
    needs: tuple[tuple[str, ...], ...]
    emissions: tuple[Emission, ...]
    id_prefix: tuple[str, str] | None = None
    salesforce_ids: bool = False
    deleted: str | None = None
    without: frozenset[str] = frozenset()
    only: When | None = None
    attributes: bool = False
    repeats: bool = False
    footers: tuple[str, ...] = ()
    ignores: frozenset[str] = frozenset()
    doubts: tuple[Doubt, ...] = field(default=())
    stages: tuple[tuple[str, str], ...] = ()

    @property
    def table(self) -> schema.Table:
        """The main table."""
        return self.emissions[0].table

    def headers(self) -> frozenset[str]:
        """Return every header the recipe knows."""
        cells = [cell for emission in self.emissions for _, cell in emission.cells]
        named = {header for cell in cells for header in cell.headers()}
        extra = {self.deleted} if self.deleted else set()
        extra.update(self.only.headers if self.only else ())
        needed = {header for headers in self.needs for header in headers}
        return frozenset(named | extra | self.ignores | needed)

    def fits(self, names: Iterable[str]) -> bool:
        """Tell whether a file with some headers may be of this kind."""
        there = set(names)
        pattern = self.emissions[0].each  # the main table is made of the columns that match it
        return (
            not self.lacking(there)
            and self.without.isdisjoint(there)
            and (pattern is None or any(re.fullmatch(pattern, name) for name in there))
        )

    def lacking(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the needed columns that are not among some headers, by their first name."""
        there = set(names)
        return tuple(headers[0] for headers in self.needs if there.isdisjoint(headers))
