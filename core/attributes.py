"""Columns of an export that no field takes, read back with the kind of thing they hold.

An import keeps them as text. Here each becomes a column of numbers, days, yes and no, or text, so
that it can filter, split and score like any field.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import narwhals as nw
import polars as pl

from core import schema
from core.engine import Engine, collect
from core.errors import UnknownNameError

AGREEING: Final = 0.98
"""Share of a column's filled values that must be of a kind for the column to be of it."""

_YES: Final = ("true", "yes", "y", "t")
_NO: Final = ("false", "no", "n", "f")
_POINT: Final = r"^[-+]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$"
_COMMA: Final = r"^[-+]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?$"
# A number with leading zeros, or too long to be exact, is the name of something.
_CODE: Final = r"^[-+]?0\d|^[-+]?\d{16,}$"
_DRESS: Final = r"[\s%$€£¥]"
_DAYS: Final = {  # how a day may be written, by the order of its parts
    r"^\d{4}-\d{1,2}-\d{1,2}": "%Y-%m-%d",
    r"^\d{1,2}\.\d{1,2}\.\d{4}": "%d.%m.%Y",
    r"^\d{1,2}/\d{1,2}/\d{4}": "",  # the order is decided by the column
}


class AttributeKind(StrEnum):
    """What an extra column holds."""

    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    TEXT = "text"


@dataclass(frozen=True)
class Attribute:
    """One extra column.

    Parameters
    ----------
    name
        Its header in the export.
    kind
        What it holds.
    filled
        Records with a value.
    unread
        Filled records whose value is not of the kind, and is therefore blank here.
    """

    name: str
    kind: AttributeKind
    filled: int
    unread: int


@dataclass(frozen=True)
class Attributes:
    """The extra columns of one table.

    Parameters
    ----------
    table
        The canonical table.
    columns
        What they are, by name.
    frame
        The key of the table and one typed column for each: ``Float64``, ``Date``, ``Boolean`` or
        ``String``.
    """

    table: str
    columns: tuple[Attribute, ...]
    frame: pl.DataFrame

    def of_kind(self, kind: AttributeKind) -> tuple[str, ...]:
        """Return the names of the columns of a kind."""
        return tuple(column.name for column in self.columns if column.kind is kind)


def attributes(engine: Engine, table: str = "deals") -> Attributes:
    """Return the extra columns that the exports of a table had.

    Raises
    ------
    UnknownNameError
        If extra columns of that table are not kept.
    """
    if table not in tables_with_attributes():
        raise UnknownNameError.among("table with extra columns", table, tables_with_attributes())
    keys = list(schema.TABLES[table].key)
    rows = collect(engine.table(table).select(*keys, nw.col("attributes").cast(nw.String)))
    texts = _texts(rows["attributes"])
    read = [typed(column) for column in texts.get_columns()]
    names = [name for name in texts.columns if name not in keys]  # never shadow the key
    kept = [(a, s) for a, s in read if a.name in names]
    frame = rows.select(keys).with_columns([series for _, series in kept])
    return Attributes(table, tuple(attribute for attribute, _ in kept), frame)


def tables_with_attributes() -> tuple[str, ...]:
    """Return the names of the tables whose extra columns are kept."""
    return tuple(name for name, table in schema.TABLES.items() if table.has_attributes())


def typed(texts: pl.Series) -> tuple[Attribute, pl.Series]:
    """Return what a column of texts holds, and its values as that.

    >>> import polars as pl
    >>> attribute, values = typed(pl.Series("score", ["7", "12.5", None]))
    >>> attribute.kind.value, values.to_list()
    ('number', [7.0, 12.5, None])
    """
    texts = texts.str.strip_chars().replace("", None)
    filled = len(texts) - texts.null_count()
    kind, values = AttributeKind.TEXT, texts
    for candidate, read in (
        (AttributeKind.BOOLEAN, _booleans),
        (AttributeKind.NUMBER, _numbers),
        (AttributeKind.DATE, _dates),
    ):
        found = read(texts)
        if filled and len(found) - found.null_count() >= AGREEING * filled:
            kind, values = candidate, found
            break
    unread = filled - (len(values) - values.null_count())
    return Attribute(texts.name, kind, filled, unread), values.alias(texts.name)


def _texts(stored: pl.Series) -> pl.DataFrame:
    """Return one column of texts for each name, in order of the names."""
    names: set[str] = set()
    for text in stored.drop_nulls().unique():
        content = json.loads(text)
        names.update(content if isinstance(content, dict) else ())
    if not names:
        return pl.DataFrame()
    shape = pl.Struct(dict.fromkeys(sorted(names), pl.String))
    return stored.fill_null("{}").str.json_decode(shape).struct.unnest()


def _booleans(texts: pl.Series) -> pl.Series:
    said = texts.str.to_lowercase()
    says = pl.when(said.is_in(_YES)).then(True).when(said.is_in(_NO)).then(False)  # noqa: FBT003
    return pl.select(says).to_series()


def _numbers(texts: pl.Series) -> pl.Series:
    """Read numbers by the decimal mark that reads more of the column; by the point at a tie."""
    plain = texts.str.replace_all(_DRESS, "")
    plain = _where(~plain.str.contains(_CODE), plain)
    point = _where(plain.str.contains(_POINT), plain).str.replace_all(",", "")
    comma = _where(plain.str.contains(_COMMA), plain).str.replace_all(".", "", literal=True)
    with_point = point.cast(pl.Float64, strict=False)
    with_comma = comma.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return with_comma if with_comma.null_count() < with_point.null_count() else with_point


def _dates(texts: pl.Series) -> pl.Series:
    day = texts.str.extract(r"^(\S+?)(?:[T ].*)?$")
    found = pl.Series(texts.name, [None] * len(texts), dtype=pl.Date)
    for shape, written in _DAYS.items():
        fits = _where(day.str.contains(f"{shape}$"), day)
        if fits.null_count() == len(fits):
            continue
        read = fits.str.to_date(written, strict=False) if written else _slashed(fits)
        found = found.fill_null(read)
    return found


def _slashed(days: pl.Series) -> pl.Series:
    """Read days with slashes in the order the column proves; none where it proves neither."""
    month_first, day_first = (
        days.str.to_date(written, strict=False) for written in ("%m/%d/%Y", "%d/%m/%Y")
    )
    unlike = month_first.null_count() - day_first.null_count()
    if unlike == 0:
        return pl.Series(days.name, [None] * len(days), dtype=pl.Date)
    return day_first if unlike > 0 else month_first


def _where(condition: pl.Series, values: pl.Series) -> pl.Series:
    return pl.select(pl.when(condition).then(values).alias(values.name)).to_series()
