import gzip

import pytest

from core.crm.gate import admit
from core.crm.receipts import SourceFile
from core.errors import ImportRefusedError

LIMIT = 1_000_000


def _admit(data: bytes):
    return admit(SourceFile("x.csv", data), LIMIT)


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
        ("cp1252", "cp1252"),
    ],
)
def test_each_encoding_a_spreadsheet_writes_gives_the_same_text(encoding, expected):
    text = _admit("name\nMüller\n".encode(encoding))

    assert text.encoding == expected
    assert list(text.lines()) == ["name\n", "Müller\n"]


def test_windows_text_is_read_with_a_notice():
    assert "Windows-1252" in _admit("Zoë\n".encode("cp1252")).notices[0]


def test_one_bad_line_does_not_change_the_encoding_of_the_others():
    text = _admit("Zoë\n".encode() + "Café\n".encode("cp1252"))

    assert text.damaged
    assert next(iter(text.lines())) == "Zoë\n"


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b"deal_id\n", mtime=0),
        b"PK\x03\x04rest",
        b"%PDF-1.7",
        b"PAR1",
        b"\x00\x01" * 100,
    ],
)
def test_what_is_not_text_is_refused_and_never_unpacked(data):
    with pytest.raises(ImportRefusedError) as refused:
        _admit(data)
    assert refused.value.code == "not_text"


def test_a_file_above_the_limit_is_refused_with_both_sizes():
    with pytest.raises(ImportRefusedError, match=r"2\.\d MB; 1 MB is the limit"):
        _admit(b"x" * 2_000_000)


def test_bytes_that_break_the_encoding_their_mark_announces_are_refused():
    with pytest.raises(ImportRefusedError) as refused:
        _admit(b"\xff\xfe\x00\xd8\x41")
    assert refused.value.code == "bad_encoding"
