"""How a file was understood, in words a person can check before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.crm.amounts import Conventions
from core.crm.binding import Binding
from core.crm.conventions import Forced
from core.crm.gate import Text
from core.crm.layout import DELIMITERS
from core.crm.mapping import SOURCE
from core.crm.records import UNDECODABLE
from core.crm.remembered import Remembered
from core.crm.value_review import ValueUse
from core.schema import Kind

_SAMPLES: Final = 3
_BY_A_PERSON: Final = "you said so"
_IS_SHEET: Final = "the file is a sheet of a workbook"
_ENCODINGS: Final = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 with a byte order mark",
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
}
_DATE_ORDERS: Final = {
    "day_first": "a date has a first number above 12",
    "month_first": "a date has a second number above 12",
    "mixed": "some dates have the day first and some the month",
}
_MARKS: Final = {
    ".": "most amounts that can be read in one way only have a point",
    ",": "most amounts that can be read in one way only have a comma",
    "mixed": "as many amounts have a point as have a comma",
}


@dataclass(frozen=True)
class Decision:
    """Something that was decided about a file, and why; empty where there was no evidence."""

    what: str
    why: str


@dataclass(frozen=True)
class ColumnUse:
    """What becomes of one column of a file.

    Parameters
    ----------
    header
        Its name in the file.
    samples
        Its first texts that are not blank.
    fills
        The fields it fills, such as ``deals.amount``; empty when it fills none.
    is_attribute
        Whether it is kept as an attribute of the deal.
    """

    header: str
    samples: tuple[str, ...]
    fills: tuple[str, ...]
    is_attribute: bool


@dataclass(frozen=True)
class Reading:
    """How a file was understood.

    Parameters
    ----------
    source
        What the file is, and why that is believed.
    encoding
        Its encoding.
    delimiter
        What separates its fields.
    header_line
        Physical line of the header.
    date_order
        Whether the day or the month comes first.
    decimal_marks
        For each column of amounts, by header.
    columns
        What becomes of each column.
    currency
        The currency assumed where a record names none.
    currency_assumed_for
        Accepted records with an amount that name none.
    values
        Values a person may have to decide about.
    memo
        What is remembered about files with these headers, and was followed.
    """

    source: Decision
    encoding: Decision
    delimiter: Decision
    header_line: int
    date_order: Decision
    decimal_marks: tuple[tuple[str, Decision], ...]
    columns: tuple[ColumnUse, ...]
    currency: str
    currency_assumed_for: int = 0
    values: tuple[ValueUse, ...] = ()
    memo: Remembered | None = None


def reading_of(
    text: Text,
    binding: Binding,
    decided: Conventions,
    forced: Forced,
    sample: Sequence[Sequence[str]],
) -> Reading:
    """Return how a file was understood; ``sample`` are its first records."""
    layout, recipe = binding.layout, binding.recipe
    known = len(recipe.headers().intersection(layout.names))
    whose = "mapped by you" if recipe.name == SOURCE else "those of this export"
    return Reading(
        source=Decision(recipe.title, f"{known} of its {len(layout.header)} columns are {whose}"),
        encoding=_encoding(text),
        delimiter=_delimiter(text, layout.delimiter),
        header_line=layout.title_lines + 1,
        date_order=_date_order(decided, forced),
        decimal_marks=tuple(_marks(binding, decided, forced)),
        columns=tuple(_column(binding, place, sample) for place in range(len(layout.header))),
        currency=decided.currency,
    )


def _delimiter(text: Text, mark: str) -> Decision:
    if text.delimiter:
        return Decision("cells", _IS_SHEET)
    return Decision(DELIMITERS.get(mark, mark), "it finds most known column names")


def _encoding(text: Text) -> Decision:
    if text.delimiter:
        return Decision("Excel workbook", _IS_SHEET)
    name = _ENCODINGS.get(text.encoding, text.encoding)
    if text.notices:
        return Decision(name, text.notices[0])
    return Decision(name, "every byte of the file agrees with it")


def _date_order(decided: Conventions, forced: Forced) -> Decision:
    if forced.date_order:
        return Decision(forced.date_order, _BY_A_PERSON)
    order = decided.date_order or ""
    return Decision(order, _DATE_ORDERS.get(order, "no date needs it, or none can decide it"))


def _marks(binding: Binding, decided: Conventions, forced: Forced) -> list[tuple[str, Decision]]:
    found = []
    for cell in binding.of_kind(Kind.AMOUNT):
        mark = decided.decimal_marks.get(cell.number, "")
        why = _BY_A_PERSON if forced.decimal_mark else _MARKS.get(mark, "no amount can decide it")
        found.append((_shown(binding.header(cell)), Decision(mark, why)))
    return found


def _column(binding: Binding, place: int, sample: Sequence[Sequence[str]]) -> ColumnUse:
    tables = {index: emission.table.name for index, emission in binding.emissions}
    fills = tuple(
        dict.fromkeys(
            f"{tables[cell.emission]}.{cell.column.name}"
            for cell in binding.cells
            if place in (*cell.places, *cell.when, *cell.joined)
        )
    )
    texts = [record[place] for record in sample if len(record) > place and record[place].strip()]
    return ColumnUse(
        _shown(binding.layout.header[place]),
        tuple(map(_shown, texts[:_SAMPLES])),
        fills,
        place in binding.attributes,
    )


def _shown(text: str) -> str:
    """Return text that can be shown: bytes that are none in its encoding become a mark."""
    return UNDECODABLE.sub("\ufffd", text)
