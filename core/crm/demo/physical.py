"""From the simulator's arrays to the stored columns of the canonical tables."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from core import schema
from core.crm.demo.chance import Flags, Ints

_WIDTH = 6


def ids(prefix: str, count: int) -> pl.Series:
    """Return ids in order: D000001, D000002, and so on."""
    numbers = pl.arange(1, count + 1, eager=True).cast(pl.String)
    return prefix + numbers.str.zfill(_WIDTH)


def chosen(values: pl.Series | Sequence[str], positions: Ints) -> pl.Series:
    """Look values up by position; -1 is null."""
    series = pl.Series(values, dtype=pl.String)
    indices = pl.Series(positions)
    return series.gather(indices.set(indices < 0, None))


def instant(name: str, seconds: Ints, known: Flags | None = None) -> list[pl.Series]:
    """Return the three stored columns of an instant."""
    epoch = pl.Series(f"{name}_epoch", seconds)
    if known is not None:
        epoch = epoch.set(~pl.Series(known), None)
    moment = pl.from_epoch(epoch, time_unit="s").cast(pl.Datetime("us")).alias(name)
    return [moment, epoch, _false_where_known(f"{name}_is_date", epoch)]


def day(name: str, epoch_days: Ints, known: Flags | None = None) -> pl.Series:
    """Return a column of days."""
    days = pl.Series(name, epoch_days.astype(np.int32))
    if known is not None:
        days = days.set(~pl.Series(known), None)
    return days.cast(pl.Date)


def amount(name: str, minor: pl.Series | Ints) -> list[pl.Series]:
    """Return the two stored columns of an amount with two decimal places."""
    cents = pl.Series(f"{name}_minor", minor, dtype=pl.Int64)
    decimal = (cents.cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2))
    return [decimal.alias(name), cents]


def stored(table: str, columns: Sequence[pl.Series], import_id: str) -> pl.DataFrame:
    """Put columns into the stored order of a table; what the demo does not fill is null."""
    frame = pl.DataFrame(list(columns))
    lines = pl.arange(1, frame.height + 1, eager=True).alias("source_line")
    frame = frame.with_columns(pl.lit(import_id).alias("import_id"), lines)
    missing = [
        pl.lit(None, _TYPES[sql_type]).alias(name)
        for name, sql_type in schema.TABLES[table].physical()
        if name not in frame.columns
    ]
    names = [name for name, _ in schema.TABLES[table].physical()]
    return frame.with_columns(missing).select(names)


_TYPES = {
    "VARCHAR": pl.String(),
    "JSON": pl.String(),
    "BIGINT": pl.Int64(),
    "DOUBLE": pl.Float64(),
    "DATE": pl.Date(),
    "BOOLEAN": pl.Boolean(),
    "TIMESTAMP": pl.Datetime("us"),
    "DECIMAL(18,2)": pl.Decimal(18, 2),
}


def _false_where_known(name: str, values: pl.Series) -> pl.Series:
    flags = pl.Series(name, np.zeros(len(values), dtype=bool))
    return flags.set(values.is_null(), None)
