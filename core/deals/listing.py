"""What of the open deals is listed: which of them, what narrows them, columns and order."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

import polars as pl

from core.deals.risk import SIGNALS
from core.deals.scoring import Band
from core.deals.views import DealView, Moved


class Until(StrEnum):
    """Where the period of the chances ends."""

    THIS_QUARTER = "this_quarter"
    NEXT_QUARTER = "next_quarter"
    NINETY_DAYS = "90_days"


class Column(StrEnum):
    """Columns of the table of deals that can be shown and sorted by; their order is the table's."""

    AMOUNT = "amount_minor"
    CHANCE = "chance"
    MOVED = "moved"
    MOVER = "mover"
    CHANGE = "change"
    WON = "p_win"
    OPEN = "p_slip"
    LOST = "p_lose"
    EXPECTED = "expected_minor"
    BAND = "band"
    SIGNALS = "signals"
    ACCOUNT = "account"
    STAGE = "stage"
    STAGE_DAYS = "stage_days"
    AGE = "age_days"
    DUE = "due_on"
    OWNER = "owner"

    @property
    def label(self) -> str:
        """Name on screen, where the period needs no saying."""
        return _TITLES[self]


_TITLES: Final = {
    Column.AMOUNT: "Amount",
    Column.CHANCE: "Win chance",
    Column.MOVED: "Change",
    Column.MOVER: "Moved by",
    Column.CHANGE: "30 days",
    Column.WON: "Won in the period",
    Column.OPEN: "Still open",
    Column.LOST: "Lost",
    Column.EXPECTED: "Expected",
    Column.BAND: "Risk",
    Column.SIGNALS: "Signals",
    Column.ACCOUNT: "Company",
    Column.STAGE: "Stage",
    Column.STAGE_DAYS: "Days in stage",
    Column.AGE: "Age in days",
    Column.DUE: "Expected close",
    Column.OWNER: "Owner",
}

USUAL: Final = tuple(
    column
    for column in Column
    if column not in {Column.EXPECTED, Column.ACCOUNT, Column.STAGE_DAYS, Column.AGE}
)
"""Columns of a table nobody changed."""


@dataclass(frozen=True)
class Listing:
    """What of the open deals is listed, and how.

    Parameters
    ----------
    show
        Which of them.
    until
        Where the period ends.
    owner_ids, bands, signals, moved
        What narrows the list; nothing where empty.
    columns
        Columns in the table's order; the usual ones where empty.
    sort
        By which column.
    ascending
        Whether the lowest comes first.
    """

    show: DealView = DealView.ALL
    until: Until = Until.THIS_QUARTER
    owner_ids: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    moved: tuple[Moved, ...] = ()
    columns: tuple[Column, ...] = ()
    sort: Column = Column.EXPECTED
    ascending: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return a listing from its content; what has no meaning any more is left out."""
        bands = tuple(str(band) for band in Band)
        codes = tuple(signal.code for signal in SIGNALS)
        shown, until, sort = (kept.get(name) for name in ("show", "until", "sort"))
        return cls(
            show=DealView(shown) if shown in list(DealView) else DealView.ALL,
            until=Until(until) if until in list(Until) else Until.THIS_QUARTER,
            owner_ids=tuple(one for one in _listed(kept, "owner_ids") if isinstance(one, str)),
            bands=tuple(one for one in _listed(kept, "bands") if one in bands),
            signals=tuple(one for one in _listed(kept, "signals") if one in codes),
            moved=tuple(Moved(one) for one in _listed(kept, "moved") if one in list(Moved)),
            columns=tuple(Column(one) for one in _listed(kept, "columns") if one in list(Column)),
            sort=Column(sort) if sort in list(Column) else Column.EXPECTED,
            ascending=kept.get("ascending") is True,
        )

    @property
    def content(self) -> dict[str, Any]:
        """What is kept of it."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in vars(self).items()
        }


def _listed(kept: Mapping[str, Any], name: str) -> list[Any]:
    found = kept.get(name)
    return found if isinstance(found, list) else []


def in_order(rows: pl.DataFrame, listing: Listing) -> pl.DataFrame:
    """Return rows of the scores' frame as a listing sorts them, what is not known last.

    Parameters
    ----------
    rows
        Scored deals.
    listing
        How to sort: bands by risk, signals by how many there are, names whatever their case.
    """
    by = _SORTED.get(listing.sort, pl.col(listing.sort))
    return rows.sort(by, "deal_id", descending=[not listing.ascending, False], nulls_last=True)


_RISKS: Final = {str(Band.LOW): 0, str(Band.MEDIUM): 1, str(Band.HIGH): 2}
_SORTED: Final = {
    Column.BAND: pl.col("band").replace_strict(_RISKS, default=None, return_dtype=pl.Int64),
    Column.SIGNALS: pl.col("signals").list.len(),
    **{
        name: pl.col(name).str.to_lowercase()
        for name in (Column.MOVER, Column.ACCOUNT, Column.STAGE, Column.OWNER)
    },
}
