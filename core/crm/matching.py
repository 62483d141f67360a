"""Which field a column of an unknown file fills: by its name, then by what stands in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import extractOne

from core import schema
from core.crm.currencies import code
from core.crm.headers import normalised
from core.crm.recipe_files import known_recipes
from core.schema import Kind

CLOSE_ENOUGH: Final = 88.0
"""Likeness of names, 0 to 100, from which a column is matched when its content agrees."""

WORTH_A_LOOK: Final = 80.0
"""Likeness from which a column is suggested, if its content proves the kind of the field."""

_MORE_NAMES: Final = {
    ("deals", "deal_id"): ("opp #", "opp id", "opportunity number", "deal number", "deal no"),
    ("deals", "account_id"): ("customer", "client", "company", "organization", "account"),
    ("deals", "amount"): ("value", "deal value", "deal size", "revenue", "total value", "acv"),
    ("deals", "owner_id"): ("sales rep", "rep", "salesperson", "owner", "account executive"),
    ("deals", "created_at"): ("opened", "opened on", "created", "created on", "date created"),
    ("deals", "closed_at"): ("closed", "closed on", "closing day", "date closed", "won date"),
    ("deals", "is_won"): ("won", "status", "outcome", "result"),
    ("touchpoints", "touch_id"): ("touch", "activity id", "interaction id", "event id"),
    ("touchpoints", "occurred_at"): ("date", "timestamp", "occurred", "activity date"),
    ("touchpoints", "channel"): ("source", "medium", "touch channel"),
    ("touchpoints", "contact_id"): ("contact", "email", "person", "lead"),
    ("touchpoints", "deal_id"): ("deal", "opportunity", "opportunity id"),
    ("spend", "day"): ("date",),
    ("spend", "amount"): ("cost", "spend"),
}
_DATE: Final = re.compile(r"(\d{4}[-/]\d{1,2}[-/]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ].*)?")
_NUMBER: Final = re.compile(r"\(?[-+]?\D{0,3} ?\d[\d.,'\u2019\u00a0\u202f ]*\D{0,4}\)?")
_YES_NO: Final = frozenset(
    {"true", "false", "t", "f", "yes", "no", "y", "n", "1", "0"}
    | {"won", "lost", "open", "closed won", "closed lost"}
)


@dataclass(frozen=True)
class FileColumn:
    """One column of a file: its header and its first texts."""

    header: str
    samples: tuple[str, ...]


class Certainty(StrEnum):
    """How sure a match is."""

    MATCHED = "matched"
    CHECK = "suggested, check"
    NONE = "not used"


@dataclass(frozen=True)
class Match:
    """The field a column is believed to fill; none when nothing is close.

    Parameters
    ----------
    column
        The column of the file.
    field
        Name of the canonical column, or empty.
    certainty
        How sure that is.
    why
        What it rests on.
    """

    column: FileColumn
    field: str = ""
    certainty: Certainty = Certainty.NONE
    why: str = "no field has a name like it"


def matched(columns: Sequence[FileColumn], table: schema.Table) -> tuple[Match, ...]:
    """Return for each column the field of a table it fills; no field is given twice.

    A name that is known decides, then one that is at least `CLOSE_ENOUGH`. Both count as matched
    only if the content agrees with the kind of the field; otherwise a person has to look.

    >>> columns = [FileColumn("Deal Value", ("12.50",)), FileColumn("Created By", ("Ana",))]
    >>> [(m.field, m.certainty.value) for m in matched(columns, schema.TABLES["deals"])]
    [('amount', 'matched'), ('', 'not used')]
    """
    candidates = [
        (match.certainty is Certainty.MATCHED, score, -place, match)
        for place, column in enumerate(columns)
        for score, match in _candidates(column, table)
    ]
    candidates.sort(key=lambda one: one[:3], reverse=True)
    found: dict[int, Match] = {}
    taken: set[str] = set()
    for _, _, place, match in candidates:
        if -place not in found and match.field not in taken:
            found[-place] = match
            taken.add(match.field)
    return tuple(found.get(place, Match(column)) for place, column in enumerate(columns))


def likely_table(columns: Sequence[FileColumn]) -> schema.Table:
    """Return the table most columns of a file match: its required fields count first."""

    def fit(table: schema.Table) -> tuple[float, int]:
        fields = {match.field for match in matched(columns, table)} - {""}
        required = {column.name for column in table.columns if column.required}
        return len(fields & required) / len(required), len(fields)

    tables = [schema.DEALS, *(t for t in schema.TABLES.values() if t is not schema.DEALS)]
    return max(tables, key=lambda table: sum(fit(table)))


def _candidates(column: FileColumn, table: schema.Table) -> Iterator[tuple[float, Match]]:
    name = _spoken(column.header)
    for field in table.columns:
        if field.kind is Kind.ATTRIBUTES:
            continue
        names = _names(table.name, field.name)
        like = extractOne(name, names, scorer=token_sort_ratio, score_cutoff=WORTH_A_LOOK)
        if like is None:
            continue
        known, score, _ = like
        agrees = _agrees(column.samples, field, table)
        how = "its name is known" if name == known else f"its name is like '{known}'"
        if score >= CLOSE_ENOUGH and agrees:
            yield score, Match(column, field.name, Certainty.MATCHED, f"{how}, its content agrees")
        elif score >= CLOSE_ENOUGH:
            doubt = "its content does not look so" if column.samples else "it is empty"
            yield score, Match(column, field.name, Certainty.CHECK, f"{how}, but {doubt}")
        elif agrees and field.kind is not Kind.TEXT:
            yield score, Match(column, field.name, Certainty.CHECK, how)


@lru_cache(maxsize=256)
def _names(table: str, field: str) -> tuple[str, ...]:
    """Return what a field is called: by us, by the exports that are known, by people."""
    cells = [
        cell
        for recipe in known_recipes()
        for emission in recipe.emissions
        if emission.table.name == table and not emission.only_new
        for name, cell in emission.cells
        if name == field
    ]
    plain = [cell for cell in cells if cell.when is None and not cell.values]
    headers = [header for cell in plain for header in cell.sources]
    return tuple(map(_spoken, [field, *headers, *_MORE_NAMES.get((table, field), ())]))


def _spoken(header: str) -> str:
    return " ".join(re.sub(r"[_\-.:]+", " ", normalised(header)).split())


def _agrees(samples: Sequence[str], field: schema.Column, table: schema.Table) -> bool:
    """Tell whether all samples look like the kind of a field; without any nothing agrees."""
    texts = [text.strip() for text in samples if text.strip()]
    if not texts:
        return False
    if table.key == (field.name,) and len(set(texts)) < len(texts):
        return False
    return all(_looks_like(text, field.kind) for text in texts)


def _looks_like(text: str, kind: Kind) -> bool:
    if kind in {Kind.INSTANT, Kind.DATE}:
        return bool(_DATE.fullmatch(text))
    if kind is Kind.BOOLEAN:
        return text.lower() in _YES_NO
    if kind is Kind.CURRENCY:
        return code(text) is not None
    if kind in {Kind.AMOUNT, Kind.INTEGER, Kind.PROBABILITY, Kind.RATE}:
        return bool(_NUMBER.fullmatch(text)) and not _DATE.fullmatch(text)
    return not _DATE.fullmatch(text)
