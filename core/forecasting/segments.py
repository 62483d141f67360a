"""Part of a company: the deals of some owners, teams, regions, industries or kinds."""

from dataclasses import dataclass, fields, replace
from typing import Final

import polars as pl

from core.engine import Engine, collect
from core.errors import EmptyWorkspaceError, UnknownNameError
from core.forecasting.histories import Histories

NOBODY: Final = ("",)
"""Owners of a segment that holds no person, where an empty choice would mean everybody."""

NOT_STATED: Final = "(not stated)"
"""What stands for a blank owner, team, region, industry or kind."""

DIMENSIONS: Final = ("owner", "team", "region", "industry", "kind")
"""What a forecast can be split by, so that its parts add up to it."""


@dataclass(frozen=True)
class Segment:
    """Which deals count; each filter left empty lets every deal through.

    Parameters
    ----------
    owner_ids, teams
        Whose deals.
    regions, industries
        Of which accounts.
    kinds
        Of which kinds, such as new business and renewal.
    """

    owner_ids: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether no deal is left out."""
        return not any(getattr(self, field.name) for field in fields(self))

    @property
    def is_of_people(self) -> bool:
        """Whether it is said by people alone, so that their quotas are the quota of it."""
        return not (self.regions or self.industries or self.kinds)


_COLUMNS: Final = {
    "owner_ids": "owner_id",
    "teams": "team",
    "regions": "region",
    "industries": "industry",
    "kinds": "kind",
}


def of_segment(histories: Histories, segment: Segment) -> Histories:
    """Keep the deals of a segment, and what is known about them.

    Raises
    ------
    EmptyWorkspaceError
        If no deal is in the segment.
    """
    if segment.is_everything:
        return histories
    deals = histories.deals
    for field, column in _COLUMNS.items():
        wanted = getattr(segment, field)
        if wanted:
            deals = deals.filter(pl.col(column).is_in(wanted))
    if deals.is_empty():
        raise EmptyWorkspaceError(
            "No deal is in the segment chosen.", "Choose fewer filters, or other values."
        )
    numbers = deals.select("deal").with_row_index("place").with_columns(pl.col("place").cast(int))
    states = histories.states.join(numbers, on="deal", maintain_order="left")
    return replace(
        histories,
        deals=deals.with_columns(deal=pl.Series(numbers["place"])),  # row numbers, as before
        states=states.with_columns(deal="place").drop("place"),
    )


def people(engine: Engine, segment: Segment) -> tuple[str, ...]:
    """Return the owners a segment is about; empty means everybody."""
    if not segment.teams:
        return segment.owner_ids
    owners = collect(engine.table("owners").select("owner_id", "team"))
    named = owners.filter(pl.col("team").is_in(segment.teams))["owner_id"].to_list()
    wanted = [owner for owner in named if not segment.owner_ids or owner in segment.owner_ids]
    return tuple(sorted(wanted)) or NOBODY


def choices(histories: Histories, dimension: str) -> tuple[str, ...]:
    """Return the values of a dimension, those with the most deals first.

    Raises
    ------
    UnknownNameError
        If a forecast cannot be split by it.
    """
    if dimension not in DIMENSIONS:
        raise UnknownNameError.among("dimension", dimension, DIMENSIONS)
    counted = histories.deals.group_by(dimension).agg(deals=pl.len())
    ordered = counted.sort(["deals", dimension], descending=[True, False])
    return tuple(ordered[dimension].to_list())
