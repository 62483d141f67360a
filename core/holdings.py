"""What a workspace holds and what is still missing, for whoever has imported a part of a CRM."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core import formats
from core.schema import TABLES
from core.workspace import Workspace

_NOUNS: Final = {"spend": ("row of spend", "rows of spend")}
DEALS: Final = "HubSpot's export of deals, Salesforce's Opportunity, or our deals.csv"
TOUCHES: Final = (
    "HubSpot's activities, Salesforce's CampaignMember, Task and Event, or our touchpoints.csv"
)


@dataclass(frozen=True)
class Holdings:
    """How many rows the tables of a workspace hold.

    Parameters
    ----------
    rows
        Number of rows by table; only tables with any.
    """

    rows: dict[str, int]

    @property
    def has_deals(self) -> bool:
        """Whether there is anything to analyse."""
        return "deals" in self.rows

    def in_words(self) -> str:
        """Say what there is; blank for nothing at all.

        >>> Holdings({"contacts": 1, "stage_changes": 1200, "spend": 2}).in_words()
        '1 contact, 1,200 stage changes and 2 rows of spend'
        """
        named = [formats.counted(count, *_noun(table)) for table, count in self.rows.items()]
        return formats.listed(named) if named else ""

    def missing(self) -> Iterator[str]:
        """Yield what cannot be answered yet, and which export would answer it.

        >>> list(Holdings({"deals": 6, "touchpoints": 40}).missing())
        []
        """
        if not self.rows:
            return
        if not self.has_deals:
            yield f"No deals yet, which every page needs: drop in {DEALS}."
        elif "touchpoints" not in self.rows:
            yield (
                "No touches yet. Overview, pipeline, forecast and deals work without; attribution "
                f"and journeys need them: drop in {TOUCHES}."
            )


def holdings(workspace: Workspace) -> Holdings:
    """Count what a workspace holds."""
    counts = {table: workspace.count(table) for table in TABLES}
    return Holdings({table: count for table, count in counts.items() if count})


def _noun(table: str) -> tuple[str, ...]:
    return _NOUNS.get(table) or (table.replace("_", " ").removesuffix("s"),)
