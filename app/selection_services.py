"""What may be asked of a part of the deals."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.engine import DEFAULT_URL, open_engine
from core.selection import Condition, Field, fields, selected
from core.workspace import Workspace


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
