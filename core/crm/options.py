"""What a person may decide about an import."""

from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from dataclasses import asdict, dataclass, field, replace
from functools import reduce

from core.crm.conventions import Forced
from core.crm.currencies import code
from core.crm.mapping import Mapping, mapping_from
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

    def for_file(self, file: SourceFile, recalled: Mapping | None = None) -> "ImportOptions":
        """Return the options under which one file is read.

        What is said about this file goes before what is said about all, and that before what
        is ``recalled`` from an earlier import.
        """
        chosen = self.by_file.get(file.digest, FileChoices())
        said = [mapping for mapping in (chosen.mapping, self.mapping, recalled) if mapping]
        mapping = reduce(Mapping.over, said) if said else None
        forced = chosen.forced.over(self.forced)
        if mapping:
            mapping = replace(mapping, forced=chosen.forced.over(mapping.forced))
        return replace(self, mapping=mapping, forced=forced)

    def forced_for(self, recipe: Recipe) -> Forced:
        """Return what was decided for files of a recipe."""
        mapping = self.mapping
        is_meant = mapping is not None and mapping.recipe in {None, recipe}
        return mapping.forced.over(self.forced) if mapping and is_meant else self.forced

    def said_about(self, file: SourceFile) -> Mapping | None:
        """Return everything a person said about one file, to be remembered."""
        chosen = self.by_file.get(file.digest, FileChoices())
        said = [mapping for mapping in (chosen.mapping, self.mapping) if mapping]
        read = {key: value for key, value in asdict(chosen.forced).items() if value}
        if read:
            said.insert(0, mapping_from({"read": read}))
        return reduce(Mapping.over, said) if said else None
