"""HubSpot exports: lists of ids, repeated deals, stage columns in wide form, derived touches."""

from pathlib import Path

import pytest

from core.workspace import Workspace
from tests.exports import load, reasons

FOLDER = Path(__file__).with_name("hubspot")
DEALS = (FOLDER / "deals.csv").read_text(encoding="utf-8")
CONTACTS = (FOLDER / "contacts.csv").read_text(encoding="utf-8")


@pytest.fixture
def workspace():
    with Workspace.in_memory() as made:
        yield made


def test_a_deal_repeated_for_each_contact_is_one_deal_with_all_its_contacts(workspace):
    receipt = load(workspace, DEALS.encode())

    assert (receipt.source, receipt.rows_in, receipt.loaded) == ("hubspot/deals", 5, 4)
    assert reasons(receipt) == {5: "duplicate_id"}  # the same id with another amount
    amounts = workspace.query("SELECT deal_id, amount_minor FROM deals ORDER BY 1").rows()
    assert amounts == [("11", 120_050), ("12", None), ("13", 9_900)]
    people = workspace.query("SELECT deal_id, contact_id FROM deal_contacts ORDER BY ALL").rows()
    assert people == [("11", "701"), ("11", "702"), ("11", "703"), ("13", "701")]


def test_the_columns_of_dates_entered_become_stage_changes(workspace):
    load(workspace, DEALS.encode())

    changes = workspace.query(
        "SELECT deal_id, stage, changed_at::VARCHAR FROM stage_changes ORDER BY ALL"
    ).rows()
    assert changes == [
        ("11", "Closed Won", "2025-03-04 16:00:00"),
        ("11", "Qualified", "2025-01-10 10:00:00"),
        ("13", "Qualified", "2025-02-06 08:00:00"),
    ]


def test_outcome_closing_moment_and_names_are_told_apart(workspace):
    load(workspace, DEALS.encode())

    facts = workspace.query(
        "SELECT deal_id, outcome, closed_at::VARCHAR, expected_close_at::VARCHAR, account, owner,"
        " source FROM deal_facts ORDER BY 1"
    ).rows()
    closed = ("2025-03-04 16:00:00", "2025-03-04", "Acme", "Ana Ray", "Paid search")
    assert facts == [
        ("11", "won", *closed),
        ("12", "lost", "2025-04-01 12:00:00", "2025-04-01", None, "", "OFFLINE"),
        ("13", "open", None, "2025-12-01", None, "Ana Ray", None),
    ]


def test_without_outcome_columns_the_default_stages_tell_it(workspace):
    data = DEALS.replace('"Is Closed Won","Is closed lost",', '"X","Y",')
    assert load(workspace, data.encode()).source == "hubspot/deals_by_stage"

    outcomes = workspace.query("SELECT outcome FROM deal_facts ORDER BY deal_id")["outcome"]
    assert outcomes.to_list() == ["won", "lost", "open"]


def test_internal_names_are_known_too(workspace):
    data = (
        b"hs_object_id,dealname,dealstage,amount,closedate,createdate,hubspot_owner_id\n"
        b"5,Acme,closedwon,10,2025-03-04T16:00:00Z,2025-01-02T09:30:00Z,77\n"
        b"6,Bolt,contractsent,,2025-09-04T16:00:00Z,2025-01-02T09:30:00Z,77\n"
    )
    assert load(workspace, data).source == "hubspot/deals_internal"
    outcomes = workspace.query("SELECT outcome FROM deal_facts ORDER BY deal_id")["outcome"]
    assert outcomes.to_list() == ["won", "open"]


def test_the_source_and_the_conversion_of_a_contact_are_touches_where_they_have_a_date(workspace):
    receipt = load(workspace, CONTACTS.encode())

    assert (receipt.table, receipt.loaded) == ("contacts", 2)
    touches = workspace.query(
        "SELECT touch_id, occurred_at::VARCHAR, channel, campaign, kind, account_id FROM touches"
        " ORDER BY occurred_at"
    ).rows()
    assert touches == [
        ("original-source-701", "2024-12-01 08:00:00", "Organic search", "(no campaign)",
         "original source", "901"),
        ("first-conversion-701", "2024-12-02 09:00:00", "Organic search", "Pricing form",
         "form", "901"),
    ]  # fmt: skip


def test_the_same_contacts_again_do_not_double_their_touches(workspace):
    load(workspace, CONTACTS.encode())
    load(workspace, CONTACTS.replace("Pricing form", "Demo form").encode())

    assert workspace.count("touchpoints") == 2
