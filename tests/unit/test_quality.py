"""The score of a table and the worth of each fix can be computed by hand; every count opens."""

from datetime import date

import pytest

from core import schema
from core.crm.importing import import_files
from core.crm.receipts import SourceFile
from core.metrics import METRICS
from core.quality import MOST_LOST, failing_rows, quality
from core.quality_checks import CHECKS
from core.quality_sources import SOURCES
from core.workspace import Workspace
from tests.builders import Company
from tests.exports import NOW, deal, deals

AS_OF = date(2024, 12, 31)


def company():
    """Return ten deals with a fault or two each, and people and touches with theirs."""
    made = Company().account("A1", name="Acme", industry="Retail", region="EU")
    made.account("A2", name=" acme ")
    made.contact("C1", account_id="A1", email_key="k", created_at="2024-01-01")
    made.contact("C2", account_id="A9", email_key="k").contact("C3")
    made.deal("D0", None, account_id="A1", owner_id="u1")
    made.deal("D1", closed_at=None, account_id="A1", owner_id="u1")
    made.deal("D2", closed_at=None, is_won=False, owner_id="u1")
    made.deal("D3", closed_at="2023-12-31", owner_id="u1")
    made.deal("D4", closed_at="2025-01-01", owner_id="u1")
    made.deal("D5", closed_at=None, is_won=None, stage="Closed won", owner_id="u1")
    made.deal(
        "D6", closed_at=None, is_won=None, created_at="2024-12-01", account_id="A1", name="Twin",
        expected_close_at=date(2024, 12, 30), owner_id="u1",
    )  # fmt: skip
    made.deal(
        "D7", closed_at=None, is_won=None, created_at="2024-12-01", account_id="A1", name="twin ",
        expected_close_at=date(2024, 12, 31),
    )  # fmt: skip
    made.role("D0", "C1")
    made.touch("T0", "2024-05-01 10:00:00", deal="D0").touch("T1", "2024-05-01 10:00:00", deal="D0")
    made.touch("T2", "2024-07-01", channel="Web", deal="D0")  # after the close of 30 June
    made.touch("T3", "2024-06-01", channel=None, contact="C1")
    made.touch("T4", "2024-06-01", channel="Web").touch("T5", "2025-01-01", deal="D99")
    made.touch("T6", "2024-11-01", deal="D5")
    return made.spend("Email", "2024-05-01", None).spend("Radio", "2024-05-01", "10.00")


@pytest.fixture(scope="module")
def found():
    with company().workspace() as workspace:
        yield workspace, quality(workspace, AS_OF)


COUNTS = {
    "deals_without_amount": ("D0",),
    "won_without_close_date": ("D1",),
    "lost_without_close_date": ("D2",),
    "open_without_expected_close": ("D5",),
    "deals_without_owner": ("D7",),
    "closed_before_created": ("D3",),
    "closed_in_the_future": ("D4",),
    "stage_disagrees": ("D5",),
    "deals_without_touches": ("D2", "D3", "D4"),  # T3 reaches those of A1 through C1
    "deals_without_account": ("D2", "D3", "D4", "D5"),
    "past_expected_close": ("D6",),
    "stale_open_deals": (),  # D5 was touched 60 days before, D6 and D7 are new
    "deals_alike": ("D6", "D7"),
    "touches_without_channel": ("T3",),
    "touches_of_nobody": ("T4",),
    "touches_of_unknown_deals": ("T5",),
    "touches_after_close": ("T2",),
    "touches_in_the_future": ("T5",),
    "tied_touches": ("T0", "T1"),
    "touches_alike": ("T0", "T1"),
    "contacts_without_account": ("C2", "C3"),
    "contacts_without_date": ("C2", "C3"),
    "contacts_alike": ("C1", "C2"),
    "accounts_without_industry": ("A2",),
    "accounts_without_region": ("A2",),
    "accounts_alike": ("A1", "A2"),
    "spend_without_amount": ("Email",),
    "spend_of_unknown_channels": ("Radio",),
}


@pytest.mark.parametrize(("name", "ids"), COUNTS.items(), ids=COUNTS)
def test_each_check_counts_the_rows_it_opens(found, name, ids):
    workspace, answer = found
    finding = next(one for one in answer.findings() if one.check.name == name)
    rows = failing_rows(workspace, name, AS_OF)

    key = schema.TABLES[finding.check.table].key[0]
    assert (finding.failing, tuple(rows[key]) if finding.failing else ()) == (len(ids), ids)


