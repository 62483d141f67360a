import pytest

from core.attribution.path_files import read_path_file
from core.errors import ImportRefusedError

HEADER = "path,total_conversions,total_conversion_value,total_null\n"


def reasons(text: str) -> list[tuple[int, str, str]]:
    rejects = read_path_file(text.encode()).rejects
    return [(reject.line, reject.column, reject.value) for reject in rejects]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_makes_sense_of_the_header(delimiter):
    text = "path|total_conversions|total_null\nA > B|2|1\n".replace("|", delimiter)
    counts = read_path_file(text.encode()).counts
    assert (counts.channels, counts.conversions.tolist()) == (("A", "B"), [2.0])


def test_names_are_trimmed_and_compared_whole():
    text = HEADER + "Paid >  Paid Search ,1,1,0\nPaid>Paid Search,1,2,0\n"
    counts = read_path_file(text.encode()).counts
    assert counts.channels == ("Paid", "Paid Search")
    assert counts.conversions.tolist() == [2.0]


def test_a_byte_order_mark_windows_line_ends_and_capitals_in_the_header_are_fine():
    counts = read_path_file("\ufeffPath,Total_Conversions\r\nA,1\r\n\r\n".encode()).counts
    assert counts.total_conversions == 1.0


def test_quoted_cells_may_hold_the_delimiter():
    counts = read_path_file(b'path,total_conversions\n"Acme, Inc > B",1\n').counts
    assert counts.channels == ("Acme, Inc", "B")


def test_a_stray_quote_costs_its_own_row_only():
    text = HEADER + 'A,1,1,0\n"B,1,1,0\nC,1,1,0\n'
    assert reasons(text) == [(3, "path", '"B,1,1,0')]
    assert read_path_file(text.encode()).counts.channels == ("A", "C")


def test_columns_that_are_missing_are_not_invented():
    counts = read_path_file(b"path,total_conversions\nA,1\n").counts
    assert counts.values is None
    assert counts.nulls.tolist() == [0.0]


@pytest.mark.parametrize(
    ("row", "column", "value"),
    [
        (",1,1,0", "path", ""),
        ("A > > B,1,1,0", "path", "A > > B"),
        ("> A,1,1,0", "path", "> A"),
        ("A,,1,0", "total_conversions", ""),
        ("A,-1,1,0", "total_conversions", "-1"),
        ("A,1,nan,0", "total_conversion_value", "nan"),
        ("A,1,inf,0", "total_conversion_value", "inf"),
        ("A,1,1,1 000", "total_null", "1 000"),
        ("A,0,5,1", "total_conversion_value", "5"),
        ("A,1,1", "path", "A,1,1"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_by_line_column_and_value(row, column, value):
    assert reasons(f"{HEADER}Good,1,1,0\n{row}\n") == [(3, column, value)]


def test_rows_in_equals_rows_counted_and_rejected():
    file = read_path_file((HEADER + "A,1,1,0\n\n,1,1,0\nB,x,1,0\n").encode())
    assert (file.rows_in, len(file.rejects)) == (3, 2)
    assert [reject.row for reject in file.rejects] == [2, 3]


def test_other_columns_are_ignored_and_named():
    file = read_path_file(b"path,total_conversions,note\nA,1,hello\n")
    assert file.warnings == ("Columns ignored: note.",)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "missing_columns"),
        (b"route,count\nA,1\n", "missing_columns"),
        (b"path,total_conversions,path\nA,1,B\n", "missing_columns"),
        (b"path,total_conversions\n", "no_rows"),
        (b"path,total_conversions\n,1\n", "no_rows"),
        ("path,total_conversions\nÄ,1\n".encode("latin-1"), "encoding"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_refused(data, code):
    with pytest.raises(ImportRefusedError) as caught:
        read_path_file(data, "paths.csv")
    assert caught.value.code == code


def test_a_refusal_for_want_of_rows_names_the_first_problem():
    with pytest.raises(ImportRefusedError, match="Line 2: The path is empty"):
        read_path_file(b"path,total_conversions\n,1\n")
