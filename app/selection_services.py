"""What may be asked of a part of the deals."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.engine import DEFAULT_URL, open_engine
from core.selection import LEFT_OUT, Condition, Field, fields, selected
from core.workspace import SELECTED, Workspace


@dataclass(frozen=True)
class SelectionServices:
    """What deals can be chosen by, and the chosen ones as data of their own."""

    workspace: Workspace
    engine_url: str = DEFAULT_URL

    def fields(self) -> tuple[Field, ...]:
        """Return the fields and extra columns deals can be chosen by."""
        return fields(open_engine(self.workspace, self.engine_url))

    def selected(self, conditions: Sequence[Condition]) -> Workspace:
        """Return the deals that fulfil every condition, in memory; close it when done."""
        return selected(self.workspace, conditions)

    def in_words(self) -> str:
        """Return which deals these are and what that leaves out; blank for all of them."""
        said = self.workspace.meta(SELECTED)
        return f"{said} {LEFT_OUT}" if said else ""
