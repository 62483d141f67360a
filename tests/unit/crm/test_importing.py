"""An import as a whole: all or nothing, the same file once, newer files update older ones."""

from datetime import timedelta

import duckdb
import pytest

from core import exchange, schema
from core.crm.importing import import_files
from core.crm.options import ImportOptions
from core.crm.receipts import SourceFile, Status
from core.errors import ImportCancelledError, InvalidParameterError
from core.workspace import Workspace, set_meta
from tests.exports import NOW, deal, deals, load, reasons, touches

BAD = deal("D3", amount="abc")


def _state(workspace):
    tables = (*schema.TABLES, "imports", "rejected_rows", "exchange_rates", "meta")
    return {name: workspace.query(f"SELECT * FROM {name} ORDER BY ALL").rows() for name in tables}


def test_rejected_rows_are_kept_with_line_column_value_and_reason(workspace):
    receipt = load(workspace, deals(deal("D1"), deal("D2"), BAD))

    assert (receipt.status, receipt.rows_in, receipt.loaded) == (Status.PARTIAL, 3, 2)
    kept = workspace.query("SELECT * EXCLUDE (import_id, suggestion) FROM rejected_rows").row(0)
    assert kept == (3, 4, "amount", "abc", "bad_amount")
    assert receipt.rejects[0].suggestion


def test_every_row_leads_back_to_its_import_and_line(workspace):
    load(workspace, deals(deal("D1"), deal("D2")))

    found = workspace.query(
        "SELECT d.source_line, i.file_name, i.rows_in FROM deals d JOIN imports i USING (import_id)"
        " ORDER BY 1"
    ).rows()
    assert found == [(2, "export.csv", 2), (3, "export.csv", 2)]


def test_the_same_file_again_changes_nothing_and_answers_the_same(workspace):
    data = deals(deal("D1"), BAD, deal("D4", currency=""))
    first = load(workspace, data)
    before, fingerprint = _state(workspace), workspace.fingerprint()

    (again,) = import_files(
        workspace, [SourceFile("other name.csv", data)], NOW + timedelta(days=1)
    )

    assert again.unchanged
    assert not first.unchanged
    assert (again.file, again.loaded, again.rejects, again.warnings) == (
        "other name.csv",
        first.loaded,
        first.rejects,
        first.warnings,
    )
    assert (_state(workspace), workspace.fingerprint()) == (before, fingerprint)


def test_a_newer_file_updates_by_id_and_leaves_the_rest(workspace):
    load(workspace, deals(deal("D1", "10.00"), deal("D2", "20.00")))
    load(workspace, deals(deal("D2", "25.50"), deal("D3", "30.00")))

    rows = workspace.query("SELECT deal_id, amount_minor FROM deals ORDER BY 1").rows()
    assert rows == [("D1", 1_000), ("D2", 2_550), ("D3", 3_000)]


def test_a_newer_file_is_accounted_for_whole_also_where_it_says_nothing_new(workspace):
    rows = [deal("D1", "10.00"), deal("D2", "20.00", created="2025-09-09")]
    load(workspace, deals(*rows))
    again = load(workspace, deals(*rows, deal("D3", "5.00")))

    (total,) = again.sums
    assert (total.in_file, total.loaded) == (35, 35)
    assert "1 deal closed before it was created." in again.warnings


def test_inside_one_file_the_first_record_of_an_id_wins(workspace):
    receipt = load(workspace, deals(deal("D1"), deal("D1"), deal("D1", "11.00"), deal("D2")))

    assert reasons(receipt) == {2: "duplicate_row", 3: "duplicate_id"}
    assert workspace.query("SELECT amount_minor FROM deals WHERE deal_id = 'D1'").item() == 1_000


def test_a_refused_file_does_not_stop_the_others(workspace):
    files = [SourceFile("a.csv", b"PK\x03\x04"), SourceFile("b.csv", deals(deal()))]
    refused, accepted = import_files(workspace, files, NOW)

    assert (refused.status, accepted.status) == (Status.REFUSED, Status.ACCEPTED)
    assert workspace.query("SELECT count(*) FROM imports").item() == 1


def test_touches_may_come_before_the_deals_they_name(workspace):
    touch = touches("T1,D1,a@example.com,Email,Spring,2025-01-15,", "T2,D7,,Email,,2025-01-15,")
    files = [SourceFile("touches.csv", touch), SourceFile("deals.csv", deals(deal("D1")))]
    first, _ = import_files(workspace, files, NOW)

    assert first.warnings == ("1 touch names a deal that is not in the workspace.",)


def test_an_e_mail_address_is_stored_only_as_a_keyed_hash(workspace):
    load(workspace, touches("T1,D1,Ana@Example.com,Email,,2025-01-15,"))
    load(workspace, touches("T2,D1,ana@example.com,Email,,2025-01-16,"))
    load(workspace, b"deal_id,amount,created_at,closed_at,is_won,mail\nD1,,2025-01-01,,,a@b.io\n")

    stored = workspace.query("SELECT DISTINCT contact_id FROM touchpoints")["contact_id"].to_list()
    assert len(stored) == 1
    assert stored[0].startswith("email-")
    assert "@" not in workspace.query("SELECT attributes FROM deals").item()


