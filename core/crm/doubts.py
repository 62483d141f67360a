"""Warnings of an import: accepted records that a person should look at, counted."""

from collections.abc import Iterator, Sequence
from typing import Final

import duckdb

from core.crm.binding import Binding
from core.crm.cells import literal, trimmed
from core.crm.layers import STAGED, scalar
from core.crm.typed_rows import TYPED
from core.schema import Kind

SAID_AGAIN: Final = "said_again"
"""Temporary table: of each import the records whose row was there already, by their key.

A row they say nothing new about keeps the import that brought it, so that import_id alone does not
find it; keys of several columns are told by their first.
"""

_OF_DEALS: Final = f"""
SELECT count(*) FROM deals WHERE (import_id = $import_id OR deal_id IN (
    SELECT key FROM {SAID_AGAIN} WHERE import_id = $import_id))
"""  # noqa: S608

_CLOSED_BEFORE_CREATED: Final = f"""{_OF_DEALS} AND CASE
    WHEN closed_at_is_date OR created_at_is_date THEN closed_at::DATE < created_at::DATE
    ELSE closed_at < created_at END
"""

_STAGE_DISAGREES: Final = rf"""{_OF_DEALS} AND (
    (is_won AND stage ILIKE '%lost%')
    OR (is_won IS NOT true AND regexp_matches(stage, '(?i)\bwon\b'))
    OR (is_won IS NULL AND stage ILIKE 'closed%'))
"""

_NO_CLOSING_DATE: Final = f"{_OF_DEALS} AND is_won IS NOT NULL AND closed_at IS NULL"

_UNKNOWN_DEAL: Final = f"""
SELECT count(*) FROM touchpoints t ANTI JOIN deals d ON d.deal_id = t.deal_id
WHERE t.deal_id IS NOT NULL AND (t.import_id = $import_id OR t.touch_id IN (
    SELECT key FROM {SAID_AGAIN} WHERE import_id = $import_id))
"""  # noqa: S608

_DEAL_WITHOUT_ACCOUNT: Final = """
SELECT count(*) FROM deals d ANTI JOIN accounts a ON a.account_id = d.account_id
WHERE d.import_id = $import_id AND d.account_id IS NOT NULL AND EXISTS (FROM accounts)
"""

_CONTACT_WITHOUT_ACCOUNT: Final = """
SELECT count(*) FROM contacts c ANTI JOIN accounts a ON a.account_id = c.account_id
WHERE c.import_id = $import_id AND c.account_id IS NOT NULL AND EXISTS (FROM accounts)
"""

_UNKNOWN_CONTACT: Final = """
SELECT count(*) FROM touchpoints t ANTI JOIN contacts c ON c.contact_id = t.contact_id
WHERE t.import_id = $import_id AND t.contact_id IS NOT NULL AND t.deal_id IS NULL
    AND EXISTS (FROM contacts)
"""

_ROLE_OF_UNKNOWN_DEAL: Final = """
SELECT count(*) FROM deal_contacts r ANTI JOIN deals d ON d.deal_id = r.deal_id
WHERE r.import_id = $import_id
"""

_COMPANY_OF_UNKNOWN_DEAL: Final = """
SELECT count(*) FROM deal_accounts l ANTI JOIN deals d ON d.deal_id = l.deal_id
WHERE l.import_id = $import_id
"""

_UNKNOWN_COMPANY_OF_DEAL: Final = """
SELECT count(*) FROM deal_accounts l ANTI JOIN accounts a ON a.account_id = l.account_id
WHERE l.import_id = $import_id AND EXISTS (FROM accounts)
"""

_LINK_WITH_UNKNOWN_DEAL: Final = """
SELECT count(*) FROM touch_deals l ANTI JOIN deals d ON d.deal_id = l.deal_id
WHERE l.import_id = $import_id
"""

_LINK_OF_UNKNOWN_TOUCH: Final = """
SELECT count(*) FROM touch_deals l ANTI JOIN touchpoints t ON t.touch_id = l.touch_id
WHERE l.import_id = $import_id
"""

_PERSON_OF_UNKNOWN_TOUCH: Final = """
SELECT count(*) FROM touch_contacts l ANTI JOIN touchpoints t ON t.touch_id = l.touch_id
WHERE l.import_id = $import_id
"""

