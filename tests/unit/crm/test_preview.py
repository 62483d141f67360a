"""A preview says what an import will do, and stores nothing."""

from datetime import timedelta

from core.crm.importing import import_files, preview_files
from core.crm.options import ImportOptions
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
