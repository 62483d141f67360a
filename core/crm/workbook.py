"""An Excel workbook: its sheets, its texts and how its numbers are to be read.

Read by us, because the stock readers turn an error such as #REF! into a blank, invent digits of
long ids, and make a table as large as the last cell of a sheet says.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from xml.parsers import expat

from core.crm.excel_values import NumberFormat, number_format
from core.errors import ImportRefusedError

UNPACKED_TIMES: Final = 6
"""How many times the limit of a file the XML of a workbook may have; it is wordier than CSV."""

_CHUNK_BYTES: Final = 1 << 18
_ESCAPED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_LINE_END: Final = re.compile("\r\n?")

Attributes = dict[str, str]
Event = tuple[str, Attributes | None, str]
"""The start of an element with its attributes, or its end with None and its text."""


@dataclass(frozen=True)
class SheetEntry:
    """One sheet as the workbook lists it."""

    name: str
    part: str
    is_hidden: bool


class Workbook:
    """The parts of a workbook that all sheets share.

    Parameters
    ----------
    name
        Name of the file, for messages.
    archive
        The opened file.
    max_bytes
        How much of it may be unpacked.
    """

    def __init__(self, name: str, archive: zipfile.ZipFile, max_bytes: int) -> None:
        self.name = name
        self._archive = archive
        self._left = max_bytes

    def visible_sheets(self) -> list[SheetEntry]:
        """Return the worksheets a person sees, in their order."""
        return [sheet for sheet in self._sheets if not sheet.is_hidden]

    def hidden_sheets(self) -> list[str]:
        """Return the names of the worksheets nobody sees."""
        return [sheet.name for sheet in self._sheets if sheet.is_hidden]

    @cached_property
    def texts(self) -> list[str]:
        """The texts that cells refer to by number."""
        found: list[str] = []
        part = self._related("sharedStrings")
        parts: list[str] = []
        for tag, attributes, text in self.events(part) if part else ():
            if attributes is None and tag == "t":
                parts.append(text)
            elif tag == "rPh" and attributes is None and parts:
                parts.pop()  # how it is pronounced is no part of the text
            elif attributes is None and tag == "si":
                found.append(unescaped("".join(parts)))
                parts.clear()
        return found

    @cached_property
    def formats(self) -> list[NumberFormat]:
        """How the numbers of each cell style are to be read."""
        part = self._related("styles")
        codes: dict[int, str] = {}
        found: list[NumberFormat] = []
        is_cell_style = False
        for tag, attributes, _ in self.events(part) if part else ():
            if tag == "cellXfs":
                is_cell_style = attributes is not None
            elif attributes is None:
                continue
            elif tag == "numFmt":
                codes[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
            elif tag == "xf" and is_cell_style:
                number = int(attributes.get("numFmtId", "0"))
                found.append(number_format(number, codes.get(number, "")))
        return found

    @cached_property
    def counts_from_1904(self) -> bool:
        """Whether days are counted from 1904, as old workbooks of the Mac do."""
        flags = [a for tag, a, _ in self._content if tag == "workbookPr" and a]
        return any(flag.get("date1904") in {"1", "true"} for flag in flags)

    def events(self, part: str) -> Iterator[Event]:
        """Yield the elements of a part: each start, and each end with the text directly in it."""
        queue: list[Event] = []
        texts: list[list[str]] = []

        def start(name: str, attributes: Attributes) -> None:
            texts.append([])
            queue.append((local(name), attributes, ""))

        def end(name: str) -> None:
            queue.append((local(name), None, "".join(texts.pop())))

        def data(text: str) -> None:
            texts[-1].append(text)

        parser = self.parser(start, end, data)
        for chunk in self.chunks(part):
            self.feed(parser, chunk)
            yield from queue
            queue.clear()
        self.feed(parser, b"", is_final=True)
        yield from queue

    def parser(
        self,
        start: Callable[[str, Attributes], None],
        end: Callable[[str], None],
        data: Callable[[str], None],
    ) -> expat.XMLParserType:
        """Return a parser that obeys no entities."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = data
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        return parser

    def feed(self, parser: expat.XMLParserType, chunk: bytes, *, is_final: bool = False) -> None:
        """Give a parser some bytes."""
        try:
            parser.Parse(chunk, is_final)
        except expat.ExpatError as error:
            raise self.damaged("one of its parts is not valid XML") from error

    def chunks(self, part: str) -> Iterator[bytes]:
        """Yield the bytes of a part, as long as the workbook stays within its limit."""
        with self._archive.open(part) as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                self._left -= len(chunk)
                if self._left < 0:
                    raise ImportRefusedError(
                        self.name,
                        "too_large",
                        "Unpacked, the workbook is larger than can be read.",
                        "Save its sheets as CSV (UTF-8), and import those.",
                    )
                yield chunk

    def damaged(self, why: str) -> ImportRefusedError:
        """Return the refusal of a workbook whose parts do not fit together."""
        return ImportRefusedError(
            self.name,
            "damaged_archive",
            f"The workbook is damaged: {why}.",
            "Open it in a spreadsheet, save it anew, or save it as CSV.",
        )

    def _refuse_doctype(self, *_: object) -> None:
        raise self.damaged("it defines entities of its own")

    @cached_property
    def _content(self) -> list[Event]:
        if "xl/workbook.xml" not in self._archive.namelist():
            raise self.damaged("it has no list of sheets")
        return list(self.events("xl/workbook.xml"))

    @cached_property
    def _relations(self) -> dict[str, tuple[str, str]]:
        """For each relation of the workbook its kind and the part it leads to."""
        part = "xl/_rels/workbook.xml.rels"
        if part not in self._archive.namelist():
            raise self.damaged("it does not say where its sheets are")
        return {
            a.get("Id", ""): (a.get("Type", "").rpartition("/")[2], _place(a.get("Target", "")))
            for tag, a, _ in self.events(part)
            if tag == "Relationship" and a
        }

    @cached_property
    def _sheets(self) -> list[SheetEntry]:
        names = set(self._archive.namelist())
        found = []
        for tag, attributes, _ in self._content:
            if tag != "sheet" or not attributes:
                continue
            identity = next((v for k, v in attributes.items() if k.endswith(" id")), "")
            kind, part = self._relations.get(identity, ("", ""))
            if kind == "worksheet" and part in names:
                is_hidden = attributes.get("state", "visible") != "visible"
                found.append(SheetEntry(attributes.get("name", part), part, is_hidden))
        return found

    def _related(self, kind: str) -> str | None:
        parts = [part for is_kind, part in self._relations.values() if is_kind == kind]
        return next((part for part in parts if part in self._archive.namelist()), None)


def local(name: str) -> str:
    """Return the name of an element without its namespace."""
    return name[name.rfind(" ") + 1 :]


def unescaped(text: str) -> str:
    r"""Return a text of a workbook as a person typed it, lines ended by a line feed.

    >>> unescaped("a_x000D_\nb")
    'a\nb'
    """
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return _LINE_END.sub("\n", text) if "\r" in text else text


def _place(target: str) -> str:
    """Return the name of the part a relation leads to."""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target.removeprefix('./')}"