_UNKNOWN_PERSON_OF_TOUCH: Final = """
SELECT count(*) FROM touch_contacts l ANTI JOIN contacts p ON p.contact_id = l.contact_id
WHERE l.import_id = $import_id AND EXISTS (FROM contacts)
"""

_COMPANY_OF_UNKNOWN_TOUCH: Final = """
SELECT count(*) FROM touch_accounts l ANTI JOIN touchpoints t ON t.touch_id = l.touch_id
WHERE l.import_id = $import_id
"""

_UNKNOWN_COMPANY_OF_TOUCH: Final = """
SELECT count(*) FROM touch_accounts l ANTI JOIN accounts a ON a.account_id = l.account_id
WHERE l.import_id = $import_id AND EXISTS (FROM accounts)
"""

_CHANGE_OF_UNKNOWN_DEAL: Final = """
SELECT count(DISTINCT s.deal_id) FROM stage_changes s ANTI JOIN deals d ON d.deal_id = s.deal_id
WHERE s.import_id = $import_id
"""

_WAITING_ONE: Final = "1 link waits for a touch that is not in the workspace."
_WAITING_MANY: Final = "links wait for touches that are not in the workspace."

_AFTER_MERGE: Final = {  # one, many, how they are counted
    "deals": (
        (
            "1 deal closed before it was created.",
            "deals closed before they were created.",
            _CLOSED_BEFORE_CREATED,
        ),
        (
            "1 deal has a stage that disagrees with its outcome.",
            "deals have a stage that disagrees with their outcome.",
            _STAGE_DISAGREES,
        ),
        (
            "1 deal is won or lost without a closing date.",
            "deals are won or lost without a closing date.",
            _NO_CLOSING_DATE,
        ),
        (
            "1 deal names a company that is not in the workspace.",
            "deals name a company that is not in the workspace.",
            _DEAL_WITHOUT_ACCOUNT,
        ),
    ),
    "contacts": (
        (
            "1 contact names a company that is not in the workspace.",
            "contacts name a company that is not in the workspace.",
            _CONTACT_WITHOUT_ACCOUNT,
        ),
    ),
    "deal_contacts": (
        (
            "1 role names a deal that is not in the workspace.",
            "roles name a deal that is not in the workspace.",
            _ROLE_OF_UNKNOWN_DEAL,
        ),
    ),
    "deal_accounts": (
        (
            "1 link waits for a deal that is not in the workspace.",
            "links wait for deals that are not in the workspace.",
            _COMPANY_OF_UNKNOWN_DEAL,
        ),
        (
            "1 link names a company that is not in the workspace.",
            "links name companies that are not in the workspace.",
            _UNKNOWN_COMPANY_OF_DEAL,
        ),
    ),
    "touch_deals": (
        (
            "1 link waits for a deal that is not in the workspace.",
            "links wait for deals that are not in the workspace.",
            _LINK_WITH_UNKNOWN_DEAL,
        ),
        (_WAITING_ONE, _WAITING_MANY, _LINK_OF_UNKNOWN_TOUCH),
    ),
    "touch_contacts": (
        (_WAITING_ONE, _WAITING_MANY, _PERSON_OF_UNKNOWN_TOUCH),
        (
            "1 link names a person that is not in the workspace.",
            "links name people that are not in the workspace.",
            _UNKNOWN_PERSON_OF_TOUCH,
        ),
    ),
    "touch_accounts": (
        (_WAITING_ONE, _WAITING_MANY, _COMPANY_OF_UNKNOWN_TOUCH),
        (
            "1 link names a company that is not in the workspace.",
            "links name companies that are not in the workspace.",
            _UNKNOWN_COMPANY_OF_TOUCH,
        ),
    ),
    "stage_changes": (
        (
            "The stage changes of 1 deal wait for a deal that is not in the workspace.",
            "deals of stage changes are not in the workspace.",
            _CHANGE_OF_UNKNOWN_DEAL,
        ),
    ),
    "touchpoints": (
        (
            "1 touch names a deal that is not in the workspace.",
            "touches name a deal that is not in the workspace.",
            _UNKNOWN_DEAL,
        ),
        (
            "1 touch without a deal names a person that is not in the workspace.",
            "touches without a deal name a person that is not in the workspace.",
            _UNKNOWN_CONTACT,
        ),
    ),
}
_ATTRIBUTES_OF: Final = {"deals": "deal", "accounts": "company"}
_NAMES_SHOWN: Final = 8


