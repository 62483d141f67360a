"""Warnings about the rows an import stored, asked when every file is merged: a row may come first.

Rows that contradict themselves, and rows that name what is nowhere in the workspace.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import duckdb

from core.crm.layers import scalar
from core.quality_checks import STAGE_DISAGREES

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

_STAGE_DISAGREES: Final = f"{_OF_DEALS} AND {STAGE_DISAGREES}"

_NO_CLOSING_DATE: Final = f"{_OF_DEALS} AND is_won IS NOT NULL AND closed_at IS NULL"

_UNKNOWN_DEAL: Final = f"""
SELECT count(*) FROM touchpoints t ANTI JOIN deals d ON d.deal_id = t.deal_id
WHERE t.deal_id IS NOT NULL AND (t.import_id = $import_id OR t.touch_id IN (
    SELECT key FROM {SAID_AGAIN} WHERE import_id = $import_id))
"""  # noqa: S608

_CHANGE_OF_UNKNOWN_DEAL: Final = """
SELECT count(DISTINCT s.deal_id) FROM stage_changes s ANTI JOIN deals d ON d.deal_id = s.deal_id
WHERE s.import_id = $import_id
"""


def _nowhere(table: str, key: str, named: str, *, where: str = "true", even_if_none: bool) -> str:
    """Return the query that counts the rows of an import whose key no row of another table has.

    A workspace without any row of the other table, such as one that has no companies, is asked
    only where that is a doubt, too.
    """
    asked = "true" if even_if_none else f"EXISTS (FROM {named})"
    return f"""
SELECT count(*) FROM {table} r ANTI JOIN {named} n ON n.{key} = r.{key}
WHERE r.import_id = $import_id AND r.{key} IS NOT NULL AND {where} AND {asked}
"""  # noqa: S608


class _Doubt(NamedTuple):
    """What is said of one row and of many, and the query that counts them."""

    one: str
    many: str
    query: str


def _waits(table: str, key: str, named: str, what: str) -> _Doubt:
    """Return the doubt about links that come before what they link."""
    return _Doubt(
        f"1 link waits for a {what} that is not in the workspace.",
        f"links wait for {what}{'es' if what == 'touch' else 's'} that are not in the workspace.",
        _nowhere(table, key, named, even_if_none=True),
    )


_DOUBTS: Final = {
    "deals": (
        _Doubt(
            "1 deal closed before it was created.",
            "deals closed before they were created.",
            _CLOSED_BEFORE_CREATED,
        ),
        _Doubt(
            "1 deal has a stage that disagrees with its outcome.",
            "deals have a stage that disagrees with their outcome.",
            _STAGE_DISAGREES,
        ),
        _Doubt(
            "1 deal is won or lost without a closing date.",
            "deals are won or lost without a closing date.",
            _NO_CLOSING_DATE,
        ),
        _Doubt(
            "1 deal names a company that is not in the workspace.",
            "deals name a company that is not in the workspace.",
            _nowhere("deals", "account_id", "accounts", even_if_none=False),
        ),
    ),
    "contacts": (
        _Doubt(
            "1 contact names a company that is not in the workspace.",
            "contacts name a company that is not in the workspace.",
            _nowhere("contacts", "account_id", "accounts", even_if_none=False),
        ),
    ),
    "deal_contacts": (
        _Doubt(
            "1 role names a deal that is not in the workspace.",
            "roles name a deal that is not in the workspace.",
            _nowhere("deal_contacts", "deal_id", "deals", even_if_none=True),
        ),
    ),
    "deal_accounts": (
        _waits("deal_accounts", "deal_id", "deals", "deal"),
        _Doubt(
            "1 link names a company that is not in the workspace.",
            "links name companies that are not in the workspace.",
            _nowhere("deal_accounts", "account_id", "accounts", even_if_none=False),
        ),
    ),
    "touch_deals": (
        _waits("touch_deals", "deal_id", "deals", "deal"),
        _waits("touch_deals", "touch_id", "touchpoints", "touch"),
    ),
    "touch_contacts": (
        _waits("touch_contacts", "touch_id", "touchpoints", "touch"),
        _Doubt(
            "1 link names a person that is not in the workspace.",
            "links name people that are not in the workspace.",
            _nowhere("touch_contacts", "contact_id", "contacts", even_if_none=False),
        ),
    ),
    "touch_accounts": (
        _waits("touch_accounts", "touch_id", "touchpoints", "touch"),
        _Doubt(
            "1 link names a company that is not in the workspace.",
            "links name companies that are not in the workspace.",
            _nowhere("touch_accounts", "account_id", "accounts", even_if_none=False),
        ),
    ),
    "stage_changes": (
        _Doubt(
            "The stage changes of 1 deal wait for a deal that is not in the workspace.",
            "deals of stage changes are not in the workspace.",
            _CHANGE_OF_UNKNOWN_DEAL,
        ),
    ),
    "touchpoints": (
        _Doubt(
            "1 touch names a deal that is not in the workspace.",
            "touches name a deal that is not in the workspace.",
            _UNKNOWN_DEAL,
        ),
        _Doubt(
            "1 touch without a deal names a person that is not in the workspace.",
            "touches without a deal name a person that is not in the workspace.",
            _nowhere(
                "touchpoints", "contact_id", "contacts", where="r.deal_id IS NULL",
                even_if_none=False,
            ),
        ),
    ),
}  # fmt: skip


def prepare(cursor: duckdb.DuckDBPyConnection) -> None:
    """Make room for the keys of records whose row is there already."""
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {SAID_AGAIN} (import_id VARCHAR, key VARCHAR)")


def are_any_said_again(cursor: duckdb.DuckDBPyConnection, import_id: str) -> bool:
    """Tell whether an import has records whose row was there already."""
    found = f"SELECT EXISTS (FROM {SAID_AGAIN} WHERE import_id = $import_id)"
    return bool(scalar(cursor, found, {"import_id": import_id}))


def after_merge(cursor: duckdb.DuckDBPyConnection, table: str, import_id: str) -> Iterator[str]:
    """Yield the doubts about a table's rows of one import; ask when every file is merged."""
    for doubt in _DOUBTS.get(table, ()):
        count = scalar(cursor, doubt.query, {"import_id": import_id})
        if count:
            yield doubt.one if count == 1 else f"{count:,} {doubt.many}"
