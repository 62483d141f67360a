"""What the ways in may ask about imports: when, what changed, the way back."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core import snapshots
from core.changes import Changes, changes
from core.errors import EmptyWorkspaceError
from core.snapshots import Snapshot
from core.undo import redo, undo
from core.workspace import Workspace


@dataclass(frozen=True)
class HistoryServices:
    """The imports of one workspace, the latest first, and the data as each left them."""

    workspace: Workspace

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Return every import that is kept; undone ones are marked."""
        return snapshots.snapshots(self.workspace)

    def changes(self, number: int | None = None) -> Changes:
        """Return what an import changed, the latest by default."""
        return changes(self.workspace, number)

    def undo(self, number: int | None = None) -> tuple[Snapshot, ...]:
        """Take back the latest import, or all back to and including the given one."""
        return undo(self.workspace, number)

    def redo(self) -> Snapshot:
        """Do the import again that was undone last."""
        return redo(self.workspace)

    def number_on(self, day: date) -> int:
        """Return the last import made until the end of a day, UTC.

        Raises
        ------
        EmptyWorkspaceError
            If nothing was imported until then.
        """
        number = snapshots.number_on(self.workspace, day)
        if number is None:
            raise EmptyWorkspaceError(
                f"Nothing was imported until {day}.", "Choose a later day, or an import."
            )
        return number

    def as_of(self, number: int, path: Path | None = None) -> Workspace:
        """Return a copy of the data as an import left them, in memory or as a new file."""
        return snapshots.as_of(self.workspace, number, path)
