"""Simulate a company; put it into a workspace."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

import polars as pl

from core import snapshots
from core.crm.demo import truth
from core.crm.demo.ledger import Ledger
from core.crm.demo.options import DemoOptions
from core.crm.demo.story import tell
from core.crm.demo.tables import write
from core.crm.demo.truth import Truth
from core.exchange import record_rates
from core.workspace import Workspace, set_meta

SOURCE = "demo"


@dataclass(frozen=True)
class Company:
    """A simulated company.

    Parameters
    ----------
    options
        What decided it.
    tables
        Every canonical table by name, with exactly its stored columns.
    truth
        What each channel really did.
    """

    options: DemoOptions
    tables: Mapping[str, pl.DataFrame]
    truth: Truth


def simulate(options: DemoOptions) -> Company:
    """Return a company with three years of history whose every channel effect is known.

    Examples
    --------
    >>> from datetime import date
    >>> company = simulate(DemoOptions(deals=20, ends_on=date(2026, 11, 20)))
    >>> company.tables["deals"].height
    20
    """
    ledger = Ledger(tell(options), options.seed, options.identity)
    return Company(options, write(ledger), truth.measure(ledger, options))


def load(workspace: Workspace, company: Company) -> None:
    """Replace everything in a workspace by a simulated company, or change nothing."""
    with workspace.transaction() as cursor:
        snapshots.forget_all(cursor)
        for name, frame in company.tables.items():
            workspace.insert(cursor, name, frame)
        made = _import_row(company)
        snapshots.begin(cursor, made["imported_at"][0], is_undoable=False)
        workspace.insert(cursor, "imports", made)
        set_meta(cursor, "kind", "demo")
        set_meta(cursor, "as_of", company.options.ends_on.isoformat())
        record_rates(cursor)
        truth.store(cursor, company.truth)


def _import_row(company: Company) -> pl.DataFrame:
    rows = sum(frame.height for frame in company.tables.values())
    # No clock: the same options give the same workspace, down to the time of the import.
    imported_at = datetime.combine(company.options.ends_on, time.max, UTC).replace(tzinfo=None)
    return pl.DataFrame(
        {
            "import_id": [company.options.identity],
            "sequence": [1],
            "file_name": [SOURCE],
            "file_hash": [company.options.identity],
            "source": [SOURCE],
            "table_name": ["deals"],
            "status": ["accepted"],
            "rows_in": [rows],
            "loaded": [rows],
            "rejected": [0],
            "warnings": [json.dumps([])],
            "imported_at": [imported_at.replace(microsecond=0)],
            "snapshot": [1],
        }
    )
