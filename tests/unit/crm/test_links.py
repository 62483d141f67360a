"""Links that a warehouse keeps in tables of their own join the records, whatever comes first."""

import pytest

from core.crm.importing import import_files
from core.crm.receipts import SourceFile
from core.undo import undo
from tests.exports import NOW
from tests.states import derived_of, state_of

COMPANIES = """id,property_name,property_createdate,_fivetran_synced
C1,Northwind,2024-01-01,2025-01-01
C2,Kestrel,2024-01-01,2025-01-01
"""
DEALS = """deal_id,property_dealname,property_createdate,property_closedate,property_amount,\
deal_pipeline_id,property_hs_is_closed,property_hs_is_closed_won
D1,One,2025-01-01,2025-03-01,100,p1,true,true
D2,Two,2025-01-01,2025-03-01,50,p1,true,true
""".replace("\\\n", "")
DEAL_COMPANY = """company_id,deal_id,type_id,category
C1,D1,341,HUBSPOT_DEFINED
C2,D1,5,HUBSPOT_DEFINED
C1,D2,341,HUBSPOT_DEFINED
C1,D9,341,HUBSPOT_DEFINED
"""
CALLS = """engagement_id,property_hs_timestamp,_fivetran_synced,_fivetran_deleted
E1,2025-02-01 10:00:00,2025-01-01,false
E2,2025-02-02 10:00:00,2025-01-01,false
"""
ENGAGEMENTS = """id,type,_fivetran_synced,portal_id
E1,CALL,2025-01-01,7
E2,MEETING,2025-01-01,7
"""
ENGAGEMENT_DEAL = """deal_id,engagement_id,engagement_type,type_id,_fivetran_synced,category
D1,E1,CALL,216,2025-01-01,HUBSPOT_DEFINED
D2,E1,CALL,216,2025-01-01,HUBSPOT_DEFINED
D2,E2,MEETING,216,2025-01-01,HUBSPOT_DEFINED
"""
PIPELINES = """pipeline_id,_fivetran_deleted,_fivetran_synced,active,display_order,label
p1,false,2025-01-01,true,0,New business
"""
PEOPLE = """id,property_email,property_createdate,property_associatedcompanyid,_fivetran_synced
P1,ada@example.com,2024-01-01,C1,2025-01-01
P2,bob@example.com,2024-01-01,C2,2025-01-01
P3,cem@example.com,2024-01-01,,2025-01-01
"""
DEAL_CONTACT = """contact_id,deal_id,type_id,category
P2,D1,3,HUBSPOT_DEFINED
P3,D2,3,HUBSPOT_DEFINED
"""
ENGAGEMENT_CONTACT = """contact_id,engagement_id,engagement_type,type_id,_fivetran_synced,category
P1,E1,CALL,194,2025-01-01,HUBSPOT_DEFINED
P2,E1,CALL,194,2025-01-01,HUBSPOT_DEFINED
P1,E3,NOTE,194,2025-01-01,HUBSPOT_DEFINED
P2,E3,NOTE,194,2025-01-01,HUBSPOT_DEFINED
P3,E3,NOTE,194,2025-01-01,HUBSPOT_DEFINED
P1,E4,NOTE,194,2025-01-01,HUBSPOT_DEFINED
"""
ENGAGEMENT_COMPANY = """company_id,engagement_id,engagement_type,type_id,_fivetran_synced,category
C1,E5,TASK,182,2025-01-01,HUBSPOT_DEFINED
C2,E5,TASK,182,2025-01-01,HUBSPOT_DEFINED
C2,E3,NOTE,182,2025-01-01,HUBSPOT_DEFINED
"""
NOTES = """engagement_id,property_hs_timestamp,_fivetran_synced,_fivetran_deleted
E3,2025-02-03 10:00:00,2025-01-01,false
E4,2025-02-04 10:00:00,2025-01-01,false
E5,2025-02-05 10:00:00,2025-01-01,false
E6,2025-02-06 10:00:00,2025-01-01,false
"""
RECORDS = (COMPANIES, DEALS, CALLS)
LINKS = (DEAL_COMPANY, ENGAGEMENTS, ENGAGEMENT_DEAL, PIPELINES)
MORE_RECORDS = (*RECORDS, PEOPLE, NOTES)
MORE_LINKS = (*LINKS, DEAL_CONTACT, ENGAGEMENT_CONTACT, ENGAGEMENT_COMPANY)


