"""Every import is a snapshot: the data as they were can be looked at, and come back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core import derived, schema
from core.crm.demo import DemoOptions, simulate
from core.crm.demo import load as load_demo
from core.crm.importing import import_files, preview_files
from core.crm.receipts import SourceFile
from core.errors import UndoError, UnknownNameError
from core.snapshots import as_of, number_on, snapshots
from core.undo import redo, undo
from core.workspace import Workspace
from tests.exports import NOW, deal, deals, touches
from tests.states import derived_of, state_of

FIRST = deals(deal("D1", "10.00"), deal("D2", "20.00"), deal("D3", "30.00"))
SECOND = deals(deal("D1", "10.00"), deal("D2", "25.50"), deal("D4", "40.00"))
TOUCHES = touches("T1,D1,ana@example.com,Email,Spring,2025-01-15,", "T2,D2,,Web,,2025-01-16,")


@pytest.fixture
def workspace():
    with Workspace.in_memory() as made:
        yield made


def bring(workspace, *contents, day=0):
    files = [SourceFile(f"file{number}.csv", data) for number, data in enumerate(contents)]
    return import_files(workspace, files, NOW + timedelta(days=day))


def past_rows(workspace):
    return {
        name: count
        for name in schema.TABLES
        if (count := workspace.query(f"SELECT count(*) FROM past.{name}").item())
    }


def test_files_imported_together_are_one_snapshot(workspace):
    bring(workspace, FIRST, TOUCHES)
    bring(workspace, SECOND, day=7)

    later, earlier = snapshots(workspace)
    assert (earlier.number, earlier.files) == (1, ("file0.csv", "file1.csv"))
    assert (earlier.rows_in, earlier.loaded, earlier.rejected) == (5, 5, 0)
    assert (later.number, later.made_at.date()) == (2, date(2026, 1, 8))
    assert not later.is_undone


def test_a_first_import_keeps_no_past_and_a_later_one_only_what_it_changes(workspace):
    bring(workspace, FIRST, TOUCHES)
    assert past_rows(workspace) == {}

    bring(workspace, SECOND)
    assert past_rows(workspace) == {"deals": 1}
    assert workspace.query("SELECT deal_id, amount_minor FROM past.deals").row(0) == ("D2", 2_000)


def test_a_row_that_says_nothing_new_stays_with_the_import_that_brought_it(workspace):
    bring(workspace, FIRST)
    bring(workspace, SECOND)

    rows = workspace.query(
        "SELECT deal_id, i.sequence FROM deals d JOIN imports i USING (import_id) ORDER BY 1"
    ).rows()
    assert rows == [("D1", 1), ("D2", 2), ("D3", 1), ("D4", 2)]


def test_undo_brings_back_what_was_there_and_redo_what_was_undone(workspace):
    bring(workspace, FIRST, TOUCHES)
    before = state_of(workspace), derived_of(workspace)
    bring(workspace, SECOND, touches("T1,D4,ana@example.com,Event,,2025-01-17,"))
    after = state_of(workspace), derived_of(workspace)

    (undone,) = undo(workspace)
    assert (state_of(workspace), derived_of(workspace)) == before
    assert (undone.number, [one.is_undone for one in snapshots(workspace)]) == (2, [True, False])

    assert redo(workspace).number == 2
    assert (state_of(workspace), derived_of(workspace)) == after

    undo(workspace)
    assert state_of(workspace) == before[0]


def test_a_key_has_one_row_whatever_is_imported_undone_and_done_again(workspace):
    bring(workspace, FIRST, TOUCHES)
    again = touches(
        "T2,D1,,Event,,2025-01-17,", "T2,D2,,Email,,2025-01-18,", "T3,,,Web,,2025-01-19,"
    )
    bring(workspace, SECOND, again)
    undo(workspace)
    bring(workspace, deals(deal("D3", "1.00"), deal("D3", "2.00")), again)
    undo(workspace)
    redo(workspace)

    for name, table in schema.TABLES.items():
        key = ", ".join(table.key)
        counts = f"SELECT count(*), count(DISTINCT ({key})) FROM {name}"
        rows, keys = workspace.query(counts).row(0)
        assert rows == keys, name


def test_rows_of_no_import_survive_an_undo(workspace):
    with workspace.transaction() as cursor:
        cursor.execute("INSERT INTO deals (deal_id) VALUES ('by hand')")
    bring(workspace, FIRST)
    undo(workspace)

    assert workspace.query("SELECT deal_id FROM deals").item() == "by hand"


def test_undoing_an_import_undoes_the_later_ones_too(workspace):
    empty = state_of(workspace)
    bring(workspace, FIRST)
    first = state_of(workspace)
    bring(workspace, SECOND)
    second = state_of(workspace)
    bring(workspace, TOUCHES)

    assert [one.number for one in undo(workspace, 2)] == [3, 2]
    assert state_of(workspace) == first
    undo(workspace)
    assert state_of(workspace) == empty

    redo(workspace)
    assert state_of(workspace) == first
    redo(workspace)
    assert state_of(workspace) == second


def test_rejected_records_go_and_come_back_with_their_import(workspace):
    bring(workspace, FIRST)
    bring(workspace, deals(deal("D9", amount="abc")))
    undo(workspace)
    assert workspace.query("SELECT count(*) FROM rejected_rows").item() == 0

    redo(workspace)
    assert workspace.query("SELECT value FROM rejected_rows").item() == "abc"


def test_after_an_undo_the_same_file_can_be_imported_again(workspace):
    bring(workspace, FIRST)
    bring(workspace, SECOND)
    after = state_of(workspace)
    undo(workspace)

    (receipt,) = bring(workspace, SECOND)

    assert not receipt.unchanged
    assert state_of(workspace) == after
    with pytest.raises(UndoError, match="no undone import"):
        redo(workspace)


def test_the_currency_that_an_import_settled_is_unsettled_with_it(workspace):
    bring(workspace, deals(deal("D1", currency="GBP")))
    undo(workspace)
    bring(workspace, deals(deal("D1", currency="SEK"), deal("D2", currency="")))

    assert workspace.query("SELECT DISTINCT currency FROM deals").item() == "SEK"


def test_two_files_of_one_import_that_update_each_other_are_undone_together(workspace):
    bring(workspace, deals(deal("D1", "1.00")))
    before = state_of(workspace)
    bring(workspace, deals(deal("D1", "2.00")), deals(deal("D1", "3.00"), deal("D5")))

    assert workspace.query("SELECT amount_minor FROM deals WHERE deal_id = 'D1'").item() == 300
    undo(workspace)
    assert state_of(workspace) == before


def test_the_data_as_of_an_import_are_those_it_left(workspace):
    states = []
    for contents in ((FIRST, TOUCHES), (SECOND,), (deals(deal("D1", "99.00")),)):
        bring(workspace, *contents, day=len(states))
        states.append((state_of(workspace), derived_of(workspace)))

    for number, state in enumerate(states, start=1):
        with as_of(workspace, number) as copy:
            assert (state_of(copy), derived_of(copy)) == state


def test_the_data_as_of_a_day_are_those_of_the_last_import_until_then(workspace):
    bring(workspace, FIRST, day=2)
    bring(workspace, SECOND, day=9)

    assert number_on(workspace, date(2026, 1, 2)) is None
    assert number_on(workspace, date(2026, 1, 3)) == 1
    assert number_on(workspace, date(2026, 1, 10)) == 2


def test_an_undone_import_cannot_be_looked_at(workspace):
    bring(workspace, FIRST)
    bring(workspace, SECOND)
    undo(workspace)

    with pytest.raises(UnknownNameError, match="no import called '2'"):
        as_of(workspace, 2)


def test_a_whole_export_notes_the_records_it_no_longer_has(workspace):
    bring(workspace, FIRST)
    bring(workspace, deals(deal("D1"), deal("D3", "31.00")))

    assert workspace.query("SELECT table_name, key FROM missing_rows").rows() == [("deals", "D2")]
    assert workspace.count("deals") == 3
    undo(workspace)
    assert workspace.query("SELECT count(*) FROM missing_rows").item() == 0


def test_a_partial_export_has_no_missing_records(workspace):
    bring(workspace, FIRST)
    bring(workspace, deals(deal("D1", "11.00"), deal("D8")))

    assert workspace.query("SELECT count(*) FROM missing_rows").item() == 0


def test_a_preview_leaves_no_snapshot(workspace):
    bring(workspace, FIRST)
    preview_files(workspace, [SourceFile("next.csv", SECOND)], NOW)

    assert len(snapshots(workspace)) == 1
    assert past_rows(workspace) == {}


def test_without_an_import_there_is_nothing_to_undo(workspace):
    with pytest.raises(UndoError, match="no import to undo"):
        undo(workspace)
    with pytest.raises(UndoError):
        redo(workspace)


def test_an_import_that_does_not_exist_is_refused_by_number(workspace):
    bring(workspace, FIRST)

    with pytest.raises(UnknownNameError, match="no import called '7'"):
        undo(workspace, 7)


def test_demo_data_are_one_snapshot_that_is_not_undone():
    company = simulate(DemoOptions(deals=20, ends_on=date(2026, 11, 20)))
    with Workspace.in_memory() as workspace:
        load_demo(workspace, company)
        assert snapshots(workspace)[0].number == 1
        with pytest.raises(UndoError, match="cannot be undone"):
            undo(workspace)

        bring(workspace, FIRST)
        undo(workspace)
        assert (workspace.count("deals"), workspace.meta("kind")) == (0, None)

        load_demo(workspace, company)
        assert workspace.count("deals") == 20


def test_undo_survives_closing_and_opening_the_file(tmp_path):
    path = tmp_path / "acme.duckdb"
    with Workspace.create(path) as workspace:
        bring(workspace, FIRST)
        before = state_of(workspace)
        bring(workspace, SECOND)
        after = state_of(workspace)
        undo(workspace)
    with Workspace.open(path) as workspace:
        assert state_of(workspace) == before
        redo(workspace)
    with Workspace.open(path) as workspace:
        assert state_of(workspace) == after


def test_a_failure_in_an_undo_leaves_everything_as_it_was(workspace, monkeypatch):
    bring(workspace, FIRST)
    bring(workspace, SECOND)
    before = state_of(workspace)

    def failing(*_args):
        raise OSError("disk full")

    monkeypatch.setattr(derived, "derive", failing)
    with pytest.raises(OSError, match="disk full"):
        undo(workspace)
    monkeypatch.undo()

    assert state_of(workspace) == before
    assert [one.is_undone for one in snapshots(workspace)] == [False, False]


def test_a_moment_with_an_offset_is_kept_as_utc(workspace):
    import_files(workspace, [SourceFile("a.csv", FIRST)], datetime(2026, 1, 1, 12, tzinfo=UTC))

    assert snapshots(workspace)[0].made_at == datetime(2026, 1, 1, 12)  # noqa: DTZ001 - as stored
