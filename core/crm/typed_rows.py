"""Typed rows, with a reason for each that cannot be typed: one query for the whole file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import duckdb

from core.crm import amounts, cells, dates
from core.crm.amounts import Conventions
from core.crm.binding import Binding, BoundCell
from core.crm.cells import Typed
from core.crm.layers import STAGED, nested, scalar
from core.schema import Kind

TYPED: Final = "typed_rows"
"""Temporary table with a row for each staged record."""


@dataclass(frozen=True)
class _Plan:
    typed: dict[int, Typed]
    currencies: dict[tuple[int, str], str]  # by emission and column of currency: what is stored


def make_typed_rows(
    cursor: duckdb.DuckDBPyConnection, binding: Binding, conventions: Conventions, email_key: str
) -> None:
    """Make the temporary table: ``row, line, reason, cell`` and ``e<emission>_<column>``.

    ``cell`` is the number of the cell the reason is about.
    """
    plan = _plan(binding, conventions)
    extra = f", {binding.attribute_sql()} AS attributes_json" if binding.attributes else ""
    query = nested(binding.cells, [typed.layers for typed in plan.typed.values()], extra)
    problems = "".join(f", {t.problem} AS problem{n}" for n, t in plan.typed.items())
    values = "".join(f", {value} AS {alias}" for alias, value in _values(binding, plan))
    reason, cell = _first_problem(binding, plan)
    statement = (
        f"CREATE OR REPLACE TEMP TABLE {TYPED} AS SELECT * EXCLUDE ({_problem_names(plan)}),"  # noqa: S608
        f" {reason} AS reason, {cell} AS cell"
        f" FROM (SELECT row, line{_deleted(binding)}{problems}{values} FROM ({query}))"
    )
    parameters = {**binding.attribute_names(), **binding.header_constants()}
    if "$email_key" in statement:
        parameters["email_key"] = email_key
    cursor.execute(statement, parameters)
    _mark_duplicates(cursor, binding)


def _plan(binding: Binding, conventions: Conventions) -> _Plan:
    typed: dict[int, Typed] = {}
    currencies: dict[tuple[int, str], str] = {}
    for cell in binding.cells:
        name, stated = cell.column.name, cell.column.currency
        if cell.column.kind is Kind.AMOUNT:
            beside = (c.number for c in binding.of(cell.emission) if c.column.name == stated)
            make = amounts.amount_cell if stated == "currency" else amounts.converted_cell
            typed[cell.number], currencies[cell.emission, stated] = make(
                cell.number, name, next(beside, None), conventions
            )
        else:
            typed[cell.number] = _typed(cell, conventions, salesforce=binding.recipe.salesforce_ids)
    return _Plan(typed, currencies)


def _typed(cell: BoundCell, conventions: Conventions, *, salesforce: bool) -> Typed:
    number, name, required = cell.number, cell.column.name, cell.required
    order = conventions.date_order
    if cell.is_id:
        return cells.id_cell(number, name, required=required, salesforce=salesforce)
    if name == "email_key":
        return cells.email_cell(number, name)
    makers: dict[Kind, Callable[[], Typed]] = {
        Kind.INSTANT: lambda: dates.instant_cell(number, name, required=required, order=order),
        Kind.DATE: lambda: dates.date_cell(number, name, required=required, order=order),
        Kind.BOOLEAN: lambda: cells.boolean_cell(number, name),
        Kind.CURRENCY: lambda: _currency(cell, conventions),
        Kind.INTEGER: lambda: cells.integer_cell(number, name),
        Kind.PROBABILITY: lambda: cells.probability_cell(number, name),
        Kind.RATE: lambda: cells.rate_cell(number, name, required=required),
        Kind.TEXT: lambda: cells.text_cell(number, name, required=required),
    }
    return makers[cell.column.kind]()


def _currency(cell: BoundCell, conventions: Conventions) -> Typed:
    """Return a currency; an unknown one that the CRM converted into costs no record."""
    typed = amounts.currency_cell(
        cell.number, cell.column.name, conventions, required=cell.required
    )
    return typed if cell.column.name != "converted_currency" else replace(typed, problem="NULL")


def _values(binding: Binding, plan: _Plan) -> Iterator[tuple[str, str]]:
    """Yield alias and expression of every stored column of every emission."""
    for index, emission in binding.emissions:
        of_amounts = {name: code for (at, name), code in plan.currencies.items() if at == index}
        for cell in binding.of(index):
            if cell.column.name in of_amounts:
                continue
            for name, value in plan.typed[cell.number].values:
                yield f"e{index}_{name}", value
        for column in emission.table.columns:
            if column.kind is Kind.CURRENCY and column.name in of_amounts:
                yield f"e{index}_{column.name}", of_amounts[column.name]
        if index == 0 and binding.attributes:
            yield f"e{index}_attributes", "attributes_json"


def _deleted(binding: Binding) -> str:
    place = None if binding.recipe.deleted is None else binding.place(binding.recipe.deleted)
    says = "false" if place is None else cells.says_one_of(f"c{place}", cells.YES)
    return f", {says} AS problem_deleted, {_other(binding)} AS problem_other"


def _other(binding: Binding) -> str:
    """Return the condition under which a record is none of those the recipe uses."""
    only = binding.recipe.only
    places = [binding.place(header) for header in only.headers] if only else []
    says = [cells.says_one_of(f"c{p}", only.says) for p in places if only and p is not None]
    return f"NOT ({' OR '.join(says)})" if says else "false"


def _problem_names(plan: _Plan) -> str:
    return ", ".join(
        ["problem_deleted", "problem_other", *(f"problem{number}" for number in plan.typed)]
    )


def _first_problem(binding: Binding, plan: _Plan) -> tuple[str, str]:
    """Return the reason and the cell of the first problem, required cells before the others."""
    ordered = sorted(binding.cells, key=lambda cell: (cell.emission, not cell.required))
    ordered = [cell for cell in ordered if plan.typed[cell.number].problem != "NULL"]
    reasons = ", ".join(f"problem{cell.number}" for cell in ordered)
    numbers = " ".join(
        f"WHEN problem{cell.number} IS NOT NULL THEN {cell.number}" for cell in ordered
    )
    deleted = "WHEN problem_deleted THEN"
    other = "WHEN problem_other THEN"
    said = f"CASE {deleted} 'deleted_record' {other} 'other_record'"
    return (
        f"{said} ELSE coalesce({reasons}, NULL) END",
        f"CASE {deleted} NULL {other} NULL {numbers} END",
    )


def _mark_duplicates(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> None:
    """Reject a record whose key an earlier record of the file has: the first one wins."""
    key = ", ".join(f"e0_{name}" for name in binding.recipe.table.key)
    doubled = f"SELECT {key} FROM {TYPED} WHERE reason IS NULL GROUP BY {key} HAVING count(*) > 1"  # noqa: S608
    if not scalar(cursor, f"SELECT EXISTS ({doubled})"):
        return
    content = _content(binding)
    cursor.execute(f"""
        UPDATE {TYPED} SET reason = later.reason, cell = {_key_cell(binding)}
        FROM (
            SELECT row, place, CASE WHEN content = first_value(content) OVER same
                THEN 'duplicate_row' ELSE 'duplicate_id' END AS reason
            FROM (
                SELECT t.row, {key}, hash({content}) AS content,
                    row_number() OVER (PARTITION BY {key} ORDER BY t.row) AS place
                FROM {TYPED} t JOIN {STAGED} s ON s.row = t.row
                WHERE t.reason IS NULL AND ({key}) IN ({doubled})
            )
            WINDOW same AS (PARTITION BY {key} ORDER BY row)
        ) later
        WHERE later.row = {TYPED}.row AND later.place > 1 AND {_is_rejected(binding)}
    """)  # noqa: S608


def _content(binding: Binding) -> str:
    """Return the columns by which two records with one key are the same record."""
    if not binding.recipe.repeats:
        return ", ".join(f"s.c{i}" for i in range(len(binding.layout.header)))
    places = sorted({p for cell in binding.of(0) for p in cell.places})
    return ", ".join(f"s.c{place}" for place in places)


def _is_rejected(binding: Binding) -> str:
    """Return the condition under which a second record with the same key is one too many."""
    return "later.reason = 'duplicate_id'" if binding.recipe.repeats else "true"


def _key_cell(binding: Binding) -> int:
    keys = [cell for cell in binding.of(0) if cell.column.name in binding.recipe.table.key]
    return keys[0].number
