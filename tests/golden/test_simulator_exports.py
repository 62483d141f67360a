"""The simulated company, exported as each CRM would and imported again, is the same company."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from core.crm.demo import DemoOptions, simulate
from core.crm.demo.exports import FORMATS, Dirt, export
from core.crm.importing import import_files
from core.crm.receipts import SourceFile, Status
from core.workspace import Workspace

NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def company():
    return simulate(DemoOptions(seed=3, deals=60, ends_on=date(2026, 10, 31)))


@pytest.mark.parametrize("crm", FORMATS)
def test_an_export_of_every_crm_rebuilds_deals_people_and_revenue(company, crm):
    files = [SourceFile(name, data) for name, data in export(company, crm).items()]
    with Workspace.in_memory() as workspace:
        receipts = import_files(workspace, files, NOW)

        assert {receipt.status for receipt in receipts} == {Status.ACCEPTED}
        for table in ("accounts", "contacts", "deals", "deal_contacts"):
            assert workspace.count(table) == company.tables[table].height
        deals = company.tables["deals"]
        won = deals.filter(pl.col("is_won").fill_null(value=False))
        found = workspace.query(
            "SELECT count(*) FILTER (is_won), count(*) FILTER (NOT is_won),"
            " sum(amount_minor) FILTER (is_won)::BIGINT FROM deals"
        ).row(0)
        lost = deals["is_won"].count() - won.height
        assert found == (won.height, lost, won["amount_minor"].sum())


def known_of_deals(workspace):
    """Return name, outcome and amount of every deal, whatever its id is in the CRM."""
    return workspace.query(
        "SELECT name, is_won, currency, amount_minor, created_at::DATE AS day"
        " FROM deals ORDER BY ALL"
    )


@pytest.mark.parametrize("crm", FORMATS)
def test_a_dirty_export_of_every_crm_loses_only_what_the_dirt_took(company, crm):
    clean, dirty = Workspace.in_memory(), Workspace.in_memory()
    with clean, dirty:
        for workspace, dirt in ((clean, ()), (dirty, tuple(Dirt))):
            files = [SourceFile(name, data) for name, data in export(company, crm, dirt).items()]
            receipts = import_files(workspace, files, NOW)

        assert all(one.rows_in == one.loaded + one.rejected for one in receipts)
        reasons = {reject.reason for one in receipts for reject in one.rejects}
        assert reasons <= {"field_count", "duplicate_row"}  # the footer, and the repeated deals
        for table in ("accounts", "contacts", "deals"):
            assert dirty.count(table) == clean.count(table)
        assert 0 < dirty.count("deal_contacts") < clean.count("deal_contacts")
        before, after = known_of_deals(clean), known_of_deals(dirty)
        known = ["name", "is_won", "currency", "day"]
        assert after.select(known).sort(known).equals(before.select(known).sort(known))
        lost = before.height - after["amount_minor"].count()
        assert 0 < lost < before.height / 4
        kept = after.filter(pl.col("amount_minor").is_not_null())
        assert kept.join(before, on=kept.columns, how="anti", nulls_equal=True).is_empty()
