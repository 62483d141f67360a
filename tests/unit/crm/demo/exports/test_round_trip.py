"""Importing an export rebuilds the workspace, up to what the format cannot carry."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from core import schema
from core.crm.demo import DemoOptions, load, read_truth, simulate
from core.crm.demo.exports import Dirt, export
from core.crm.demo.exports.salesforce import carried_by_campaigns
from core.crm.importing import import_files
from core.crm.receipts import SourceFile, Status
from core.errors import DataError
from core.workspace import Workspace

ENDS_ON = date(2026, 11, 20)
IMPORTED_AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LINEAGE = ("import_id", "source_line")
EMAIL = "email_key"  # keyed by the workspace; the demo's own tables have none
LETTERS = {
    "account_id": "A",
    "contact_id": "P",
    "deal_id": "D",
    "owner_id": "U",
    "campaign_id": "C",
    "touch_id": "T",
}


@pytest.fixture(scope="module")
def company():
    return simulate(DemoOptions(deals=200, ends_on=ENDS_ON))


@pytest.fixture(scope="module")
def original(company):
    with Workspace.in_memory() as workspace:
        load(workspace, company)
        yield workspace


def imported(workspace, company, crm, dirt=()):
    files = [SourceFile(name, data) for name, data in export(company, crm, dirt).items()]
    return import_files(workspace, files, IMPORTED_AT)


def content(workspace, table):
    key = ", ".join(schema.TABLES[table].key)
    rows = workspace.query(f"SELECT * FROM {table} ORDER BY {key}")
    return rows.drop(*LINEAGE, *[name for name in rows.columns if name == EMAIL])


def ours(frame):
    """Turn ids of Salesforce back into ours: 006 5g0 000000042 AAA is D000042."""
    return frame.with_columns(
        pl.format(f"{letter}{{}}", pl.col(name).str.slice(6, 9).str.slice(-6))
        for name, letter in LETTERS.items()
        if name in frame.columns
    ).sort(pl.all())


@pytest.fixture(scope="module")
def from_salesforce(company):
    with Workspace.in_memory() as workspace:
        receipts = imported(workspace, company, "salesforce")
        assert {receipt.status for receipt in receipts} == {Status.ACCEPTED}
        yield workspace


def test_the_template_carries_everything(company, original):
    with Workspace.in_memory() as workspace:
        receipts = imported(workspace, company, "template")
        assert {receipt.status for receipt in receipts} == {Status.ACCEPTED}
        for table in schema.TABLES:
            assert content(workspace, table).equals(content(original, table)), table


def test_a_dirty_template_loses_only_what_the_dirt_took(company, original):
    with Workspace.in_memory() as workspace:
        receipts = {r.file: r for r in imported(workspace, company, "template", tuple(Dirt))}
        deals, before = content(workspace, "deals"), content(original, "deals")
        assert receipts["deals.csv"].rejected == receipts["deals.csv"].rows_in - 200
        assert deals["deal_id"].equals(before["deal_id"])
        for column in ("name", "stage", "is_won", "currency", "expected_close_at"):
            assert deals[column].equals(before[column]), column
        assert deals["created_at"].dt.date().equals(before["created_at"].dt.date())
        same = deals["amount_minor"].eq_missing(before["amount_minor"])
        assert (same | deals["amount_minor"].is_null()).all()
        assert 0 < (~same).sum() < 40


@pytest.mark.parametrize(
    ("table", "lost"),
    [
        ("accounts", ()),
        ("contacts", ()),
        ("deal_contacts", ()),
        ("stage_changes", ()),
        ("campaigns", ()),
        ("owners", ("team",)),
    ],
)
def test_salesforce_carries_these_tables(original, from_salesforce, table, lost):
    before = content(original, table).drop(lost).sort(pl.all())
    assert ours(content(from_salesforce, table).drop(lost)).equals(before)


def test_salesforce_carries_deals_but_the_time_of_the_close(original, from_salesforce):
    lost = ["pipeline", "closed_at", "closed_at_epoch", "closed_at_is_date", "attributes"]
    before, after = content(original, "deals"), ours(content(from_salesforce, "deals"))
    assert after.drop(lost).equals(before.drop(lost).sort(pl.all()))
    closed = pl.col("closed_at").dt.date()
    assert after.sort("deal_id").select(closed).equals(before.sort("deal_id").select(closed))
    assert after["closed_at_is_date"].drop_nulls().all()


def test_salesforce_carries_sales_activities_and_first_responses(
    company, original, from_salesforce
):
    touches = company.tables["touchpoints"]
    carried = carried_by_campaigns(touches)["touch_id"].to_list()
    outbound = touches.filter(pl.col("channel") == "Outbound")["touch_id"].to_list()
    query = """
        SELECT touch_id, channel, contact_id, account_id, occurred_at::DATE AS day
        FROM touches
    """
    before = original.query(query).filter(pl.col("touch_id").is_in([*carried, *outbound]))
    assert ours(from_salesforce.query(query)).equals(before.sort(pl.all()))


def test_own_data_takes_the_place_of_the_demo_and_of_its_truth(company):
    with Workspace.in_memory() as workspace:
        load(workspace, simulate(DemoOptions(deals=30, seed=3, ends_on=ENDS_ON)))
        imported(workspace, company, "template")
        assert workspace.count("deals") == 200
        schemas = workspace.query("SELECT DISTINCT schema_name FROM duckdb_tables()")
        assert set(schemas["schema_name"]) == {"main", "past"}
        with pytest.raises(DataError):
            read_truth(workspace)