def test_a_deal_is_stale_when_nothing_happened_for_as_many_days_as_said(found):
    workspace, _ = found
    answer = quality(workspace, AS_OF, stale_days=50)
    stale = next(one for one in answer.findings() if one.check.name == "stale_open_deals")

    # The touch of D5 was on 1 November, 60 days before; D6 and D7 are 30 days old.
    assert (stale.failing, stale.applies_to) == (1, 3)
    assert (
        failing_rows(workspace, "stale_open_deals", AS_OF, stale_days=50)["deal_id"].item() == "D5"
    )


def test_the_score_is_the_product_of_what_each_check_leaves(found):
    _, answer = found
    spend = next(table for table in answer.tables if table.table == "spend")

    # Half of the spend has no amount and half an unknown channel; each may take away 60 %.
    assert spend.score == pytest.approx(100 * (1 - 0.6 * 0.5) * (1 - 0.6 * 0.5))
    assert spend.rows == 2


def test_a_fix_is_worth_what_the_score_gains_without_it(found):
    _, answer = found
    spend = next(table for table in answer.tables if table.table == "spend")

    # 100 x 0.7 instead of 100 x 0.7 x 0.7.
    assert [fix.points for fix in spend.fixes()] == pytest.approx([70 - 49, 70 - 49])


def test_the_three_fixes_worth_most_come_first(found):
    _, answer = found
    for table in answer.tables:
        worth = [finding.points for finding in table.findings]
        assert worth == sorted(worth, reverse=True)
        assert len(table.fixes()) <= 3
        assert 0 <= table.score <= 100


def test_faultless_tables_score_100_and_need_no_fix():
    made = Company().account("A1", name="Acme", industry="Retail", region="EU")
    made.deal("D1", account_id="A1", owner_id="u1").touch("T1", "2024-05-01", deal="D1")
    with made.workspace() as workspace:
        answer = quality(workspace, AS_OF)

    assert [(table.table, table.score, table.fixes()) for table in answer.tables] == [
        ("accounts", 100, ()),
        ("deals", 100, ()),
        ("touchpoints", 100, ()),
    ]


def test_fields_are_weak_from_a_share_and_the_worst_comes_first(found):
    _, answer = found
    names = [one.check.name for one in answer.about(["deals.amount", "deals.owner_id"])]

    # Won without a close date: 1 of 4; without amount and owner: 1 of 8 each; alike: 2 of 2.
    assert names[0] == "deals_alike"
    assert set(names) == {
        "deals_alike",
        "won_without_close_date",
        "deals_without_amount",
        "deals_without_owner",
    }
    assert answer.about(["deals.amount"], at_least=1.1) == ()


def test_looking_at_a_few_fields_gives_the_same_counts(found):
    workspace, answer = found
    few = quality(workspace, AS_OF, fields=("deals.amount",))

    whole = {one.check.name: one.failing for one in answer.findings()}
    assert {one.check.name: one.failing for one in few.findings()}.items() <= whole.items()
    assert {one.check.table for one in few.findings()} == {"deals"}


def test_rows_lead_back_to_file_and_line():
    with Workspace.in_memory() as workspace:
        files = [SourceFile("crm.csv", deals(deal("D1"), deal("D2", "")))]
        import_files(workspace, files, NOW)
        rows = failing_rows(workspace, "deals_without_amount", AS_OF)

    assert rows.select("deal_id", "file", "line").rows() == [("D2", "crm.csv", 3)]


def test_an_empty_workspace_has_no_score():
    with Workspace.in_memory() as workspace:
        assert quality(workspace, AS_OF).tables == ()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_check_names_what_exists_and_says_what_to_do(check):
    assert check.rows_from in {*SOURCES, *schema.TABLES}
    assert check.fix.endswith(".")
    assert check.weight in MOST_LOST
    for field in check.fields:
        table, _, column = field.partition(".")
        assert schema.TABLES[table].column(column)


def test_the_counts_to_read_before_any_model_are_in_the_catalogue():
    named = {
        "deals_without_touches", "contacts_without_account", "tied_touches", "touches_after_close",
        "deals_without_amount", "won_without_close_date", "stale_open_deals",
    }  # fmt: skip

    assert named <= {check.name for check in CHECKS}
    assert named <= set(METRICS)
    assert "quality_score" in METRICS
