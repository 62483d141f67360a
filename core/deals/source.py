"""What deals are scored from: their histories, the touches that belong to them, what they are."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from core.attributes import AttributeKind, attributes
from core.engine import Engine, collect
from core.forecasting.histories import DAY, Histories, read_histories
from core.forecasting.landmarks import Booleans, Floats, Integers
from core.leakage import Verdict, leakage

NOBODY: Final = -1
"""Code of a touch whose person is not known."""

EXTRA: Final = " (extra column)"
"""Ends the name of a trait, which may be called like a field."""

FIELDS: Final = ("owner_id", "kind", "source")
"""Fields that scores learn from as they are now, because exports keep no history of them."""

_TRAIT_TYPES: Final[dict[AttributeKind, type[pl.DataType]]] = {
    AttributeKind.NUMBER: pl.Float64,
    AttributeKind.BOOLEAN: pl.String,
    AttributeKind.TEXT: pl.String,
}

_KEY_SPAN: Final = 2**34
"""Larger than any epoch second, so that a deal and an instant make one ascending number."""


@dataclass(frozen=True)
class Touches:
    """The touches of every deal, by deal and then by time.

    Parameters
    ----------
    deal
        Row number of the deal in the histories.
    known_at
        Instant from which the touch is known; the end of the day where only the day is recorded.
    channel, kind, contact
        Codes: places in ``channels`` and ``kinds``, and a number for each person.
    channels, kinds
        Names behind the codes.
    """

    deal: Integers
    known_at: Integers
    channel: Integers
    kind: Integers
    contact: Integers
    channels: tuple[str, ...]
    kinds: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.deal)

    # Worked out once: every question about touches looks them up.
    @cached_property
    def keys(self) -> Integers:
        """Deal and instant as one ascending number, for looking up what came before."""
        return moment_keys(self.deal, self.known_at)

    @cached_property
    def keys_by_channel(self) -> tuple[Integers, ...]:
        """The same for the touches of each channel."""
        return tuple(self.keys[self.channel == code] for code in range(len(self.channels)))

    @cached_property
    def meetings(self) -> Integers:
        """Keys of the touches in which a deal meets a person for the first time."""
        known = np.flatnonzero(self.contact != NOBODY)
        people = int(self.contact.max(initial=0)) + 1
        _, first = np.unique(self.deal[known] * people + self.contact[known], return_index=True)
        return self.keys[np.sort(known[first])]


@dataclass(frozen=True)
class DealData:
    """Everything scores are made from; nothing in it is fitted yet.

    Parameters
    ----------
    histories
        Every deal as a chain of states.
    touches
        The touches that belong to each deal.
    employees
        Employees of each deal's company, nan where not known, by row number of the deal.
    next_steps
        Whether a next step is written, by row number of the deal: as it is now, with no history.
    traits
        Columns of the export that no field takes and that do not know the outcome, one row a
        deal: numbers or text. Empty where there are none.
    left_out
        Columns that do know the outcome: extra ones, and fields without a history.
    reaches
        The day the data reach; before it next steps are not known.
    fingerprint
        Name of the data.
    """

    histories: Histories
    touches: Touches
    employees: Floats
    next_steps: Booleans
    traits: pl.DataFrame
    left_out: tuple[str, ...]
    reaches: date
    fingerprint: str


def moment_keys(deal: Integers, instant: Integers) -> Integers:
    """Return a deal and an instant as one number that sorts by both."""
    keys: Integers = deal * _KEY_SPAN + np.clip(instant, 0, _KEY_SPAN - 1)
    return keys


def read_deal_data(engine: Engine, currency: str, reaches: date, fingerprint: str) -> DealData:
    """Read everything scores are made from.

    Parameters
    ----------
    engine
        Where the canonical tables are.
    currency
        Currency to convert amounts into.
    reaches
        The day the data reach.
    fingerprint
        Name of the data, to go on the results.

    Raises
    ------
    EmptyWorkspaceError
        If there is no deal with a creation date.
    """
    data = _without_traits(engine, currency, reaches, fingerprint)
    rows = data.histories.deals.select("deal", "deal_id")
    traits, left_out = _traits(engine, rows)
    return replace(data, traits=traits, left_out=left_out)


def read_earlier_data(engine: Engine, like: DealData, reaches: date, fingerprint: str) -> DealData:
    """Read data as an earlier import left them, to be asked by a model learned from later ones.

    Parameters
    ----------
    engine
        Where the tables of then are.
    like
        The data the model was learned from: the columns it knows are read here, blank where there
        was none.
    reaches
        The day the data of then reach.
    fingerprint
        Their name.

    Raises
    ------
    EmptyWorkspaceError
        If there was no deal with a creation date.
    """
    data = _without_traits(engine, like.histories.currency, reaches, fingerprint)
    rows = data.histories.deals.select("deal", "deal_id")
    extra = attributes(engine)
    aligned = rows.join(extra.frame, on="deal_id", how="left", maintain_order="left")
    there = {column.name for column in extra.columns}
    traits = [
        _as_read(aligned[name], column.dtype, column.name)
        if (name := column.name.removesuffix(EXTRA)) in there
        else pl.Series(column.name, [None] * rows.height, column.dtype)
        for column in like.traits
    ]
    return replace(data, traits=pl.DataFrame(traits), left_out=like.left_out)


def _as_read(column: pl.Series, dtype: pl.DataType, name: str) -> pl.Series:
    """Return a column as the kind it has today; what it cannot be is blank."""
    if dtype == pl.String or column.dtype in {pl.Float64, pl.Boolean}:
        return column.cast(dtype).alias(name)
    return column.cast(pl.String).cast(dtype, strict=False).alias(name)


def _without_traits(engine: Engine, currency: str, reaches: date, fingerprint: str) -> DealData:
    histories = read_histories(engine, currency)
    rows = histories.deals.select("deal", "deal_id")
    facts = _facts(engine, rows)
    return DealData(
        histories=histories,
        touches=_touches(engine, rows),
        employees=facts["employees"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        next_steps=facts["has_next_step"].to_numpy(),
        traits=pl.DataFrame(),
        left_out=(),
        reaches=reaches,
        fingerprint=fingerprint,
    )


def _facts(engine: Engine, rows: pl.DataFrame) -> pl.DataFrame:
    accounts = engine.table("accounts").select("account_id", "employees")
    companies = engine.table("deal_companies").join(accounts, on="account_id", how="left")
    deals = engine.table("deals").select("deal_id", "next_step")
    found = collect(deals.join(companies, on="deal_id", how="left"))
    written = pl.col("next_step").str.strip_chars().str.len_chars() > 0
    return (
        rows.join(found, on="deal_id", how="left", maintain_order="left")
        .unique("deal", keep="first", maintain_order=True)
        .with_columns(has_next_step=written.fill_null(value=False))
    )


def _traits(engine: Engine, rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the extra columns a score may learn from, and the names of all columns that leak.

    Exports say what a column holds now, not what it held then; the guard keeps those out that were
    written at or after the close.
    """
    judged = leakage(engine).columns
    usable = {
        column.column
        for column in judged
        if column.is_attribute and column.verdict is Verdict.CLEAR
    }
    left_out = tuple(
        column.column
        for column in judged
        if column.verdict is Verdict.LEAKS and (column.is_attribute or column.column in FIELDS)
    )
    extra = attributes(engine)
    aligned = rows.join(extra.frame, on="deal_id", how="left", maintain_order="left")
    kept = [
        aligned[column.name].cast(_TRAIT_TYPES[column.kind]).alias(f"{column.name}{EXTRA}")
        for column in extra.columns
        if column.name in usable and column.kind in _TRAIT_TYPES
    ]
    return pl.DataFrame(kept), left_out


