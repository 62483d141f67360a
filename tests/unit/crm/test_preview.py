"""A preview says what an import will do, and stores nothing."""

from datetime import timedelta

from core.crm.conventions import Forced
from core.crm.importing import import_files, preview_files
from core.crm.options import FileChoices, ImportOptions
from core.crm.receipts import SourceFile, Status
from tests.exports import NOW, deal, deals, touches

FILES = [
    SourceFile("touches.csv", touches("T1,D1,a@example.com,Email,Spring,31/01/2025,")),
    SourceFile("deals.csv", deals(deal("D1", "1.234,50"), deal("D2", "abc"))),
    SourceFile("broken.csv", b""),
]


def test_a_preview_answers_what_the_import_then_does(workspace):
    previews = preview_files(workspace, FILES, NOW)
    assert (workspace.count("deals"), workspace.meta("kind")) == (0, None)

    receipts = import_files(workspace, FILES, NOW + timedelta(minutes=5))
    assert tuple(preview.receipt for preview in previews) == receipts
    assert [receipt.status for receipt in receipts] == [
        Status.ACCEPTED,
        Status.PARTIAL,
        Status.REFUSED,
    ]


def test_what_was_decided_comes_with_its_reason(workspace):
    touch, deal_file, refused = (p.reading for p in preview_files(workspace, FILES, NOW))

    assert touch.source.what == "Template: touchpoints"
    assert (touch.delimiter.what, touch.encoding.what) == ("comma", "UTF-8")
    assert (touch.date_order.what, touch.date_order.why) == (
        "day_first",
        "a date has a first number above 12",
    )
    assert [(header, mark.what) for header, mark in deal_file.decimal_marks] == [("amount", ",")]
    assert refused is None


def test_every_column_is_shown_with_samples_and_what_it_fills(workspace):
    data = b"deal_id,amount,created_at,closed_at,is_won,Region\nD1,5,2025-01-01,,,North\n"
    (preview,) = preview_files(workspace, [SourceFile("x.csv", data)], NOW)

    columns = {column.header: column for column in preview.reading.columns}
    assert columns["amount"].fills == ("deals.amount",)
    assert columns["amount"].samples == ("5",)
    assert (columns["Region"].fills, columns["Region"].is_attribute) == ((), True)


def test_a_preview_leaves_demo_data_where_it_is(workspace):
    with workspace.transaction() as cursor:
        cursor.execute("INSERT INTO meta VALUES ('kind', 'demo')")
        cursor.execute("INSERT INTO deals (deal_id) VALUES ('demo-1')")
    preview_files(workspace, FILES, NOW, ImportOptions(currency="USD"))

    assert (workspace.count("deals"), workspace.meta("kind")) == (1, "demo")


def test_a_choice_for_one_file_leaves_the_others_alone(workspace):
    first = SourceFile("a.csv", deals(deal("D1", created="01/02/2025")))
    second = SourceFile("b.csv", deals(deal("D2", created="01/02/2025")))
    options = ImportOptions(by_file={first.digest: FileChoices(forced=Forced(None, "day_first"))})
    settled, doubtful = preview_files(workspace, [first, second], NOW, options)

    assert (settled.receipt.loaded, settled.reading.date_order.why) == (1, "you said so")
    assert (doubtful.receipt.loaded, doubtful.receipt.causes()[0].example.reason) == (
        0,
        "ambiguous_date",
    )


def test_the_import_follows_the_choices_of_the_preview(workspace):
    file = SourceFile("a.csv", deals(deal("D1", created="01/02/2025")))
    options = ImportOptions(by_file={file.digest: FileChoices(forced=Forced(None, "day_first"))})
    import_files(workspace, [file], NOW, options)

    assert str(workspace.query("SELECT created_at FROM deals").item()) == "2025-02-01 00:00:00"


def test_amounts_without_a_currency_are_counted(workspace):
    file = SourceFile("a.csv", deals(deal("D1", currency=""), deal("D2", currency="EUR")))
    (preview,) = preview_files(workspace, [file], NOW)

    assert (preview.reading.currency, preview.reading.currency_assumed_for) == ("EUR", 1)


def test_rejects_are_grouped_by_cause_the_commonest_first(workspace):
    rows = [deal("D1", "abc"), deal("D2", created="nonsense"), deal("D3", "x")]
    (preview,) = preview_files(workspace, [SourceFile("a.csv", deals(*rows))], NOW)

    causes = preview.receipt.causes()
    assert [(c.count, c.example.reason, c.example.line) for c in causes] == [
        (2, "bad_amount", 2),
        (1, "bad_date", 3),
    ]
