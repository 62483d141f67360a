"""The gate before any parsing: is it text, how large, in which encoding.

Nothing is unpacked here; `core.crm.containers` has taken files out of archives and workbooks.
"""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.crm.receipts import SHEET_DELIMITER, SourceFile
from core.errors import ImportRefusedError

_SAMPLE_BYTES: Final = 4096
_BLOCK_BYTES: Final = 1 << 20
_NUL_SHARE: Final = 0.25

_BINARY: Final = {
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"PK\x05\x06": "a ZIP archive",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"%PDF": "a PDF",
    b"{\\rtf": "a rich text document",
    b"\x89PNG": "an image",
    b"GIF8": "an image",
    b"\xff\xd8\xff": "an image",
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"Obj\x01": "an Avro file",
    b"SQLite format 3\x00": "a database",
    b"\xd0\xcf\x11\xe0": "an old workbook (.xls), or one that is protected by a password",
    b"\x7fELF": "a program",
}

_BOMS: Final = (  # longest first: the UTF-32 mark starts with the UTF-16 one
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_MULTI_BYTE: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}"
    rb"|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}"
    rb"|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)


@dataclass(frozen=True)
class Text:
    """The bytes of a file, known to be text.

    Parameters
    ----------
    data
        The bytes.
    encoding
        How they are read.
    damaged
        Whether some bytes are not valid in that encoding: their lines carry lone surrogates.
    notices
        What a person should know about the encoding, or about how the file was taken out of a
        workbook.
    delimiter
        What stands between fields, where that is known; otherwise it has to be found out.
    shifts
        How many more physical lines there are than rows of a worksheet, from which line on.
    """

    data: bytes
    encoding: str
    damaged: bool = False
    notices: tuple[str, ...] = ()
    delimiter: str | None = None
    shifts: tuple[tuple[int, int], ...] = ()

    def lines(self) -> Iterator[str]:
        r"""Yield physical lines with their ends; ``\n``, ``\r\n`` and ``\r`` all end one."""
        errors = "surrogateescape" if self.damaged else "strict"
        return io.TextIOWrapper(
            io.BytesIO(self.data), encoding=self.encoding, errors=errors, newline=""
        )


def admit(file: SourceFile, max_bytes: int) -> Text:
    """Return the text of a file, or refuse it.

    Raises
    ------
    ImportRefusedError
        ``too_large``, ``not_text`` or ``bad_encoding``.
    """
    if len(file.data) > max_bytes:
        raise ImportRefusedError(
            file.name,
            "too_large",
            f"The file has {len(file.data) / 1e6:,.1f} MB; {max_bytes / 1e6:,.0f} MB is the limit.",
            "Export a shorter period, or raise PLUMBLINE_MAX_UPLOAD_MB on your own machine.",
        )
    if file.origin.is_sheet:
        origin = file.origin
        return Text(
            file.data,
            "utf-8",
            notices=origin.notices,
            delimiter=SHEET_DELIMITER,
            shifts=origin.shifts,
        )
    for magic, kind in _BINARY.items():
        if file.data.startswith(magic):
            raise _not_text(file, f"it is {kind}")
    return _decoded(file)


def _decoded(file: SourceFile) -> Text:
    for mark, encoding in _BOMS:
        if file.data.startswith(mark):
            return _marked(file, encoding)
    sample = file.data[:_SAMPLE_BYTES]
    if sample and sample.count(0) > _NUL_SHARE * len(sample):
        raise _not_text(file, "a large part of it is NUL bytes")
    if _is_valid(file.data, "utf-8"):
        return Text(file.data, "utf-8")
    if _MULTI_BYTE.search(file.data):
        return _partly_damaged(file.data, "utf-8")
    notice = "The file is not UTF-8; it was read as Windows-1252. Check names with accents."
    is_clean = _is_valid(file.data, "cp1252")
    return Text(file.data, "cp1252", damaged=not is_clean, notices=(notice,))


def _marked(file: SourceFile, encoding: str) -> Text:
    if _is_valid(file.data, encoding):
        return Text(file.data, encoding)
    if encoding == "utf-8-sig":
        return _partly_damaged(file.data, encoding)
    raise ImportRefusedError(
        file.name,
        "bad_encoding",
        f"The file says it is {encoding.upper()}, but it is not valid {encoding.upper()}.",
        "Export it again as UTF-8.",
    )


def _partly_damaged(data: bytes, encoding: str) -> Text:
    notice = "Some lines are not valid UTF-8, as if two exports had been glued together."
    return Text(data, encoding, damaged=True, notices=(notice,))


def _is_valid(data: bytes, encoding: str) -> bool:
    if encoding != "utf-16" and data.isascii():
        return True
    decoder = codecs.getincrementaldecoder(encoding)()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _BLOCK_BYTES):
            decoder.decode(view[start : start + _BLOCK_BYTES])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _not_text(file: SourceFile, why: str) -> ImportRefusedError:
    return ImportRefusedError(
        file.name,
        "not_text",
        f"The file is not delimited text: {why}.",
        "Export or save it as CSV (UTF-8) and import that; ZIP and .xlsx are read under that name."
        if file.data.startswith(b"PK")
        else "Export or save it as CSV (UTF-8) and import that.",
    )
