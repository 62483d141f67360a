"""A sheet of a workbook is read cell by cell: nothing lost, nothing invented."""

from decimal import Decimal

import pytest

from core.crm.containers import contents
from core.crm.importing import import_files
from core.crm.receipts import SHEET_DELIMITER, SourceFile, Status
from core.errors import ImportRefusedError
from core.workspace import Workspace
from tests.exports import NOW, reasons
from tests.workbooks import (
    DATE,
    EUROS,
    MAIN,
    MOMENT,
    PADDED,
    archive,
    error,
    formula,
    number,
    parts,
    sheet,
    workbook,
)

HEADER = ["deal_id", "name", "amount", "currency", "created_at", "closed_at", "is_won"]
LIMIT = 1_000_000


def cells(rows, merged=(), **options):
    """Return the cells of a sheet as they are read, by physical line."""
    book = workbook({"Deals": sheet(rows, merged)}, **options)
    (file,) = contents(SourceFile("book.xlsx", book), LIMIT)
    return [line.split(SHEET_DELIMITER) for line in file.data.decode().splitlines()]


def imported(rows, merged=()):
    """Return the receipt and the stored deals of a sheet."""
    book = workbook({"Deals": sheet(rows, merged)})
    with Workspace.in_memory() as workspace:
        (receipt,) = import_files(workspace, [SourceFile("deals.xlsx", book)], NOW)
        return receipt, workspace.query("SELECT * FROM deals ORDER BY source_line").to_dicts()


def row(deal_id="D1", name="One", amount="10", created="2025-01-02", closed="2025-03-04"):
    return [deal_id, name, amount, "EUR", created, closed, "true"]


def test_ids_typed_as_text_keep_every_digit():
    _, stored = imported([HEADER, row("00123"), row("123456789012345678")])

    assert [deal["deal_id"] for deal in stored] == ["00123", "123456789012345678"]


def test_a_number_with_more_digits_than_a_workbook_keeps_is_no_id():
    receipt, _ = imported([HEADER, row(number("123456789012345678"))])

    assert reasons(receipt) == {1: "id_scientific"}


def test_an_id_shown_with_leading_zeros_has_them():
    assert cells([[number("123", PADDED)]]) == [["00123"]]


def test_days_and_moments_are_read_as_such():
    assert cells([[number("45720", DATE), number("45720.5", MOMENT)]]) == [
        ["2025-03-04", "2025-03-04 12:00:00"]
    ]


def test_days_counted_from_1904_are_the_same_days():
    # 1904-01-01 is serial 1462 of the usual count: 45720 - 1462 = 44258
    assert cells([[number("44258", DATE)]], attributes='date1904="1"') == [["2025-03-04"]]


def test_a_formula_gives_its_stored_value_and_one_without_is_counted():
    receipt, stored = imported([HEADER, row(amount=formula(12.5)), row("D2", amount=formula(None))])

    assert [deal["amount"] for deal in stored] == [Decimal("12.50"), None]
    assert any("Formulas without a stored value" in warning for warning in receipt.warnings)


def test_an_error_is_never_a_blank():
    receipt, _ = imported([HEADER, row(amount=error("#REF!"))])

    assert reasons(receipt) == {1: "bad_amount"}
    assert receipt.rejects[0].value == "#REF!"


def test_the_currency_an_amount_is_shown_in_counts():
    header = ["deal_id", "amount", "created_at", "closed_at", "is_won"]
    _, stored = imported([header, ["D1", number("9.5", EUROS), "2025-01-02", "2025-02-01", "yes"]])

    assert (stored[0]["amount"], stored[0]["currency"]) == (Decimal("9.50"), "EUR")


def test_a_title_block_is_left_out_and_rows_keep_their_place():
    rows = [["Deals of 2025"], [], HEADER, row(), row("D2", amount="x")]
    receipt, _ = imported(rows)

    assert (receipt.rows_in, receipt.loaded) == (2, 1)
    assert (receipt.rejects[0].row, receipt.rejects[0].line) == (2, 5)


