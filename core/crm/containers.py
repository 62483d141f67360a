"""Archives and workbooks, opened in memory: each file and each sheet in them is a file of its own.

Nothing is written to disk, names are for display only, and how much comes out is limited by what
really comes out, not by what the archive says of itself.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import IO, Final

from core.crm.receipts import Origin, SourceFile
from core.crm.workbook import UNPACKED_TIMES, Workbook
from core.crm.worksheet import sheet_text
from core.errors import ImportRefusedError

MAX_MEMBERS: Final = 1_000
"""Files an archive may have; a workbook has some dozen parts."""

_MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06")
_TEXT_ENDINGS: Final = frozenset({".csv", ".tsv", ".txt"})
_JUNK: Final = ("__MACOSX/", "Thumbs.db", "desktop.ini")
_CHUNK_BYTES: Final = 1 << 20
_IS_ENCRYPTED: Final = 0x1
_OFFICE: Final = {  # what in a ZIP says what it is, and what that is
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
    "mimetype": "an OpenDocument file (.ods)",
}


def unpacked(files: Iterable[SourceFile], max_bytes: int) -> tuple[SourceFile, ...]:
    """Return every file to import, with those in archives and the sheets of workbooks one by one.

    An archive or workbook that cannot be opened stands there as it is, to be refused by itself.
    Doing it twice changes nothing.
    """
    found: list[SourceFile] = []
    for file in files:
        try:
            found.extend(contents(file, max_bytes))
        except ImportRefusedError:
            found.append(file)
    return tuple(found)


def contents(file: SourceFile, max_bytes: int) -> tuple[SourceFile, ...]:
    """Return the files in an archive or a workbook; any other file is its own content.

    A name that promises text is taken at its word: such a file is left as it is, to be refused as
    no text. What comes out of an archive may be a workbook, but not another archive.

    Raises
    ------
    ImportRefusedError
        ``too_large``, ``not_text``, ``damaged_archive``, ``unsafe_archive``, ``nested_archive``,
        ``encrypted`` or ``empty_file``.
    """
    ending = PurePosixPath(file.name).suffix.lower()
    is_archive = file.data.startswith(_MAGIC) and ending not in _TEXT_ENDINGS
    if not is_archive or file.origin.is_sheet or len(file.data) > max_bytes:
        return (file,)
    try:
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            return _opened(file, archive, max_bytes)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise ImportRefusedError(
            file.name,
            "damaged_archive",
            "The archive or workbook is damaged, or packed in a way that cannot be read.",
            "Export it again, or save what is in it as CSV.",
        ) from error


def _opened(file: SourceFile, archive: zipfile.ZipFile, max_bytes: int) -> tuple[SourceFile, ...]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    names = {member.filename for member in members}
    _check(file, members)
    if "xl/workbook.xml" in names or "[Content_Types].xml" in names - set(_OFFICE):
        return _checked_sheets(file, archive, names, max_bytes)
    for name, what in _OFFICE.items():
        if name in names:
            raise _unreadable(file, what)
    if file.origin.container:
        raise ImportRefusedError(
            file.name,
            "nested_archive",
            "It is an archive inside an archive, which is not opened.",
            "Unpack the outer one, and import the inner one by itself.",
        )
    return tuple(_members(file, archive, members, max_bytes))


def _checked_sheets(
    file: SourceFile, archive: zipfile.ZipFile, names: set[str], max_bytes: int
) -> tuple[SourceFile, ...]:
    for name, what in _OFFICE.items():
        if name in names:
            raise _unreadable(file, what)
    sheets = tuple(_sheets(file, archive, max_bytes))
    if not sheets:
        raise _empty(file, "workbook has no visible sheet with anything in it")
    return sheets if len(sheets) > 1 else (_renamed(sheets[0], file.name),)


def _sheets(file: SourceFile, archive: zipfile.ZipFile, max_bytes: int) -> Iterator[SourceFile]:
    book = Workbook(file.name, archive, UNPACKED_TIMES * max_bytes)
    hidden = book.hidden_sheets()
    left_out = (f"Hidden sheets left out: {', '.join(hidden)}.",) if hidden else ()
    for sheet in book.visible_sheets():
        text = sheet_text(book, sheet, max_bytes)
        if text.data:
            notices = (*text.notices, *left_out)
            origin = Origin(file.name, is_sheet=True, notices=notices, shifts=text.shifts)
            yield SourceFile(f"{file.name}/{sheet.name}", text.data, origin)


def _renamed(sheet: SourceFile, name: str) -> SourceFile:
    """Return the only sheet of a workbook under the workbook's own name."""
    return SourceFile(name, sheet.data, sheet.origin)


def _members(
    file: SourceFile,
    archive: zipfile.ZipFile,
    members: Sequence[zipfile.ZipInfo],
    max_bytes: int,
) -> Iterator[SourceFile]:
    left, found = max_bytes, 0
    for member in members:
        if _is_junk(member.filename):
            continue
        with archive.open(member) as stream:
            data = _at_most(stream, left, file, max_bytes)
        left -= len(data)
        inner = SourceFile(f"{file.name}/{member.filename}", data, Origin(file.name))
        found += 1
        try:
            yield from contents(inner, max_bytes)
        except ImportRefusedError:
            yield inner  # to be refused by itself, beside the others
    if not found:
        raise _empty(file, "archive has no files in it")


def _at_most(stream: IO[bytes], limit: int, file: SourceFile, max_bytes: int) -> bytes:
    """Return all bytes of a member, as long as the archive stays within its limit."""
    parts: list[bytes] = []
    size = 0
    while part := stream.read(_CHUNK_BYTES):
        size += len(part)
        if size > limit:
            raise ImportRefusedError(
                file.name,
                "too_large",
                f"Unpacked, it has more than {max_bytes / 1e6:,.0f} MB, which is the limit.",
                "Put fewer files into it, or raise PLUMBLINE_MAX_UPLOAD_MB on your own machine.",
            )
        parts.append(part)
    return b"".join(parts)


def _check(file: SourceFile, members: Sequence[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise _unsafe(file, f"has {len(members):,} files; {MAX_MEMBERS:,} is the limit")
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or (path.parts[:1] and ":" in path.parts[0]):
            raise _unsafe(file, "has a file whose path leads out of it")
        if member.flag_bits & _IS_ENCRYPTED:
            raise ImportRefusedError(
                file.name,
                "encrypted",
                "The archive is protected by a password.",
                "Unpack it, and import the files in it.",
            )


def _is_junk(name: str) -> bool:
    """Tell whether a member is what operating systems leave in archives."""
    last = PurePosixPath(name).name
    return name.startswith(_JUNK[0]) or last in _JUNK or last.startswith(".")


def _unsafe(file: SourceFile, what: str) -> ImportRefusedError:
    return ImportRefusedError(
        file.name, "unsafe_archive", f"The archive {what}.", "Pack only the exports, and try again."
    )


def _unreadable(file: SourceFile, what: str) -> ImportRefusedError:
    return ImportRefusedError(
        file.name,
        "not_text",
        f"The file is {what}, which is not read.",
        "Save it as an Excel workbook (.xlsx) or as CSV (UTF-8), and import that.",
    )


def _empty(file: SourceFile, what: str) -> ImportRefusedError:
    return ImportRefusedError(file.name, "empty_file", f"The {what}.", "Export it again.")
