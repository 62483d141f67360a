"""Reports, smaller CRMs and advertising platforms: what a typical file of each becomes."""

import pytest

from core.workspace import Workspace
from tests.exports import load

REPORT = """\
"Opportunity Owner","Account Name","Opportunity Name","Stage","Amount Currency","Amount",\
"Close Date","Created Date","Lead Source","Region"
"Dana","Acme","Acme lift","Closed Won","EUR","220,000.00","2/3/2026","1/20/2026","Web","North"
"Dana","Bolt","Bolt lab","Prospecting","EUR","60,000.00","3/31/2026","1/6/2026","",""

"Grand Totals (2 records)"

"Confidential Information - Do Not Distribute"
"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."
"""
PIPEDRIVE = """\
Deal - ID,Deal - Title,Deal - Value,Deal - Currency,Deal - Stage,Deal - Status,Deal - Owner,\
Deal - Deal created,Deal - Won time,Deal - Lost time,Organization - Name,Person - Email
1,A,100,EUR,Offer,Won,Ana,2025-01-02 10:00:00,2025-02-02 10:00:00,,Acme,a@example.com
2,B,100,EUR,Offer,Lost,Ana,2025-01-02 10:00:00,,2025-02-03 10:00:00,Acme,
3,C,,EUR,Offer,Open,Ana,2025-01-02 10:00:00,,,Acme,
"""
ZOHO = """\
Record Id,Deal Name,Account Name,Amount,Stage,Closing Date,Created Time,Deal Owner,Currency
zcrm_1,A,Acme,5.50,Closed Won,2025-03-01,2025-01-02 10:00:00,Ana,EUR
zcrm_2,B,Acme,5.50,Negotiation,2025-12-01,2025-01-02 10:00:00,Ana,EUR
"""
GOOGLE = """\
Campaign report
"1 January 2025 - 31 January 2025"
Day,Campaign,Currency code,Cost
2025-01-02,Brand,EUR,"1,012.50"
Total: Account
"""
LINKEDIN = (
    "Campaign Performance Report (in UTC)\n\nStart Date (in UTC)\tCurrency\tCampaign Name\t"
    "Total Spent\n1/31/2025\tUSD\tCFOs\t12.40\n"
)


@pytest.fixture
def workspace():
    with Workspace.in_memory() as made:
        yield made


def _facts(workspace):
    return workspace.query(
        "SELECT name, outcome, left(closed_at::VARCHAR, 10), amount_minor, account, owner"
        " FROM deal_facts ORDER BY name"
    ).rows()


def test_a_salesforce_report_loses_its_totals_and_notes_and_names_its_deals(workspace):
    receipt = load(workspace, REPORT.encode())

    assert (receipt.source, receipt.rows_in, receipt.loaded) == (
        "salesforce_report/opportunities",
        2,
        2,
    )
    assert "Lines of totals and notes left out: 3." in receipt.warnings
    assert any("no id column" in warning for warning in receipt.warnings)
    assert _facts(workspace) == [
        ("Acme lift", "won", "2026-02-03", 22_000_000, "Acme", "Dana"),
        ("Bolt lab", "open", None, 6_000_000, "Bolt", "Dana"),
    ]


def test_pipedrive_deals_have_an_outcome_by_status(workspace):
    assert load(workspace, PIPEDRIVE.encode()).source == "pipedrive/deals"

    assert _facts(workspace) == [
        ("A", "won", "2025-02-02", 10_000, "Acme", "Ana"),
        ("B", "lost", "2025-02-03", 10_000, "Acme", "Ana"),
        ("C", "open", None, None, "Acme", "Ana"),
    ]
    assert workspace.query("SELECT contact_id LIKE 'email-%' FROM deal_contacts").item()


def test_zoho_deals_have_an_outcome_by_stage(workspace):
    assert load(workspace, ZOHO.encode()).source == "zoho/deals"

    assert _facts(workspace) == [
        ("A", "won", "2025-03-01", 550, "Acme", "Ana"),
        ("B", "open", None, 550, "Acme", "Ana"),
    ]


def test_advertising_platforms_give_spend_by_channel_campaign_and_day(workspace):
    assert load(workspace, GOOGLE.encode()).source == "google_ads/campaigns"
    assert load(workspace, LINKEDIN.encode("utf-16")).source == "linkedin_ads/campaigns"

    spend = "SELECT channel, campaign, day::VARCHAR, amount_minor, currency FROM spend ORDER BY 1"
    assert workspace.query(spend).rows() == [
        ("Paid search", "Brand", "2025-01-02", 101_250, "EUR"),
        ("Paid social", "CFOs", "2025-01-31", 1_240, "USD"),
    ]


META = """\
Campaign name,Reporting starts,Reporting ends,Amount spent (EUR),Impressions
Brand,2025-01-02,2025-01-02,12.50,100
"""
HISTORY = """\
"Opportunity Name","Account Name","From Stage","To Stage","Amount","Created Date","Last Modified"
"Acme lift","Acme","","Prospecting","220,000.00","1/20/2026","1/21/2026"
"Acme lift","Acme","Prospecting","Closed Won","220,000.00","1/20/2026","2/23/2026"

"Grand Totals (2 records)"
"""


def test_meta_names_the_currency_of_its_spend_in_the_header(workspace):
    receipt = load(workspace, META.encode())

    assert (receipt.source, receipt.loaded) == ("meta_ads/campaigns", 1)
    spend = workspace.query("SELECT channel, campaign, amount_minor, currency FROM spend").row(0)
    assert spend == ("Paid social", "Brand", 1_250, "EUR")


def test_a_salesforce_history_report_belongs_to_the_deals_of_the_opportunity_report(workspace):
    load(workspace, REPORT.encode())
    receipt = load(workspace, HISTORY.encode())

    assert (receipt.source, receipt.loaded) == ("salesforce_report/opportunity_history", 2)
    joined = workspace.query(
        "SELECT d.name, s.stage FROM stage_changes s JOIN deals d USING (deal_id) ORDER BY 2"
    ).rows()
    assert joined == [("Acme lift", "Closed Won"), ("Acme lift", "Prospecting")]


def test_a_meta_export_without_spend_is_refused_by_name(workspace):
    export = META.replace("Amount spent (EUR)", "Clicks")

    assert load(workspace, export.encode()).error.startswith("missing_columns")