def test_rows_below_a_cell_of_several_lines_keep_their_place():
    receipt, stored = imported([HEADER, row(name="One\nTwo\nThree"), row("D2", amount="x")])

    assert stored[0]["name"] == "One\nTwo\nThree"
    assert (receipt.rejects[0].row, receipt.rejects[0].line) == (2, 3)


def test_blank_rows_are_no_records():
    receipt, _ = imported([HEADER, [], row(), [None, None], row("D2")])

    assert (receipt.rows_in, receipt.loaded) == (2, 2)


def test_a_header_merged_over_two_rows_is_found():
    first = ["deal_id", "name", "Money", None, "created_at", "closed_at", "is_won"]
    second = [None, None, "amount", "currency", None, None, None]
    merged = ["A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2", "G1:G2"]
    receipt, stored = imported([first, second, row()], merged)

    assert (receipt.rows_in, receipt.loaded) == (1, 1)
    assert (stored[0]["currency"], stored[0]["name"]) == ("EUR", "One")


def test_how_a_text_is_pronounced_is_no_part_of_it():
    spoken = (
        't="inlineStr"><is><t>株式会社</t><rPh sb="0" eb="4"><t>カブシキガイシャ</t></rPh></is>'
    )

    assert cells([[spoken]]) == [["株式会社"]]


def test_shared_texts_and_rich_texts_are_read():
    book = parts({"Deals": sheet([['t="s"><v>1</v>', 't="s"><v>0</v>']])})
    book["xl/sharedStrings.xml"] = (
        f'<sst xmlns="{MAIN}"><si><t>one</t></si>'
        "<si><r><t>two </t></r><r><t>parts</t></r></si></sst>"
    )
    rels = "xl/_rels/workbook.xml.rels"
    link = '<Relationship Id="t" Type="x/sharedStrings" Target="sharedStrings.xml"/>'
    book[rels] = book[rels].replace("</Relationships>", f"{link}</Relationships>")
    (file,) = contents(SourceFile("book.xlsx", archive(book)), LIMIT)

    assert file.data.decode() == f"two parts{SHEET_DELIMITER}one\n"


def test_each_visible_sheet_is_a_file_and_hidden_ones_are_named():
    one = sheet([HEADER, row()])
    book = workbook({"A": one, "Empty": sheet([]), "B": one, "Lists": one}, hidden=["Lists"])
    files = contents(SourceFile("book.xlsx", book), LIMIT)

    assert [file.name for file in files] == ["book.xlsx/A", "book.xlsx/B"]
    assert files[0].origin.notices == ("Hidden sheets left out: Lists.",)


def test_one_cell_far_away_does_not_make_a_large_table():
    far = f'<row r="1048576"><c r="C1048576" {number("1")}</c></row>'
    book = workbook({"Deals": sheet([HEADER, row()]).replace("</sheetData>", f"{far}</sheetData>")})
    with Workspace.in_memory() as workspace:
        (receipt,) = import_files(workspace, [SourceFile("deals.xlsx", book)], NOW)

    assert reasons(receipt) == {2: "missing_id"}
    assert receipt.rejects[0].line == 1_048_576


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (sheet([[]]).replace("<sheetData>", "<sheetData"), "damaged_archive"),
        (sheet([['t="s"><v>7</v>']]), "damaged_archive"),
        (sheet([["a"], ["b"]]).replace('r="2"', 'r="1"'), "damaged_archive"),
        (sheet([["a"]]).replace("A1", "XFD1"), "too_many_columns"),
        (sheet([["a"]]).replace("A1", "1"), ""),
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]>' + sheet([["a"]]), "damaged_archive"),
    ],
)
def test_a_broken_sheet_is_refused_and_never_crashes(broken, code):
    with Workspace.in_memory() as workspace:
        source = SourceFile("deals.xlsx", workbook({"Deals": broken}))
        (receipt,) = import_files(workspace, [source], NOW)

    assert receipt.status is Status.REFUSED
    assert receipt.error.startswith(code or "missing_columns")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_a_workbook_without_one_of_its_lists_is_refused(part):
    book = parts({"Deals": sheet([HEADER, row()])})
    del book[part]

    with pytest.raises(ImportRefusedError, match="damaged"):
        contents(SourceFile("book.xlsx", archive(book)), LIMIT)
