"""What a person may decide about an import."""

from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field, replace

from core.crm.conventions import Forced
from core.crm.currencies import code
from core.crm.mapping import Mapping
from core.crm.receipts import Progress, SourceFile
from core.crm.recipe import Recipe
from core.errors import InvalidParameterError


@dataclass(frozen=True)
class FileChoices:
    """What a person decided about one file; it goes before what is said about all files.

    Parameters
    ----------
    mapping
        A description of its columns.
    forced
        Its decimal mark and date order.
    """

    mapping: Mapping | None = None
    forced: Forced = field(default_factory=Forced)


@dataclass(frozen=True)
class ImportOptions:
    """How to read files, where the files do not say it themselves.

    Parameters
    ----------
    mapping
        A description of the columns of files that no recipe knows; see docs/importing.md.
    currency
        Currency assumed where a record names none; by default the workspace's, then the one most
        records of the files name.
    forced
        Decimal mark and date order decided by a person.
    by_file
        What was decided about single files, by `SourceFile.digest`.
    max_bytes
        Largest file that is read.
    on_progress
        Is told how far the import is, several times a second.
    is_cancelled
        Is asked as often; once it says yes the import stops and nothing is stored.
    """

    mapping: Mapping | None = None
    currency: str | None = None
    forced: Forced = field(default_factory=Forced)
    by_file: AnyMapping[str, FileChoices] = field(default_factory=dict)
    max_bytes: int = 200_000_000
    on_progress: Callable[[Progress], None] | None = None
    is_cancelled: Callable[[], bool] | None = None

    def __post_init__(self) -> None:
        if self.currency is not None and code(self.currency) != self.currency:
            raise InvalidParameterError(
                f"'{self.currency}' is no currency.", "Use a code of ISO 4217, such as EUR."
            )

    def for_file(self, file: SourceFile) -> "ImportOptions":
        """Return the options under which one file is read."""
        chosen = self.by_file.get(file.digest)
        if chosen is None:
            return self
        mapping = chosen.mapping or self.mapping
        if mapping:
            mapping = replace(mapping, forced=chosen.forced.over(mapping.forced))
        return replace(self, mapping=mapping, forced=chosen.forced.over(self.forced))

    def forced_for(self, recipe: Recipe) -> Forced:
        """Return what was decided for files of a recipe."""
        is_mapped = self.mapping is not None and recipe is self.mapping.recipe
        return self.mapping.forced if self.mapping and is_mapped else self.forced
