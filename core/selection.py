"""A part of the deals, chosen by their fields: a workspace of its own, so all answers agree.

Any column an export brought can choose, whether a field takes it or not. What is asked of the
part is answered by the same code as for the whole, and models learn from the part alone, as if
these deals were the company. What cannot be split by deals (spend, costs of campaigns, quotas)
is left out, so that no part is set against the cost or the target of the whole.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

import polars as pl

from core.attributes import AttributeKind, attributes
from core.coverage import coverage
from core.engine import Engine, collect, open_engine
from core.errors import EmptyWorkspaceError, InvalidParameterError, UnknownNameError
from core.workspace import SELECTED, Workspace, set_meta

LISTED: Final = 200
"""Values of a field that are offered, the commonest first."""

ANY_OF: Final = "|"
"""Mark between values any of which will do."""

LEFT_OUT: Final = "Spend, costs and quotas cannot be split by deals and are left out."

_FIELDS: Final = ("pipeline", "kind", "source", "industry", "region")
_YES: Final = ("yes", "true", "y", "t")
_CONDITION: Final = re.compile(r"(.+?)\s*(!=|>=|<=|=)\s*(.+)")


class Relation(StrEnum):
    """How a field's value stands to those asked for."""

    IS = "="
    IS_NOT = "!="
    AT_LEAST = ">="
    AT_MOST = "<="


_WORDS: Final = {
    Relation.IS: "is",
    Relation.IS_NOT: "is not",
    Relation.AT_LEAST: "is at least",
    Relation.AT_MOST: "is at most",
}


@dataclass(frozen=True)
class Condition:
    """What a deal has to fulfil.

    Parameters
    ----------
    field
        Name of the field, compared without case.
    relation
        How its value stands to ``values``.
    values
        Texts; one is enough for ``=``, none may apply for ``!=``, and limits are single.
    """

    field: str
    relation: Relation
    values: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """Return the condition as a person reads it."""
        return f"{self.field} {_WORDS[self.relation]} {' or '.join(self.values)}"


@dataclass(frozen=True)
class Field:
    """Something deals can be chosen by.

    Parameters
    ----------
    name
        Name of the field, or header of the extra column.
    kind
        What it holds.
    values
        Its different texts, the commonest first; empty for numbers and days.
    """

    name: str
    kind: AttributeKind
    values: tuple[str, ...]


def parse_condition(text: str) -> Condition:
    """Return the condition a text says.

    Raises
    ------
    InvalidParameterError
        If it says none.

    >>> parse_condition("Segment = Enterprise|Mid-market").values
    ('Enterprise', 'Mid-market')
    >>> parse_condition("Seats ≥ 50") == parse_condition("Seats >= 50")
    True
    """
    # Pages print >= as one sign, so that people type it as they read it.
    found = _CONDITION.fullmatch(text.strip().replace("≥", ">=").replace("≤", "<="))
    values = tuple(v.strip() for v in found[3].split(ANY_OF) if v.strip()) if found else ()
    if found is None or not values:
        raise InvalidParameterError(
            f"'{text}' is no condition.",
            "Write a column, one of = != >= <=, and a value: 'Segment=Enterprise'.",
        )
    relation = Relation(found[2])
    if len(values) > 1 and relation in {Relation.AT_LEAST, Relation.AT_MOST}:
        raise InvalidParameterError(
            f"'{text}' has more than one limit.", "Give one value after >= or <=."
        )
    return Condition(found[1], relation, values)


def fields(engine: Engine) -> tuple[Field, ...]:
    """Return what deals can be chosen by: fields with a value, and every extra column."""
    frame = _values(engine)
    return tuple(
        Field(name, _kind(column), _commonest(column))
        for name in frame.columns
        if name != "deal_id" and (column := frame[name]).null_count() < len(column)
    )


def selected(workspace: Workspace, conditions: Sequence[Condition]) -> Workspace:
    """Return the deals that fulfil every condition and all that belongs to them, in memory.

    A deal whose field is blank fulfils no condition on it but ``!=``. The day the data reach stays
    that of the whole. Close it when done.

    Raises
    ------
    UnknownNameError
        If there is no such field; the hint lists those there are.
    InvalidParameterError
        If a field's kind does not fit the condition.
    EmptyWorkspaceError
        If no deal fulfils them.
    """
    engine = open_engine(workspace)
    kept = _chosen(_values(engine), conditions)
    if kept.is_empty():
        said = " and ".join(condition.in_words for condition in conditions)
        raise EmptyWorkspaceError(f"There is no deal whose {said}.", "Choose another value.")
    part = Workspace.in_memory()
    with part.transaction() as cursor:
        for name, rows in _rows(engine, kept).items():
            part.insert(cursor, name, rows)
        facts = {
            "kind": workspace.meta("kind") or "own",
            "as_of": coverage(workspace).as_of.isoformat(),
            SELECTED: in_words(conditions),
        }
        for key, value in facts.items():
            set_meta(cursor, key, value)
    return part


def in_words(conditions: Sequence[Condition]) -> str:
    """Return the conditions as one sentence.

    >>> in_words([parse_condition("Tier=A"), parse_condition("Seats>=50")])
    'Only deals whose Tier is A and Seats is at least 50.'
    """
    said = " and ".join(condition.in_words for condition in conditions)
    return f"Only deals whose {said}."


