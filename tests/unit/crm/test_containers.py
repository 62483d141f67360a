"""Archives are opened in memory, within limits, and what cannot be opened says why."""

import struct

import pytest

from core.crm.containers import contents, unpacked
from core.crm.importing import import_files
from core.crm.receipts import SourceFile, Status
from core.errors import ImportRefusedError
from core.workspace import Workspace
from tests.exports import NOW, deal, deals
from tests.workbooks import archive, sheet, workbook

LIMIT = 1_000_000
GOOD = deals(deal("D1"), deal("D2"))
BOOK = workbook({"Deals": sheet([["a", "b"], ["1", "2"]])})


def opened(data, name="exports.zip", limit=LIMIT):
    return contents(SourceFile(name, data), limit)


def refusal(data, name="exports.zip", limit=LIMIT):
    with pytest.raises(ImportRefusedError) as caught:
        opened(data, name, limit)
    return caught.value


def test_each_file_of_an_archive_is_a_file_of_its_own():
    found = opened(archive({"deals.csv": GOOD, "more/touches.csv": b"x", "__MACOSX/._x": b"y"}))

    assert [file.name for file in found] == [
        "exports.zip/deals.csv",
        "exports.zip/more/touches.csv",
    ]
    assert found[0].data == GOOD


def test_a_file_that_is_no_archive_stays_as_it_is():
    file = SourceFile("deals.csv", GOOD)

    assert contents(file, LIMIT) == (file,)


def test_a_workbook_in_an_archive_is_opened():
    (found,) = opened(archive({"book.xlsx": BOOK}))

    assert (found.name, found.origin.is_sheet) == ("exports.zip/book.xlsx", True)


def test_an_archive_in_an_archive_is_refused_beside_the_good_files(tmp_path):
    data = archive({"deals.csv": GOOD, "old.zip": archive({"deals.csv": GOOD})})
    with Workspace.in_memory() as workspace:
        good, nested = import_files(workspace, [SourceFile("all.zip", data)], NOW)

    assert (good.file, good.loaded) == ("all.zip/deals.csv", 2)
    assert nested.status is Status.REFUSED
    assert nested.error.startswith("nested_archive")


def test_opening_twice_changes_nothing():
    data = archive({"old.zip": archive({"deals.csv": GOOD}), "book.xlsx": BOOK})
    once = unpacked([SourceFile("all.zip", data)], LIMIT)

    assert unpacked(once, LIMIT) == once


@pytest.mark.parametrize("name", ["deals.csv", "deals.TXT"])
def test_an_archive_under_the_name_of_text_is_not_opened(name):
    assert opened(archive({"deals.csv": GOOD}), name)[0].name == name


def test_a_bomb_is_stopped_by_what_comes_out_of_it():
    bomb = archive({"deals.csv": b"0" * 50_000_000})
    assert len(bomb) < LIMIT

    assert refusal(bomb).code == "too_large"


def test_an_archive_that_lies_about_the_size_of_a_file_gives_no_more_than_it_says():
    data = archive({"deals.csv": b"0" * 5_000_000})
    lie = data.replace(struct.pack("<L", 5_000_000), struct.pack("<L", 10))

    assert refusal(lie).code == "damaged_archive"


@pytest.mark.parametrize(
    "name", ["../deals.csv", "/etc/deals.csv", "a/../../deals.csv", "..\\deals.csv", "C:/deals.csv"]
)
def test_a_path_that_leads_out_of_the_archive_is_refused(name):
    assert refusal(archive({name: GOOD})).code == "unsafe_archive"


def test_too_many_files_are_refused():
    files = {f"{number}.csv": b"x" for number in range(1_001)}

    assert refusal(archive(files)).code == "unsafe_archive"


def test_an_archive_with_a_password_is_refused():
    data = bytearray(archive({"deals.csv": GOOD}))
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + flags] |= 1

    assert refusal(bytes(data)).code == "encrypted"


@pytest.mark.parametrize("cut", [30, 60, 200])
def test_a_damaged_archive_is_refused(cut):
    assert refusal(archive({"deals.csv": GOOD})[:-cut]).code == "damaged_archive"


def test_an_archive_without_files_is_refused():
    assert refusal(archive({})).code == "empty_file"


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ("xl/workbook.bin", "xlsb"),
        ("word/document.xml", "Word"),
        ("mimetype", "OpenDocument"),
    ],
)
def test_other_office_files_are_refused_by_what_they_are(member, words):
    found = refusal(archive({"[Content_Types].xml": "<Types/>", member: "x"}))

    assert found.code == "not_text"
    assert words in str(found)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, ".xls"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_old_and_protected_workbooks_are_refused_by_what_they_are(data, words):
    with Workspace.in_memory() as workspace:
        (receipt,) = import_files(workspace, [SourceFile("deals.xlsx", data)], NOW)

    assert receipt.error.startswith("not_text")
    assert words in receipt.error
