"""Samples of real exports, where they are at hand: all of them import with the right counts."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.crm.importing import import_files
from core.crm.receipts import SourceFile
from core.workspace import Workspace

SAMPLES = Path(os.environ.get("CRM_SAMPLES", Path(__file__).parents[3] / "shared" / "crm_samples"))
NOW = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not here")


def imported(folder):
    files = [SourceFile(p.name, p.read_bytes()) for p in sorted((SAMPLES / folder).glob("*.csv"))]
    workspace = Workspace.in_memory()
    receipts = {receipt.file: receipt for receipt in import_files(workspace, files, NOW)}
    return receipts, workspace


def counts(receipts):
    return {file: (one.table, one.rows_in, one.loaded) for file, one in receipts.items()}


def test_tables_of_a_hubspot_warehouse():
    receipts, workspace = imported("hubspot_warehouse")

    assert counts(receipts) == {
        "company_data.csv": ("accounts", 20, 20),
        "contact_form_submission_data.csv": ("touchpoints", 5, 5),
        "deal_company_data.csv": ("deal_accounts", 2, 2),
        "deal_contact_data.csv": ("deal_contacts", 11, 11),
        "deal_pipeline_data.csv": ("pipelines", 6, 6),
        "deal_pipeline_stage_data.csv": ("stages", 20, 19),  # one is marked as deleted
        "deal_property_history_data.csv": ("stage_changes", 20, 0),  # names are scrambled
        "email_event_data.csv": ("touchpoints", 20, 20),
        "engagement_call_data.csv": ("touchpoints", 1, 1),
        "engagement_data.csv": ("touch_kinds", 1, 1),
        "engagement_deal_data.csv": ("touch_deals", 1, 1),
        "engagement_email_data.csv": ("touchpoints", 1, 1),
        "owner_data.csv": ("owners", 20, 20),
    }
    assert {one.reason for one in receipts["deal_property_history_data.csv"].rejects} == {
        "other_record"
    }
    workspace.close()


def test_tables_of_a_salesforce_warehouse():
    receipts, workspace = imported("salesforce_warehouse")

    assert receipts["sf_opportunity_data.csv"].table == "deals"
    assert receipts["sf_opportunity_history_data.csv"].table == "stage_changes"
    for receipt in receipts.values():  # every record of the sample is marked as deleted
        assert {one.reason for one in receipt.rejects} == {"deleted_record"}
    workspace.close()


@pytest.mark.parametrize(
    ("folder", "deals", "rows"), [("salesforce_api", 40, 228), ("salesforce_devorg", 36, 102)]
)
def test_salesforce_exports(folder, deals, rows):
    receipts, workspace = imported(folder)

    assert sum(one.rows_in for one in receipts.values()) == rows
    assert all(one.rejected == 0 for one in receipts.values())
    assert workspace.count("deals") == deals
    joined = workspace.query(
        "SELECT count(*) FROM deals d JOIN accounts a USING (account_id)"
    ).item()
    assert joined >= deals - 2  # two opportunities of the sample name accounts that are not in it
    workspace.close()
