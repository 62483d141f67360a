"""What the data cover: their last day, currencies, owners, sizes.

Filters offer what is there, and "today" is the day the data reach, never the wall clock: a view
reads the same tomorrow.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import narwhals as nw
import polars as pl

from core.engine import Engine, collect, open_engine
from core.errors import EmptyWorkspaceError, InvalidParameterError, UnknownNameError
from core.workspace import SELECTED, Workspace

ASSUMED_CURRENCY: Final = "EUR"
"""What amounts are counted in where no deal names a currency."""

DEMO: Final = "demo"
"""The workspace kind of simulated data, which no customer owns."""


@dataclass(frozen=True)
class Coverage:
    """What a workspace holds.

    Parameters
    ----------
    fingerprint
        Name of the data as they are.
    kind
        ``demo`` or ``own``.
    as_of
        The day the data reach.
    first_day
        Day of the first deal.
    currencies
        Currencies of the deals, the most frequent first, then those the CRM itself converts into;
        any of them can be reported in. Never empty: amounts of data that name none are taken as
        `ASSUMED_CURRENCY`.
    owners
        Id and name of everybody who owns a deal, by name.
    deals
        Number of deals.
    touches
        Number of touches.
    selection
        Which part of the deals it is, as a sentence; empty for all of them.
    """

    fingerprint: str
    kind: str
    as_of: date
    first_day: date
    currencies: tuple[str, ...]
    owners: tuple[tuple[str, str], ...]
    deals: int
    touches: int
    selection: str = ""

    @property
    def is_demo(self) -> bool:
        """Whether the data are simulated."""
        return self.kind == DEMO

    def currency_known(self, asked: str) -> str:
        """Return the currency asked for, or where none is, the one most deals are in.

        In a currency no deal has, every amount would be left out and the answer be nought.

        Raises
        ------
        UnknownNameError
            If the data have no such currency; the hint lists those they have.
        """
        if not asked:
            return self.currencies[0]
        code = asked.strip().upper()
        if code not in self.currencies:
            raise UnknownNameError.among("currency in the data", code, self.currencies)
        return code

    def day_known(self, asked: date | None) -> date | None:
        """Return the day as of which is asked; one the data do not reach would be told as nothing.

        Raises
        ------
        InvalidParameterError
            If the data do not reach that day.
        """
        if asked and asked > self.as_of:
            raise InvalidParameterError(
                f"The data reach {self.as_of}, and {asked} is later.",
                f"Choose a day up to {self.as_of}.",
            )
        return asked

    def require_owners(self, owner_ids: Iterable[str]) -> None:
        """Refuse an owner without a deal: the answer would be of nobody.

        Raises
        ------
        UnknownNameError
            If somebody owns no deal; the hint lists who does.
        """
        known = [owner_id for owner_id, _ in self.owners]
        for owner_id in owner_ids:
            if owner_id not in known:
                raise UnknownNameError.among("owner", owner_id, known)


def coverage(workspace: Workspace) -> Coverage:
    """Return what a workspace covers.

    Raises
    ------
    EmptyWorkspaceError
        If it holds no deal.
    """
    # What is stated beside the data is in no name of theirs.
    stated = (workspace.meta("kind"), workspace.meta("as_of"))
    return workspace.remembered(("coverage", *stated), lambda: _covered(workspace))


def _covered(workspace: Workspace) -> Coverage:
    engine = open_engine(workspace)
    deals = _deals(engine)
    if deals.is_empty():
        raise EmptyWorkspaceError(
            "There are no deals yet.", "Import an export of your CRM, or load the demo data."
        )
    touches = collect(
        engine.table("touchpoints").select(touches=nw.len(), last=nw.col("occurred_at").max())
    ).row(0, named=True)
    lasts = (deals["last_created"].max(), deals["last_closed"].max(), touches["last"])
    newest = max(moment.date() for moment in lasts if isinstance(moment, datetime))
    return Coverage(
        fingerprint=workspace.fingerprint(),
        kind=workspace.meta("kind") or "own",
        as_of=_as_of(workspace, engine, newest),
        first_day=min(moment.date() for moment in deals["first"].drop_nulls()),
        currencies=_currencies(deals),
        owners=_owners(engine, deals),
        deals=int(deals["deals"].sum()),
        touches=touches["touches"],
        selection=workspace.meta(SELECTED) or "",
    )


def _deals(engine: Engine) -> pl.DataFrame:
    """Count deals by owner and currencies: one look at the table itself, for views take longer."""
    grouped = engine.table("deals").group_by("owner_id", "currency", "converted_currency")
    return collect(
        grouped.agg(
            deals=nw.len(),
            first=nw.col("created_at").min(),
            last_created=nw.col("created_at").max(),
            last_closed=nw.col("closed_at").max(),
        )
    )


def _as_of(workspace: Workspace, engine: Engine, newest: date) -> date:
    stated = workspace.meta("as_of")
    if stated:
        return date.fromisoformat(stated[:10])
    # A deal dated in the future must not drag "today" along: nothing is known after the import.
    imported = collect(engine.table("imports").select(nw.col("imported_at").max())).item()
    return min(newest, imported.date()) if imported else newest


def _currencies(deals: pl.DataFrame) -> tuple[str, ...]:
    by_currency = deals.group_by("currency").agg(pl.col("deals").sum())
    rows = by_currency.sort(["deals", "currency"], descending=[True, False])
    by_crm = deals["converted_currency"].unique().sort()
    codes = [*rows["currency"], *by_crm]
    return tuple(dict.fromkeys(code for code in codes if code)) or (ASSUMED_CURRENCY,)


def _owners(engine: Engine, deals: pl.DataFrame) -> tuple[tuple[str, str], ...]:
    names = dict(collect(engine.table("owners").select("owner_id", "name")).iter_rows())
    ids = [owner_id for owner_id in deals["owner_id"].unique() if owner_id]
    named = [(owner_id, names.get(owner_id)) for owner_id in ids]
    found = [(owner_id, owner_id if name is None else name) for owner_id, name in named]
    return tuple(sorted(found, key=lambda pair: (pair[1], pair[0])))
