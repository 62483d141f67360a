"""Exports of the demo company: the files a CRM would write, the same bytes for the same seed."""

import csv
import io
from datetime import date

import polars as pl
import pytest

from core.crm.demo import DemoOptions, simulate
from core.crm.demo.exports import FORMATS, Dirt, dirt_from, export
from core.errors import UnknownNameError

ENDS_ON = date(2026, 11, 20)
DEALS_FILE = {
    "hubspot": "hubspot-crm-exports-all-deals-2026-11-20.csv",
    "salesforce": "Opportunity.csv",
    "template": "deals.csv",
}
AMOUNT = {"hubspot": "Amount", "salesforce": "Amount", "template": "amount"}
every_format = pytest.mark.parametrize("crm", FORMATS)


@pytest.fixture(scope="module")
def company():
    return simulate(DemoOptions(deals=120, ends_on=ENDS_ON))


def rows(data, encoding="utf-8-sig"):
    return list(csv.DictReader(io.StringIO(data.decode(encoding), newline="")))


@every_format
def test_the_same_seed_gives_byte_identical_exports(company, crm):
    again = simulate(DemoOptions(deals=120, ends_on=ENDS_ON))
    assert export(company, crm) == export(again, crm)
    assert export(company, crm, tuple(Dirt)) == export(again, crm, tuple(Dirt))


@every_format
def test_another_seed_gives_other_exports(company, crm):
    other = simulate(DemoOptions(deals=120, seed=8, ends_on=ENDS_ON))
    assert export(company, crm)[DEALS_FILE[crm]] != export(other, crm)[DEALS_FILE[crm]]


@every_format
def test_every_deal_is_exported_once(company, crm):
    deals = rows(export(company, crm)[DEALS_FILE[crm]])
    assert len(deals) == 120
    assert len({next(iter(deal.values())) for deal in deals}) == 120


@every_format
def test_amounts_in_the_export_add_up_to_those_in_the_tables(company, crm):
    amounts = [deal[AMOUNT[crm]] for deal in rows(export(company, crm)[DEALS_FILE[crm]])]
    cents = sum(round(float(amount) * 100) for amount in amounts if amount)
    assert cents == company.tables["deals"]["amount_minor"].sum()


def test_template_columns_start_with_those_of_the_documented_template(company):
    files = export(company, "template")
    assert files["deals.csv"].startswith(
        b"deal_id,name,account,owner,stage,amount,currency,created_at,closed_at,is_won,"
    )
    assert files["touchpoints.csv"].startswith(
        b"touch_id,deal_id,contact_id,channel,campaign,occurred_at,cost,"
    )


def test_hubspot_quotes_every_field(company):
    first = export(company, "hubspot")[DEALS_FILE["hubspot"]].splitlines()[1].decode()
    assert first.startswith('"')
    assert first.endswith('"')
    assert ',""' in first or '","' in first


def test_salesforce_files_start_with_a_byte_order_mark(company):
    files = export(company, "salesforce")
    assert all(data.startswith(b"\xef\xbb\xbf") for data in files.values())


def test_salesforce_ids_have_18_characters_and_the_prefix_of_their_kind(company):
    files = export(company, "salesforce")
    prefixes = {"Account.csv": "001", "Contact.csv": "003", "Opportunity.csv": "006"}
    for name, prefix in prefixes.items():
        assert {len(row["Id"]) for row in rows(files[name])} == {18}
        assert {row["Id"][:3] for row in rows(files[name])} == {prefix}


def test_a_person_is_member_of_a_campaign_only_once(company):
    members = rows(export(company, "salesforce")["CampaignMember.csv"])
    pairs = [(row["CampaignId"], row["ContactId"]) for row in members]
    assert len(pairs) == len(set(pairs))


def test_addresses_belong_to_a_domain_that_cannot_exist_and_are_unique(company):
    contacts = rows(export(company, "template")["contacts.csv"])
    addresses = [row["email"] for row in contacts]
    assert all(address.endswith(".example") and "@" in address for address in addresses)
    assert len(addresses) == len(set(addresses))


@every_format
def test_duplicates_repeat_deals(company, crm):
    deals = rows(export(company, crm, [Dirt.DUPLICATES])[DEALS_FILE[crm]])
    distinct = {tuple(deal.values()) for deal in deals}
    assert len(deals) > len(distinct) == 120


@every_format
def test_blank_amounts_are_blank_and_not_zero(company, crm):
    def blank(dirt):
        deals = rows(export(company, crm, dirt)[DEALS_FILE[crm]])
        return sum(deal[AMOUNT[crm]] == "" for deal in deals)

    assert blank([Dirt.BLANK_AMOUNTS]) > blank([])


@every_format
def test_mixed_dates_write_some_days_as_people_do(company, crm):
    text = export(company, crm, [Dirt.MIXED_DATES])[DEALS_FILE[crm]].decode("utf-8-sig")
    typed = pl.Series([text]).str.count_matches(r"\b\d\d\.\d\d\.20\d\d\b").item()
    assert 10 < typed < 120


@every_format
def test_footers_follow_the_last_deal(company, crm):
    last = export(company, crm, [Dirt.FOOTERS])[DEALS_FILE[crm]].splitlines()[-1]
    assert last.startswith(b'"Copyright (c)')


@every_format
def test_cp1252_files_are_not_utf8(company, crm):
    data = b"".join(export(company, crm, [Dirt.CP1252]).values())
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert "ü" in data.decode("cp1252")


def test_missing_roles_leave_deals_without_people(company):
    clean, dirty = (export(company, "template", dirt) for dirt in ([], [Dirt.MISSING_ROLES]))
    assert len(rows(dirty["deal_contacts.csv"])) < len(rows(clean["deal_contacts.csv"]))
    deals = rows(export(company, "hubspot", [Dirt.MISSING_ROLES])[DEALS_FILE["hubspot"]])
    assert sum(deal["Associated Contact IDs"] == "" for deal in deals) > 10


def test_kinds_of_dirt_are_read_from_a_list():
    assert dirt_from("all") == tuple(Dirt)
    assert dirt_from("") == ()
    with pytest.raises(UnknownNameError, match="Did you mean 'footers'"):
        dirt_from("footer")


def test_an_unknown_format_is_named_with_the_known_ones(company):
    with pytest.raises(UnknownNameError, match="hubspot, salesforce, template"):
        export(company, "pipedrive")
