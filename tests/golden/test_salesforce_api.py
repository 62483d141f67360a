"""Salesforce exports with API names, in any order of files: what is stored and what joins."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.crm.importing import import_files
from core.crm.receipts import SourceFile
from core.workspace import Workspace

FOLDER = Path(__file__).with_name("salesforce_api")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _imported(workspace, seed=0):
    files = [SourceFile(path.name, path.read_bytes()) for path in sorted(FOLDER.glob("*.csv"))]
    random.Random(seed).shuffle(files)  # noqa: S311 - an order, not a secret
    receipts = import_files(workspace, files, NOW)
    return {receipt.file.removesuffix(".csv"): receipt for receipt in receipts}


@pytest.fixture(scope="module")
def receipts_and_workspace():
    with Workspace.in_memory() as workspace:
        yield _imported(workspace), workspace


@pytest.fixture
def workspace(receipts_and_workspace):
    return receipts_and_workspace[1]


@pytest.fixture
def receipts(receipts_and_workspace):
    return receipts_and_workspace[0]


@pytest.mark.parametrize(
    ("file", "table", "loaded", "rejected"),
    [
        ("Account", "accounts", 2, 1),  # one is marked as deleted
        ("Contact", "contacts", 3, 0),
        ("Lead", "contacts", 2, 0),
        ("Campaign", "campaigns", 3, 0),
        ("CampaignMember", "touchpoints", 3, 0),
        ("Task", "touchpoints", 3, 0),
        ("Opportunity", "deals", 3, 0),
        ("OpportunityHistory", "stage_changes", 2, 0),
        ("OpportunityContactRole", "deal_contacts", 1, 0),
    ],
)
def test_each_file_is_recognised_and_counted(receipts, file, table, loaded, rejected):
    receipt = receipts[file]

    assert (receipt.table, receipt.loaded, receipt.rejected) == (table, loaded, rejected)
    assert receipt.rows_in == loaded + rejected


def test_a_deleted_record_is_rejected_and_not_forgotten(receipts):
    assert [reject.reason for reject in receipts["Account"].rejects] == ["deleted_record"]


def test_an_open_opportunity_has_an_expected_day_and_no_outcome(workspace):
    rows = workspace.query(
        "SELECT outcome, closed_at::DATE::VARCHAR, expected_close_at::VARCHAR FROM deal_facts"
        " ORDER BY outcome"
    ).rows()
    assert rows == [
        ("lost", "2025-03-15", "2025-03-15"),
        ("open", None, "2025-09-30"),
        ("won", "2025-03-01", "2025-03-01"),
    ]


def test_a_closing_date_is_a_day_and_a_creation_date_is_a_moment(workspace):
    rows = workspace.query(
        "SELECT DISTINCT closed_at_is_date, created_at_is_date FROM deals WHERE is_won"
    ).rows()
    assert rows == [(True, False)]


def test_touches_find_their_channel_campaign_person_and_company(workspace):
    rows = workspace.query(
        "SELECT touch_id[11:15], left(occurred_at::VARCHAR, 16), channel, campaign, kind,"
        " contact_id[11:15], account_id[11:15], deal_id[11:15] FROM touches ORDER BY 1"
    ).rows()
    none = "(no campaign)"
    assert rows == [
        # the lead that answered became the contact Anna; the response counts, not the sending
        ("MembA", "2025-01-08 00:00", "Email", "Newsletter", "responded", "AnnaA", "AcmeA", None),
        ("MembB", "2025-01-16 10:00", "Events", "Spring fair", "sent", "AnnaA", "AcmeA", None),
        ("MembC", "2025-02-01 10:00", "Radio", "Radio", "sent", "BertB", "BoltB", None),
        ("TaskA", "2025-02-03 00:00", "Outbound", none, "call", "AnnaA", "AcmeA", None),
        ("TaskB", "2025-02-04 00:00", "Outbound", none, "email", None, "BoltB", "OpenC"),
        ("TaskC", "2025-01-10 09:00", "Outbound", none, "task", "LoneC", None, None),
    ]


def test_ids_of_15_characters_join_those_of_18(workspace):
    joined = workspace.query(
        "SELECT count(*) FROM deal_contacts c JOIN deals d USING (deal_id)"
        " JOIN contacts p ON p.contact_id = c.contact_id"
    ).item()
    assert joined == 1


def test_extra_columns_stay_with_the_deal(workspace):
    kept = workspace.query("SELECT attributes FROM deals WHERE attributes <> '{}' ORDER BY 1")
    assert kept["attributes"].to_list() == ['{"Region__c":"North"}', '{"Region__c":"South"}']


def test_no_e_mail_address_is_stored(workspace):
    keys = workspace.query("SELECT email_key FROM contacts WHERE email_key IS NOT NULL")
    assert all(key.startswith("email-") for key in keys["email_key"])
    assert keys["email_key"].n_unique() == 3  # Anna as lead and as contact is one person


@pytest.mark.parametrize("seed", range(1, 4))
def test_the_order_of_the_files_does_not_matter(workspace, seed):
    query = "SELECT * EXCLUDE (email_key) FROM {} ORDER BY ALL"
    with Workspace.in_memory() as other:
        _imported(other, seed)
        for table in ("accounts", "contacts", "campaigns", "touchpoints", "stage_changes"):
            statement = query.format(table)
            if table != "contacts":
                statement = statement.replace(" EXCLUDE (email_key)", "")
            assert other.query(statement).rows() == workspace.query(statement).rows()
        assert other.fingerprint() == workspace.fingerprint()