def test_the_hash_of_an_address_differs_between_workspaces(workspace):
    data = touches("T1,D1,ana@example.com,Email,,2025-01-15,")
    load(workspace, data)
    with Workspace.in_memory() as other:
        load(other, data)
        query = "SELECT contact_id FROM touchpoints"
        assert workspace.query(query).item() != other.query(query).item()


def _fail_at(monkeypatch, step):
    real = {"rates": exchange.record_rates, "insert": Workspace.insert}

    def failing(*_args, **_kwargs):
        raise duckdb.OperationalError(f"disk full at {step}")

    owner = exchange if step == "rates" else Workspace
    monkeypatch.setattr(owner, "record_rates" if step == "rates" else "insert", failing)
    return real[step]


@pytest.mark.parametrize("step", ["rates", "insert"])
def test_a_failure_at_any_step_leaves_the_old_state(workspace, monkeypatch, step):
    load(workspace, deals(deal("D1")))
    before = _state(workspace)
    with monkeypatch.context() as patched:
        _fail_at(patched, step)
        with pytest.raises(duckdb.OperationalError, match=step):
            load(workspace, deals(deal("D1", "99.00"), deal("D2"), BAD))

    assert _state(workspace) == before
    assert load(workspace, deals(deal("D1", "99.00"))).loaded == 1


@pytest.fixture
def demo(workspace):
    with workspace.transaction() as cursor:
        set_meta(cursor, "kind", "demo")
        cursor.execute("INSERT INTO deals (deal_id) VALUES ('demo-1'), ('D1')")
        cursor.execute("INSERT INTO imports (import_id, sequence) VALUES ('demo', 1)")
    return workspace


def test_the_first_import_makes_demo_data_go_away(demo):
    load(demo, deals(deal("D1"), deal("D2")))

    assert demo.query("SELECT deal_id FROM deals ORDER BY 1")["deal_id"].to_list() == ["D1", "D2"]
    assert demo.query("SELECT count(*) FROM imports").item() == 1
    assert demo.meta("kind") == "own"


def test_a_refused_file_leaves_demo_data_where_it_is(demo):
    load(demo, b"")

    assert (demo.count("deals"), demo.meta("kind")) == (2, "demo")


def test_the_rates_of_the_deals_days_are_recorded(workspace):
    load(workspace, deals(deal("D1", currency="EUR"), deal("D2", currency="USD")))

    recorded = workspace.query(
        "SELECT currency, day::VARCHAR FROM exchange_rates ORDER BY 1"
    ).rows()
    assert recorded == [("EUR", "2025-03-04"), ("USD", "2025-03-04")]


def test_an_assumed_currency_has_to_be_one():
    with pytest.raises(InvalidParameterError, match="'Euro' is no currency"):
        ImportOptions(currency="Euro")


def test_a_currency_given_with_the_first_deals_is_the_workspaces(workspace):
    load(workspace, deals(deal("D1", currency="")), ImportOptions(currency="GBP"))
    load(workspace, deals(deal("D2", currency="")))

    assert workspace.query("SELECT DISTINCT currency FROM deals").item() == "GBP"


def test_a_currency_given_later_does_not_unsettle_the_workspace(workspace):
    load(workspace, deals(deal("D1", currency="EUR")))
    load(workspace, deals(deal("D2", currency="")), ImportOptions(currency="GBP"))
    load(workspace, deals(deal("D3", currency="")))

    rows = workspace.query("SELECT currency FROM deals ORDER BY deal_id").rows()
    assert rows == [("EUR",), ("GBP",), ("EUR",)]


def test_the_workspace_keeps_the_currency_it_settled_on(workspace):
    load(workspace, deals(deal("D1", currency="EUR")))
    load(workspace, deals(deal("D2", currency="")))

    assert workspace.query("SELECT DISTINCT currency FROM deals").item() == "EUR"


def test_progress_names_the_file_the_step_and_the_rows(workspace):
    seen = []
    files = [SourceFile("a.csv", deals(deal("D1"))), SourceFile("b.csv", touches())]
    import_files(workspace, files, NOW, ImportOptions(on_progress=seen.append))

    assert [(p.file, p.step.value, p.rows, p.files_done, p.files) for p in seen[:4]] == [
        ("a.csv", "reading", 1, 0, 2),
        ("a.csv", "checking", 1, 0, 2),
        ("a.csv", "storing", 1, 0, 2),
        ("a.csv", "finishing", 1, 0, 2),
    ]
    assert seen[-1].file == "b.csv"


@pytest.mark.parametrize("asked", range(8))
def test_an_import_that_is_stopped_at_any_moment_stores_nothing(workspace, asked):
    load(workspace, deals(deal("D1")))
    before = _state(workspace)
    answers = iter([False] * asked + [True] * 20)
    files = [SourceFile("a.csv", deals(deal("D2"), BAD)), SourceFile("b.csv", deals(deal("D3")))]

    with pytest.raises(ImportCancelledError, match="Nothing was stored"):
        import_files(workspace, files, NOW, ImportOptions(is_cancelled=lambda: next(answers)))

    assert _state(workspace) == before
