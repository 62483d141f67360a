"""HubSpot's files rebuild deals, people, companies and touches, to the minute."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from core.crm.demo import DemoOptions, load, simulate
from core.crm.demo.exports import export
from core.crm.demo.exports.hubspot import FIRST_RECORD
from core.crm.importing import ImportOptions, import_files
from core.crm.mapping import parse_mapping
from core.crm.receipts import SourceFile, Status
from core.workspace import Workspace

ENDS_ON = date(2026, 11, 20)
IMPORTED_AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
FILE = "hubspot-crm-exports-all-{}-2026-11-20.csv"
LETTERS = {"account_id": "A", "contact_id": "P", "deal_id": "D", "touch_id": "T"}

MAPPINGS = {
    "companies": """
        table = "accounts"
        [columns]
        account_id = "Record ID"
        name = "Company name"
        industry = "Industry"
        employees = "Number of Employees"
        region = "Country/Region"
        created_at = "Create Date"
    """,
    "contacts": """
        table = "contacts"
        [columns]
        contact_id = "Record ID"
        account_id = "Associated Company IDs"
        title = "Job Title"
        created_at = "Create Date"
    """,
    "deals": """
        table = "deals"
        [columns]
        deal_id = "Record ID"
        account_id = "Associated Company IDs"
        name = "Deal Name"
        pipeline = "Pipeline"
        stage = "Deal Stage"
        kind = "Deal Type"
        next_step = "Next step"
        amount = "Amount"
        currency = "Currency"
        created_at = "Create Date"
        closed_at = { from = "Close Date", when = "Is Deal Closed?" }
        is_won = { from = "Is Closed Won", when = "Is Deal Closed?" }
    """,
    "activities": """
        table = "touchpoints"
        [columns]
        touch_id = "Record ID"
        occurred_at = "Activity date"
        channel = "Channel"
        campaign = "Campaign"
        kind = "Activity type"
        contact_id = "Associated Contact IDs"
        account_id = "Associated Company IDs"
        deal_id = "Associated Deal IDs"
    """,
}
TABLES = {
    "companies": ("accounts", ["name", "industry", "employees", "region"]),
    "contacts": ("contacts", ["account_id", "title"]),
    "deals": (
        "deals",
        [
            *("account_id", "name", "pipeline", "stage", "kind", "next_step"),
            *("amount_minor", "currency", "is_won", "closed_at"),
        ],
    ),
    "activities": (
        "touchpoints",
        ["channel", "campaign", "kind", "contact_id", "account_id", "deal_id", "occurred_at"],
    ),
}


@pytest.fixture(scope="module")
def company():
    return simulate(DemoOptions(deals=150, ends_on=ENDS_ON))


@pytest.fixture(scope="module")
def original(company):
    with Workspace.in_memory() as workspace:
        load(workspace, company)
        yield workspace


def to_minutes(frame):
    return frame.with_columns(pl.col(pl.Datetime).dt.truncate("1m"))


def ours(frame):
    """Turn record ids of HubSpot back into ours: 20000000042 is D000042."""
    return frame.with_columns(
        pl.format(
            f"{letter}{{}}",
            (pl.col(name).cast(pl.Int64) - FIRST_RECORD).cast(pl.String).str.zfill(6),
        ).alias(name)
        for name, letter in LETTERS.items()
        if name in frame.columns
    )


@pytest.mark.parametrize("kind", MAPPINGS)
def test_a_hubspot_file_rebuilds_its_table(company, original, kind):
    table, columns = TABLES[kind]
    name = FILE.format(kind)
    files = [SourceFile(name, export(company, "hubspot")[name])]
    options = ImportOptions(mapping=parse_mapping(MAPPINGS[kind]))
    query = f"SELECT {', '.join(columns)} FROM {table}"
    with Workspace.in_memory() as workspace:
        receipt = import_files(workspace, files, IMPORTED_AT, options)[0]
        assert receipt.status is Status.ACCEPTED, receipt
        rebuilt = ours(workspace.query(query)).sort(pl.all())
    assert rebuilt.equals(to_minutes(original.query(query)).sort(pl.all()))