def _touches(engine: Engine, rows: pl.DataFrame) -> Touches:
    keys = engine.table("deal_keys").select("deal_id", "deal_key")
    people = engine.table("touches").select("touch_id", "contact_id")
    belonging = (
        engine.table("deal_touches")
        .select(
            "deal_key", "touch_id", "occurred_at_epoch", "occurred_at_is_date", "channel", "kind"
        )
        .join(keys, on="deal_key", how="inner")
        .join(people, on="touch_id", how="left")
        .drop("touch_id", "deal_key")
    )
    told = collect(belonging).join(rows, on="deal_id", how="inner")
    end_of_day = pl.col("occurred_at_is_date").fill_null(value=False).cast(pl.Int64) * (DAY - 1)
    sorted_rows = told.with_columns(
        known_at=pl.col("occurred_at_epoch") + end_of_day, kind=pl.col("kind").fill_null("")
    ).sort("deal", "known_at", "channel", "kind", "contact_id")
    return as_touches(sorted_rows)


def as_touches(rows: pl.DataFrame) -> Touches:
    """Return sorted rows of ``deal, known_at, channel, kind, contact_id`` as arrays."""
    channels = tuple(sorted(rows["channel"].unique().to_list()))
    kinds = tuple(sorted(rows["kind"].unique().to_list()))
    people = rows["contact_id"].unique().drop_nulls().sort().to_list()
    return Touches(
        deal=rows["deal"].cast(pl.Int64).to_numpy(),
        known_at=rows["known_at"].cast(pl.Int64).to_numpy(),
        channel=_codes(rows["channel"], channels),
        kind=_codes(rows["kind"], kinds),
        contact=_codes(rows["contact_id"], people),
        channels=channels,
        kinds=kinds,
    )


def _codes(column: pl.Series, names: tuple[str, ...] | list[str]) -> Integers:
    codes = pl.DataFrame({"name": list(names)}, schema={"name": pl.String}).with_row_index("code")
    return (
        pl.DataFrame({"name": column})
        .join(codes, on="name", how="left", maintain_order="left")["code"]
        .cast(pl.Int64)
        .fill_null(NOBODY)
        .to_numpy()
    )