def bring(workspace, *texts):
    files = [SourceFile(f"file{n}.csv", text.encode()) for n, text in enumerate(texts)]
    return import_files(workspace, files, NOW)


@pytest.fixture(
    params=[(RECORDS + LINKS,), (RECORDS, LINKS), (LINKS, RECORDS)],
    ids=["together", "links later", "links first"],
)
def linked(workspace, request):
    for files in request.param:
        receipts = bring(workspace, *files)
        assert [one.rejected for one in receipts] == [0] * len(receipts)
    return workspace


def test_a_deal_is_with_its_primary_company_else_with_the_one_it_is_linked_with(linked):
    rows = linked.query("SELECT deal_id, account, pipeline_name FROM deal_facts ORDER BY 1").rows()

    assert rows == [("D1", "Kestrel", "New business"), ("D2", "Northwind", "New business")]


def test_a_touch_belongs_to_every_deal_it_is_linked_with_once(linked):
    rows = linked.query(
        "SELECT deal_id, touch_id, belongs_by, kind"
        " FROM deal_touches JOIN deal_keys USING (deal_key) ORDER BY 1, 2"
    ).rows()

    assert rows == [
        ("D1", "E1", "deal", "CALL"),
        ("D2", "E1", "deal", "CALL"),
        ("D2", "E2", "deal", "MEETING"),
    ]


@pytest.mark.parametrize(
    "imports",
    [(MORE_RECORDS + MORE_LINKS,), (MORE_RECORDS, MORE_LINKS), (MORE_LINKS, MORE_RECORDS)],
    ids=["together", "links later", "links first"],
)
def test_a_touch_belongs_to_the_deals_of_all_its_people_and_companies_once(workspace, imports):
    for files in imports:
        receipts = bring(workspace, *files)
        assert [one.rejected for one in receipts] == [0] * len(receipts)
    rows = workspace.query(
        "SELECT touch_id, deal_id, belongs_by, kind"
        " FROM deal_touches JOIN deal_keys USING (deal_key) ORDER BY 1, 2"
    ).rows()

    # D1 is Kestrel's (C2), and P2 takes part in it; D2 is Northwind's (C1), with P3.
    assert rows == [
        ("E1", "D1", "deal", "CALL"),  # linked with both deals, so its people add nothing
        ("E1", "D2", "deal", "CALL"),
        ("E2", "D2", "deal", "MEETING"),
        ("E3", "D1", "contact", "NOTE"),  # by P2; P1 and C2 say less
        ("E3", "D2", "contact", "NOTE"),  # by P3, though P1 works at its company
        ("E4", "D2", "account", "NOTE"),  # P1 works at Northwind and takes part in no deal
        ("E5", "D1", "account", "TASK"),  # by the second of two companies
        ("E5", "D2", "account", "TASK"),
    ]  # E6 is linked with nobody


def test_a_touch_shows_one_of_the_people_and_companies_it_is_linked_with(workspace):
    bring(workspace, *MORE_RECORDS, *MORE_LINKS)
    rows = workspace.query("SELECT touch_id, contact_id, account_id FROM touches ORDER BY 1").rows()

    assert rows == [
        ("E1", "P1", "C1"), ("E2", None, "C1"), ("E3", "P1", "C2"),
        ("E4", "P1", "C1"), ("E5", None, "C1"), ("E6", None, None),
    ]  # fmt: skip


def test_people_and_companies_of_touches_that_are_not_there_are_counted(workspace):
    receipts = bring(workspace, *RECORDS, PEOPLE, ENGAGEMENT_CONTACT, ENGAGEMENT_COMPANY)
    contacts, companies = receipts[-2:]

    assert (contacts.table, companies.table) == ("touch_contacts", "touch_accounts")
    assert "4 links wait for touches that are not in the workspace." in contacts.warnings
    assert "3 links wait for touches that are not in the workspace." in companies.warnings


def test_links_with_records_that_are_not_there_are_counted(workspace):
    receipts = bring(workspace, *RECORDS, DEAL_COMPANY)

    assert any("1 link waits for a deal" in warning for warning in receipts[-1].warnings)


def test_undoing_the_import_of_links_takes_the_joins_back(workspace):
    bring(workspace, *MORE_RECORDS)
    before = state_of(workspace), derived_of(workspace)
    bring(workspace, *MORE_LINKS)
    undo(workspace)

    assert (state_of(workspace), derived_of(workspace)) == before
