"""Whatever is in an archive or a workbook: every record is accounted for, and nothing crashes."""

import csv
import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.crm.containers import contents
from core.crm.importing import import_files
from core.crm.receipts import SHEET_DELIMITER, SourceFile, Status
from core.errors import ImportRefusedError
from core.workspace import Workspace
from tests.exports import DEALS_HEADER, NOW
from tests.workbooks import DATE, archive, error, formula, number, sheet, text, workbook

FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
VISIBLE = st.text(st.characters(codec="utf-8", exclude_categories=("C",)), max_size=12)
CELLS = st.one_of(
    st.none(),
    VISIBLE.map(text),
    st.sampled_from([text("D1"), text("a\nb"), text('say "x"'), error("#N/A"), formula(None)]),
    st.integers(-(10**18), 10**18).map(number),
    st.floats(allow_nan=False, allow_infinity=False).map(number),
    st.integers(0, 60_000).map(lambda serial: number(serial, DATE)),
)
ROWS = st.lists(st.lists(CELLS, max_size=12), max_size=6)


def accounted(name, data):
    with Workspace.in_memory() as workspace:
        receipts = import_files(workspace, [SourceFile(name, data)], NOW)
        for receipt in receipts:
            assert receipt.rows_in == receipt.loaded + receipt.rejected
            assert len(receipt.rejects) == receipt.rejected
            assert (receipt.status is Status.REFUSED) == bool(receipt.error)
        return receipts


@FEW
@given(ROWS)
def test_every_row_of_a_sheet_is_accounted_for(rows):
    book = workbook({"Deals": sheet([DEALS_HEADER.split(","), *rows])})
    (receipt,) = accounted("deals.xlsx", book)

    filled = [row for row in rows if any(cell and _has_value(cell) for cell in row)]
    assert receipt.rows_in == len(filled)


@FEW
@given(st.lists(st.lists(VISIBLE.filter(str.strip), min_size=1, max_size=5), min_size=1))
def test_texts_come_out_of_a_sheet_as_they_went_in(rows):
    book = workbook({"A": sheet([[text(value) for value in row] for row in rows])})
    (file,) = contents(SourceFile("book.xlsx", book), 10**8)
    lines = csv.reader(io.StringIO(file.data.decode(), newline=""), delimiter=SHEET_DELIMITER)

    assert [row[: len(given)] for row, given in zip(lines, rows, strict=True)] == rows


@FEW
@given(
    st.dictionaries(st.text("ab./", min_size=1, max_size=6), st.binary(max_size=60), max_size=4),
    st.lists(st.tuples(st.integers(0, 3_000), st.binary(min_size=1, max_size=3)), max_size=4),
)
def test_a_damaged_archive_is_read_or_refused(files, mutations):
    data = bytearray(archive(files))
    for place, piece in mutations:
        at = place % len(data)
        data[at : at + len(piece)] = piece
    accounted("exports.zip", bytes(data))


@FEW
@given(st.lists(st.tuples(st.integers(0, 3_000), st.binary(min_size=1, max_size=3)), max_size=4))
def test_a_damaged_workbook_is_read_or_refused(mutations):
    row = ["D1", "N", "A", "O", "Won", number("5"), "EUR", number("45000", DATE), None, "true"]
    data = bytearray(workbook({"Deals": sheet([DEALS_HEADER.split(","), row])}))
    for place, piece in mutations:
        at = place % len(data)
        data[at : at + len(piece)] = piece
    accounted("deals.xlsx", bytes(data))


@FEW
@given(st.text(max_size=200))
def test_any_xml_in_place_of_a_sheet_is_read_or_refused(content):
    source = SourceFile("deals.xlsx", workbook({"Deals": content}))
    try:
        files = contents(source, 10**8)
    except ImportRefusedError:
        return
    assert files


def _has_value(cell):
    """Tell whether a cell as a test writes it has anything in it."""
    return "<f>" not in cell and "<t></t>" not in cell