def prepare(cursor: duckdb.DuckDBPyConnection) -> None:
    """Make room for the keys of records whose row is there already."""
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {SAID_AGAIN} (import_id VARCHAR, key VARCHAR)")


def are_any_said_again(cursor: duckdb.DuckDBPyConnection, import_id: str) -> bool:
    """Tell whether an import has records whose row was there already."""
    found = f"SELECT EXISTS (FROM {SAID_AGAIN} WHERE import_id = $import_id)"
    return bool(scalar(cursor, found, {"import_id": import_id}))


def after_merge(cursor: duckdb.DuckDBPyConnection, table: str, import_id: str) -> Iterator[str]:
    """Yield the doubts about a table's rows of one import; ask when every file is merged."""
    for one, many, query in _AFTER_MERGE.get(table, ()):
        count = scalar(cursor, query, {"import_id": import_id})
        if count:
            yield one if count == 1 else f"{count:,} {many}"


def while_staged(
    cursor: duckdb.DuckDBPyConnection, binding: Binding, currency: str
) -> Iterator[str]:
    """Yield the doubts about the file that is staged and typed."""
    yield from _made_up_ids(binding)
    yield from _unused(binding)
    yield from _assumed_currency(cursor, binding, currency)
    yield from _by_recipe(cursor, binding)
    yield from _left_blank(cursor, binding)


def _made_up_ids(binding: Binding) -> Iterator[str]:
    for cell in binding.of(0):
        if cell.joined and not cell.places and cell.column.name in binding.recipe.table.key:
            names = [binding.layout.header[place] for place in cell.joined]
            yield f"The file has no id column; records are told apart by {', '.join(names)}."


def _unused(binding: Binding) -> Iterator[str]:
    if binding.layout.title_lines:
        yield f"The header was found after {binding.layout.title_lines} lines, which are left out."
    if binding.attributes:
        kept = [binding.layout.header[place] for place in binding.attributes]
        owner = _ATTRIBUTES_OF[binding.recipe.table.name]
        yield f"Kept as attributes of the {owner}: {_listed(kept)}."
    if binding.unused:
        yield f"Not used: {_listed(binding.unused)}."


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMES_SHOWN
    return ", ".join(names[:_NAMES_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


def _assumed_currency(
    cursor: duckdb.DuckDBPyConnection, binding: Binding, currency: str
) -> Iterator[str]:
    count = records_without_currency(cursor, binding)
    if count:
        records = "1 record names" if count == 1 else f"{count:,} records name"
        yield f"{records} no currency; {currency} is assumed where no symbol says otherwise."


def records_without_currency(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> int:
    """Count the accepted records with an amount whose currency is assumed."""
    amount = binding.main_amount
    stated = next((c for c in binding.of(0) if c.column.name == "currency"), None)
    if amount is None:
        return 0
    has_amount = f"t.e0_{amount.column.name} IS NOT NULL"
    if stated:
        return _accepted(cursor, f"{has_amount} AND {stated.text()} IS NULL")
    every = f"SELECT count(*) FROM {TYPED} t WHERE t.reason IS NULL AND {has_amount}"  # noqa: S608
    return int(scalar(cursor, every))


def _accepted(cursor: duckdb.DuckDBPyConnection, condition: str) -> int:
    """Count the accepted records for which a condition on typed or staged columns holds."""
    return int(
        scalar(
            cursor,
            f"SELECT count(*) FROM {TYPED} t JOIN {STAGED} s ON s.row = t.row"  # noqa: S608
            f" WHERE t.reason IS NULL AND {condition}",
        )
    )


def _by_recipe(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> Iterator[str]:
    for doubt in binding.recipe.doubts:
        place = binding.place(doubt.header)
        if place is None:
            continue
        expected = ", ".join(map(literal, doubt.unless))
        count = _accepted(cursor, f"lower({trimmed(f's.c{place}')}) NOT IN ({expected})")
        if count:
            yield f"{doubt.words}: {count:,}."


def _left_blank(cursor: duckdb.DuckDBPyConnection, binding: Binding) -> Iterator[str]:
    for cell in binding.of_kind(Kind.INTEGER, Kind.PROBABILITY):
        stored = f"t.e{cell.emission}_{cell.column.name}"
        count = _accepted(cursor, f"{stored} IS NULL AND {cell.text()} IS NOT NULL")
        if count:
            yield f"Left blank in '{binding.header(cell)}' because it is no number: {count:,}."
