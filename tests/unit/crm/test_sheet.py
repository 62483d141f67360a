import pytest

from core.crm import plain_blocks, sheet
from core.crm.gate import Text
from core.crm.layout import find_layout
from core.crm.sheet import read_sheet
from core.errors import ImportRefusedError

KNOWN = frozenset({"id", "name"})


def _read(content: str):
    text = Text(content.encode(), "utf-8")
    return read_sheet(text, find_layout("x.csv", text, KNOWN))


def _rows(read):
    return list(zip(*(read.table[f"c{i}"].to_pylist() for i in range(2)), strict=True))


def _lines(read):
    return read.table["line"].to_pylist()


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_finds_known_headers(mark):
    read = _read(
        f"id{mark}name\n1{mark}A, B; C\n" if mark not in ",;" else f"id{mark}name\n1{mark}A\n"
    )

    assert read.layout.delimiter == mark
    assert read.rows_in == 1


def test_a_title_block_before_the_header_is_skipped_and_counted():
    read = _read("Deals of May\n\nid,name\n1,A\n")

    assert read.layout.title_lines == 2
    assert (_rows(read), _lines(read)) == ([("1", "A")], [4])


def test_the_line_of_a_record_is_the_physical_line_it_starts_on():
    read = _read('id,name\n1,"two\nlines"\n\n2,B\n')

    assert (_rows(read), _lines(read)) == ([("1", "two\nlines"), ("2", "B")], [2, 5])


def test_a_stray_quote_costs_one_line_even_when_the_rest_of_the_file_is_long():
    rows = "".join(f"{i},name {i}\n" for i in range(3, 30_003))
    read = _read('id,name\n1,A\n2,"broken\n' + rows)

    assert [(b.row, b.line, b.reason) for b in read.broken] == [(2, 3, "unterminated_quote")]
    assert read.table.num_rows == 30_001
    assert read.table["row"].to_pylist() == [1, *range(3, 30_003)]


def test_blocks_join_without_losing_the_record_across_their_border(monkeypatch):
    monkeypatch.setattr(sheet, "BLOCK_LINES", 3)
    monkeypatch.setattr(plain_blocks, "BLOCK_BYTES", 12)
    read = _read('id,name\n1,A\n2,B\n3,"C\nC"\n4,D\n5,E\n6,F\n7,"G"\n')

    assert [row[0] for row in _rows(read)] == list("1234567")
    assert _lines(read) == [2, 3, 4, 6, 7, 8, 9]
    assert read.table["row"].to_pylist() == list(range(1, 8))


def test_surplus_fields_are_dropped_only_when_they_are_empty():
    read = _read("id,name,,\n1,A,,\n2,B,x,\n3,C\n4,D,,,,\n")

    assert [row[0] for row in _rows(read)] == ["1", "3", "4"]
    assert [(b.row, b.reason) for b in read.broken] == [(2, "field_count")]


def test_a_second_header_is_rejected_and_not_read_as_a_record():
    read = _read("id,name\n1,A\nid,name\n2,B\n")

    assert [(b.row, b.reason) for b in read.broken] == [(2, "repeated_header")]


def test_a_file_of_blanks_is_empty():
    with pytest.raises(ImportRefusedError) as refused:
        _read(" \n\t\n" * 300)
    assert refused.value.code == "empty_file"


def test_progress_counts_every_record():
    counts: list[int] = []
    text = Text(b"id,name\n" + b"1,A\n" * 25_000, "utf-8")
    read_sheet(text, find_layout("x.csv", text, KNOWN), counts.append)

    assert counts[-1] == 25_000
    assert counts == sorted(counts)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize("block_bytes", [7, 30, 1_000])
def test_the_fast_way_reads_what_the_strict_way_reads(monkeypatch, ending, quoted, block_bytes):
    monkeypatch.setattr(plain_blocks, "BLOCK_BYTES", block_bytes)
    monkeypatch.setattr(sheet, "BLOCK_LINES", 2)
    names = ["", "ü", "two words", "x" * 20, " pad ", "株"]
    lines = [
        f'{i},"{name}"' if quoted and i % 3 == 0 else f"{i},{name}" for i, name in enumerate(names)
    ]
    read = _read(ending.join(["id,name", *lines, ""]))

    assert _rows(read) == [(str(i), name) for i, name in enumerate(names)]
    assert _lines(read) == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("broken", ["7", "7,A,B", '7,"A', "7,\0", "7," + "x" * 70_000])
def test_a_broken_line_among_plain_ones_is_the_only_one_rejected(broken):
    plain = "".join(f"{i},A\n" for i in range(100))
    read = _read("id,name\n" + plain + broken + "\n" + plain)

    assert [(b.row, b.line) for b in read.broken] == [(101, 102)]
    assert read.table["line"].to_pylist() == [*range(2, 102), *range(103, 203)]


@pytest.mark.parametrize("name", [" A", "A ", "\tA", "A\x0c", "\u00a0A", " "])
@pytest.mark.parametrize(
    "content", ["id,name\n1,B\n2,{}\n3,C\n", "id,name\n1,B\n2,C\n3,{}\n", "name,id\n{},1\n"]
)
def test_a_text_with_blanks_around_it_is_noticed(name, content):
    read = _read(content.format(name))

    assert read.padded == {read.layout.header.index("name")}


def test_plain_columns_are_not_taken_for_padded():
    assert _read("id,name\n1,two words\n,\n3,\n").padded == set()
