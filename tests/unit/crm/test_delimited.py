import pytest

from core.crm import delimited
from core.crm.delimited import find_layout, read_sheet
from core.crm.gate import Text
from core.errors import ImportRefusedError

KNOWN = frozenset({"id", "name"})


def _read(content: str):
    text = Text(content.encode(), "utf-8")
    return read_sheet(text, find_layout("x.csv", text, KNOWN))


def _rows(sheet):
    return list(zip(*(sheet.table[f"c{i}"].to_pylist() for i in range(2)), strict=True))


def _lines(sheet):
    return sheet.table["line"].to_pylist()


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_finds_known_headers(mark):
    sheet = _read(
        f"id{mark}name\n1{mark}A, B; C\n" if mark not in ",;" else f"id{mark}name\n1{mark}A\n"
    )

    assert sheet.layout.delimiter == mark
    assert sheet.rows_in == 1


def test_a_title_block_before_the_header_is_skipped_and_counted():
    sheet = _read("Deals of May\n\nid,name\n1,A\n")

    assert sheet.layout.title_lines == 2
    assert (_rows(sheet), _lines(sheet)) == ([("1", "A")], [4])


def test_the_line_of_a_record_is_the_physical_line_it_starts_on():
    sheet = _read('id,name\n1,"two\nlines"\n\n2,B\n')

    assert (_rows(sheet), _lines(sheet)) == ([("1", "two\nlines"), ("2", "B")], [2, 5])


def test_a_stray_quote_costs_one_line_even_when_the_rest_of_the_file_is_long():
    rows = "".join(f"{i},name {i}\n" for i in range(3, 30_003))
    sheet = _read('id,name\n1,A\n2,"broken\n' + rows)

    assert [(b.row, b.line, b.reason) for b in sheet.broken] == [(2, 3, "unterminated_quote")]
    assert sheet.table.num_rows == 30_001
    assert sheet.table["row"].to_pylist() == [1, *range(3, 30_003)]


def test_blocks_join_without_losing_the_record_across_their_border(monkeypatch):
    monkeypatch.setattr(delimited, "BLOCK_LINES", 3)
    sheet = _read('id,name\n1,A\n2,B\n3,"C\nC"\n4,D\n5,E\n6,F\n7,"G"\n')

    assert [row[0] for row in _rows(sheet)] == list("1234567")
    assert _lines(sheet) == [2, 3, 4, 6, 7, 8, 9]
    assert sheet.table["row"].to_pylist() == list(range(1, 8))


def test_surplus_fields_are_dropped_only_when_they_are_empty():
    sheet = _read("id,name,,\n1,A,,\n2,B,x,\n3,C\n4,D,,,,\n")

    assert [row[0] for row in _rows(sheet)] == ["1", "3", "4"]
    assert [(b.row, b.reason) for b in sheet.broken] == [(2, "field_count")]


def test_a_second_header_is_rejected_and_not_read_as_a_record():
    sheet = _read("id,name\n1,A\nid,name\n2,B\n")

    assert [(b.row, b.reason) for b in sheet.broken] == [(2, "repeated_header")]


def test_a_file_of_blanks_is_empty():
    with pytest.raises(ImportRefusedError) as refused:
        _read(" \n\t\n" * 300)
    assert refused.value.code == "empty_file"


def test_progress_counts_every_record():
    counts: list[int] = []
    text = Text(b"id,name\n" + b"1,A\n" * 25_000, "utf-8")
    read_sheet(text, find_layout("x.csv", text, KNOWN), counts.append)

    assert counts == [20_000, 25_000]