def _values(engine: Engine) -> pl.DataFrame:
    """Return one row a deal with every field it can be chosen by."""
    named = engine.table("deal_facts").drop("pipeline").rename({"pipeline_name": "pipeline"})
    facts = collect(named.select("deal_id", "account_id", *_FIELDS))
    filled = [name for name in _FIELDS if facts[name].fill_null("").ne("").any()]
    blank = [pl.col(name).replace("", None) for name in filled]
    frame = facts.select("deal_id", "account_id", *blank)
    for table, key in (("deals", "deal_id"), ("accounts", "account_id")):
        extra = attributes(engine, table).frame
        names = {name: _free(name, frame.columns) for name in extra.columns if name != key}
        frame = frame.join(extra.rename(names), on=key, how="left")
    return frame.drop("account_id")


def _free(name: str, taken: Sequence[str]) -> str:
    """Return a name no field has: an extra column of the same name says that it is one."""
    used = {one.lower() for one in taken}
    while name.lower() in used:
        name = f"{name} (extra)"
    return name


def _kind(column: pl.Series) -> AttributeKind:
    if column.dtype == pl.Boolean:
        return AttributeKind.BOOLEAN
    if column.dtype == pl.Date:
        return AttributeKind.DATE
    return AttributeKind.NUMBER if column.dtype.is_numeric() else AttributeKind.TEXT


def _commonest(column: pl.Series) -> tuple[str, ...]:
    kind = _kind(column)
    if kind in {AttributeKind.NUMBER, AttributeKind.DATE}:
        return ()
    if kind is AttributeKind.BOOLEAN:
        return ("yes", "no")
    counted = column.drop_nulls().value_counts(name="deals")
    ordered = counted.sort("deals", column.name, descending=[True, False])
    return tuple(ordered[column.name].head(LISTED))


def _chosen(frame: pl.DataFrame, conditions: Sequence[Condition]) -> pl.DataFrame:
    """Return the ids of the deals that fulfil every condition."""
    names = {name.lower(): name for name in frame.columns if name != "deal_id"}
    for condition in conditions:
        name = names.get(condition.field.lower())
        if name is None:
            raise UnknownNameError.among("column", condition.field, sorted(names.values()))
        frame = frame.filter(_fulfils(frame[name], condition))
    return frame.select("deal_id")


def _fulfils(column: pl.Series, condition: Condition) -> pl.Expr:
    value, wanted = pl.col(column.name), _wanted(_kind(column), condition)
    if column.dtype == pl.String:
        value = value.str.to_lowercase()
    if condition.relation is Relation.AT_LEAST:
        return value.ge(wanted[0])
    if condition.relation is Relation.AT_MOST:
        return value.le(wanted[0])
    applies = value.is_in(wanted).fill_null(value=False)
    return applies if condition.relation is Relation.IS else ~applies


def _wanted(kind: AttributeKind, condition: Condition) -> list[Any]:
    """Return the values of a condition as the field's kind has them."""
    is_limit = condition.relation in {Relation.AT_LEAST, Relation.AT_MOST}
    if is_limit and kind in {AttributeKind.TEXT, AttributeKind.BOOLEAN}:
        raise InvalidParameterError(
            f"'{condition.field}' holds {kind}, which has no limits.", "Use = or !=."
        )
    try:
        return [_READ[kind](value) for value in condition.values]
    except ValueError as error:
        raise InvalidParameterError(
            f"'{condition.field}' holds a {kind}; {' or '.join(condition.values)} is none.",
            "Write days as 2026-03-31 and numbers with a point.",
        ) from error


_READ: Final[Mapping[AttributeKind, Callable[[str], Any]]] = {
    AttributeKind.NUMBER: float,
    AttributeKind.DATE: date.fromisoformat,
    AttributeKind.BOOLEAN: lambda text: text.lower() in _YES,
    AttributeKind.TEXT: str.lower,
}

_COSTS: Final = {
    "touchpoints": ("cost", "cost_minor", "currency"),
    "campaigns": ("cost", "cost_minor", "currency"),
}
_OF_DEALS: Final = ("deals", "deal_contacts", "deal_accounts", "stage_changes")
_WHOLE: Final = (
    "contacts", "owners", "stages", "campaigns", "imports", "rates", "published_rates",
    "touch_deals", "touch_contacts", "touch_accounts", "touch_kinds", "pipelines",
)  # fmt: skip


def _rows(engine: Engine, kept: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the rows of each table that belong to the deals."""
    ids = engine.lend(kept, "chosen_deals")
    of_deals = {name: engine.table(name).join(ids, on="deal_id", how="semi") for name in _OF_DEALS}
    keys = engine.table("deal_keys").join(ids, on="deal_id", how="semi")
    touches = engine.table("deal_touches").join(keys, on="deal_key", how="semi")
    accounts = engine.table("deal_companies").join(ids, on="deal_id", how="semi")
    frames = {
        **of_deals,
        "touchpoints": engine.table("touchpoints").join(touches, on="touch_id", how="semi"),
        "accounts": engine.table("accounts").join(accounts, on="account_id", how="semi"),
        **{name: engine.table(name) for name in _WHOLE},
    }
    rows = {name: collect(frame) for name, frame in frames.items()}
    for name, costs in _COSTS.items():
        blank = [pl.lit(None, rows[name].schema[cost]).alias(cost) for cost in costs]
        rows[name] = rows[name].with_columns(blank)
    return rows
