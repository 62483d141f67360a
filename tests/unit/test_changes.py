"""What an import changed can be read deal by deal, and adds up."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.changes import Move, changes
from core.crm.importing import import_files
from core.crm.receipts import SourceFile
from core.errors import UnknownNameError
from core.undo import undo
from core.workspace import Workspace
from tests.exports import NOW, touches

HEADER = "deal_id,name,stage,amount,currency,created_at,expected_close_at,closed_at,is_won"


def deals(*rows):
    return "\n".join((HEADER, *rows, "")).encode()


def row(deal_id, stage="Proposal", amount="100.00", expected="2025-06-30", won="", currency="EUR"):
    closed = "2025-06-01" if won else ""
    return (
        f"{deal_id},Deal {deal_id},{stage},{amount},{currency},2025-01-02,{expected},{closed},{won}"
    )


BEFORE = deals(
    row("D1"), row("D2"), row("D3"), row("D4"), row("D5"),
    row("D6", won="false"), row("D7"), row("D8", currency="USD"), row("D9"),
)  # fmt: skip
AFTER = deals(
    row("D1", "Won", "120.00", won="true"),  # won, and raised by 20
    row("D2", "Lost", won="false"),
    row("D3", expected="2025-09-30"),  # pushed
    row("D4", expected="2025-05-31", amount="70.50"),  # pulled in, and lowered by 29.50
    row("D5"),  # as it was
    row("D6"),  # reopened
    row("D7", "Negotiation"),  # another stage only
    row("D8", amount="90.00", currency="GBP"),  # another currency: no difference to tell
    row("D10", won="true", amount="55.00"),  # new, and won already
)


@pytest.fixture
def workspace():
    with Workspace.in_memory() as made:
        for day, content in enumerate((BEFORE, AFTER)):
            file = SourceFile("deals.csv", content)
            import_files(made, [file], NOW + timedelta(days=day))
        yield made


def test_every_deal_that_moved_is_listed_under_each_of_its_moves(workspace):
    found = changes(workspace)

    assert found.compared_with == 1
    assert found.deals.select("move", "deal_id").rows() == [
        ("amount raised", "D1"),
        ("won", "D1"),
        ("new", "D10"),
        ("won", "D10"),
        ("lost", "D2"),
        ("close date pushed", "D3"),
        ("amount lowered", "D4"),
        ("close date pulled in", "D4"),
        ("reopened", "D6"),
        ("no longer in the export", "D9"),
    ]


def test_moves_are_summed_by_currency(workspace):
    sums = {move.move: (move.deals, move.amounts) for move in changes(workspace).moves}

    assert sums == {
        Move.NEW: (1, (("EUR", 5_500),)),
        Move.WON: (2, (("EUR", 12_000 + 5_500),)),
        Move.LOST: (1, (("EUR", 10_000),)),
        Move.REOPENED: (1, (("EUR", 10_000),)),
        Move.RAISED: (1, (("EUR", 2_000),)),
        Move.LOWERED: (1, (("EUR", -2_950),)),
        Move.PUSHED: (1, (("EUR", 10_000),)),
        Move.PULLED: (1, (("EUR", 7_050),)),
        Move.MISSING: (1, (("EUR", 10_000),)),
    }


def test_rows_added_changed_and_missing_are_counted_by_table(workspace):
    (table,) = changes(workspace).tables

    # D1-D4, D6, D7 and D8 changed; D10 is new; D9 is gone; D5 stayed.
    assert (table.table, table.added, table.changed, table.missing) == ("deals", 1, 7, 1)


def test_the_versions_before_and_after_stand_beside_each_other(workspace):
    moved = changes(workspace).deals.filter(move="amount lowered", deal_id="D4").to_dicts()[0]

    assert (moved["amount_before"], moved["amount_after"]) == (Decimal(100), Decimal("70.50"))
    assert (str(moved["close_before"]), str(moved["close_after"])) == ("2025-06-30", "2025-05-31")
    assert moved["file_line"] == 5


def test_a_change_is_told_the_same_after_a_later_import_changed_the_deal_again(workspace):
    before = changes(workspace, 2)
    later = SourceFile("deals.csv", deals(row("D1", "Won", "500.00", won="true")))
    import_files(workspace, [later], NOW + timedelta(days=9))

    again = changes(workspace, 2)
    assert again.deals.equals(before.deals)
    assert (again.moves, again.tables) == (before.moves, before.tables)
    assert changes(workspace).snapshot.number == 3


def test_the_first_import_has_nothing_to_be_compared_with(workspace):
    first = changes(workspace, 1)

    assert (first.compared_with, first.moves) == (None, ())
    assert [(table.table, table.added) for table in first.tables] == [("deals", 9)]
    assert first.deals.is_empty()


def test_tables_beside_deals_are_counted_too(workspace):
    file = SourceFile("touches.csv", touches("T1,D1,,Email,,2025-01-15,"))
    import_files(workspace, [file], NOW)

    (table,) = changes(workspace).tables
    assert (table.table, table.added, table.changed) == ("touchpoints", 1, 0)


def test_an_undone_import_changed_nothing(workspace):
    undo(workspace)

    assert changes(workspace).snapshot.number == 1
    with pytest.raises(UnknownNameError, match="no import called '2'"):
        changes(workspace, 2)
