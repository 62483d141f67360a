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
RECORDS = (COMPANIES, DEALS, CALLS)
LINKS = (DEAL_COMPANY, ENGAGEMENTS, ENGAGEMENT_DEAL, PIPELINES)


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


def test_links_with_records_that_are_not_there_are_counted(workspace):
    receipts = bring(workspace, *RECORDS, DEAL_COMPANY)

    assert any("1 link waits for a deal" in warning for warning in receipts[-1].warnings)


def test_undoing_the_import_of_links_takes_the_joins_back(workspace):
    bring(workspace, *RECORDS)
    before = state_of(workspace), derived_of(workspace)
    bring(workspace, *LINKS)
    undo(workspace)

    assert (state_of(workspace), derived_of(workspace)) == before
