"""What an import answers: for each file what was read, stored, rejected and why."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final

SHEET_DELIMITER: Final = "\x1f"
"""Stands between the cells of a worksheet: a control character that no cell holds."""


class Status(StrEnum):
    """How a file fared."""

    ACCEPTED = "accepted"
    PARTIAL = "partial"
    REFUSED = "refused"


@dataclass(frozen=True)
class Origin:
    """Where a file was before it lay in memory: in an archive, or as a sheet of a workbook.

    Parameters
    ----------
    container
        Name of the archive or workbook; empty for a file of its own.
    is_sheet
        Whether its bytes are the cells of a worksheet, written out by us.
    notices
        What a person should know about how it was taken out.
    shifts
        For cells of several lines: from which physical line on how many lines more were written
        than the sheet has rows.
    """

    container: str = ""
    is_sheet: bool = False
    notices: tuple[str, ...] = ()
    shifts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class SourceFile:
    """One file to import: its bytes, its name for display only, and where it was taken from."""

    name: str
    data: bytes
    origin: Origin = Origin()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes: two files with the same one are the same file."""
        return hashlib.sha256(self.data).hexdigest()


class Step(StrEnum):
    """What an import is doing."""

    READING = "reading"
    CHECKING = "checking"
    STORING = "storing"
    FINISHING = "finishing"


@dataclass(frozen=True)
class Progress:
    """How far an import is.

    Parameters
    ----------
    file
        The file it is at.
    step
        What it does with it.
    rows
        Data records of the file read so far.
    files_done
        Files that are stored.
    files
        Files to store.
    """

    file: str
    step: Step
    rows: int
    files_done: int
    files: int


@dataclass(frozen=True)
class Reject:
    """One rejected data record, with what to do about it.

    ``row`` counts data records from 1, ``line`` physical lines of the file from 1.
    """

    row: int
    line: int
    column: str
    value: str
    reason: str
    suggestion: str


@dataclass(frozen=True)
class Cause:
    """Rejected records of one file that have the same reason in the same column.

    Parameters
    ----------
    count
        How many there are.
    example
        The first of them.
    """

    count: int
    example: Reject


@dataclass(frozen=True)
class Sum:
    """The amounts of one file in one currency: in the file = loaded + rejected + repeated.

    Parameters
    ----------
    currency
        ISO 4217 code.
    in_file
        Sum of every amount that can be read.
    loaded
        Sum of what is in the workspace, asked of the workspace itself.
    rejected
        Sum of the amounts of rejected records that can be read.
    repeated
        Sum of further lines of records that stand on several lines; they count once.
    unreadable
        Rejected records whose amount cannot be read, so that no sum has it.
    """

    currency: str
    in_file: Decimal
    loaded: Decimal
    rejected: Decimal
    repeated: Decimal
    unreadable: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether every amount of the file is accounted for."""
        return self.in_file == self.loaded + self.rejected + self.repeated


@dataclass(frozen=True)
class Receipt:
    """The account of one file: rows in = loaded + rejected, unless it was refused whole.

    Parameters
    ----------
    file
        Name of the file.
    table
        Canonical table the file feeds first; empty when it was not recognised.
    source
        Recipe that recognised the file, such as ``salesforce_api/opportunity``.
    status
        Accepted, partial or refused.
    rows_in
        Data records read.
    loaded
        Records now stored, also when they were stored already by an earlier import.
    rejected
        Records not stored.
    warnings
        Doubts that did not stop a record.
    error
        Why the file was refused; empty otherwise.
    rejects
        Each rejected record.
    unchanged
        Whether the same file was imported before, so that nothing had to be written.
    sums
        Its amounts by currency, where it has any.
    """

    file: str
    table: str
    source: str
    status: Status
    rows_in: int
    loaded: int
    rejected: int
    warnings: tuple[str, ...] = ()
    error: str = ""
    rejects: tuple[Reject, ...] = ()
    unchanged: bool = False
    sums: tuple[Sum, ...] = ()

    @property
    def refusal(self) -> str:
        """Why the whole file was refused, in words alone: programs read the code before them."""
        return self.error.partition(": ")[2] or self.error

    def causes(self) -> tuple[Cause, ...]:
        """Return why records were rejected, the commonest cause first."""
        counts = Counter((reject.reason, reject.column) for reject in self.rejects)
        first: dict[tuple[str, str], Reject] = {}
        for reject in self.rejects:
            first.setdefault((reject.reason, reject.column), reject)
        return tuple(Cause(count, first[cause]) for cause, count in counts.most_common())
