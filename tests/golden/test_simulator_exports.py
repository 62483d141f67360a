"""The simulated company, exported as each CRM would and imported again, is the same company."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from core.crm.demo import DemoOptions, simulate
from core.crm.demo.exports import FORMATS, export
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
