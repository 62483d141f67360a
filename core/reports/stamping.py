"""Drawings put into a document as forms of vectors, in the same bytes each time.

The renderer names fonts, groups and transparencies of a drawing in no fixed order; here they are
named by what they are, so that equal data make equal bytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Final, cast

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from core.reports.vectors import Drawing

NAME_LETTERS: Final = 12
"""Letters of a digest that tell the resources of one drawing apart."""

_NAME: Final = re.compile(rb"/([A-Za-z]+[0-9]+)\b")
_MAPPED: Final = re.compile(rb"((?:<[0-9A-Fa-f]+> <[0-9A-Fa-f]+>\n)+)")


@dataclass(frozen=True)
class Place:
    """Where a drawing goes: page from 0, left and bottom in points, and its scale."""

    page: int
    left: float
    bottom: float
    scale: float


def stamped(pdf: bytes, drawings: list[tuple[Drawing, Place]], made_on: date) -> bytes:
    """Return a document with each drawing in its place, dated as stated and not by the clock."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    for number, (drawn, place) in enumerate(drawings):
        form = _form(writer, drawn)
        _draw(writer, place, f"Chart{number}", writer._add_object(form))
    moment = f"D:{made_on:%Y%m%d}000000Z"
    writer.add_metadata({"/CreationDate": moment, "/ModDate": moment})
    written = BytesIO()
    writer.compress_identical_objects(remove_unreferenced=True)
    writer.write(written)
    return written.getvalue()


def _draw(writer: PdfWriter, place: Place, name: str, form: IndirectObject) -> None:
    page = writer.pages[place.page]
    resources = cast("DictionaryObject", page["/Resources"].get_object())
    forms = resources.setdefault(NameObject("/XObject"), DictionaryObject())
    cast("DictionaryObject", forms.get_object())[NameObject(f"/{name}")] = form
    stamp = DecodedStreamObject()
    stamp.set_data(
        f"q {place.scale:.4f} 0 0 {place.scale:.4f} {place.left:.2f} {place.bottom:.2f} cm "
        f"/{name} Do Q".encode()
    )
    before = page.raw_get("/Contents")
    many = isinstance(before.get_object(), ArrayObject)
    after = writer._add_object(stamp.flate_encode())
    page[NameObject("/Contents")] = ArrayObject(
        [*(before.get_object() if many else [before]), after]
    )


def _form(writer: PdfWriter, drawn: Drawing) -> StreamObject:
    """Return a page as a form that can be drawn anywhere, its names in a fixed order."""
    page = PdfReader(BytesIO(drawn.pdf)).pages[0]
    resources = cast("DictionaryObject", page["/Resources"].get_object())
    content = page.get_contents()
    body = b"" if content is None else content.get_data()
    form = _ordered(resources, body)
    form.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Form"),
            NameObject("/BBox"): ArrayObject(
                [
                    FloatObject(0),
                    FloatObject(0),
                    FloatObject(drawn.width),
                    FloatObject(drawn.height),
                ]
            ),
        }
    )
    return cast("StreamObject", form.clone(writer)).flate_encode()


def _ordered(resources: DictionaryObject, body: bytes) -> DecodedStreamObject:
    """Return a stream whose resources are named by what they are, equal ones once."""
    renamed: dict[bytes, bytes] = {}
    ordered = DictionaryObject()
    for kind in sorted(resources):
        entries = resources[kind].get_object()
        if not isinstance(entries, DictionaryObject):
            ordered[NameObject(kind)] = resources.raw_get(kind)
            continue
        fresh = DictionaryObject()
        for name, content in sorted(_named_by_content(entries), key=lambda pair: pair[1]):
            new = f"/{kind[1:3]}{content}"
            renamed[name.encode()] = new.encode()
            fresh.setdefault(NameObject(new), entries.raw_get(name))
        ordered[NameObject(kind)] = fresh
    stream = DecodedStreamObject()
    stream.set_data(_NAME.sub(lambda found: renamed.get(found[0], found[0]), body))
    stream[NameObject("/Resources")] = ordered
    return stream


def _named_by_content(entries: DictionaryObject) -> Iterator[tuple[str, str]]:
    for name in entries:
        entry = cast("PdfObject", entries[name].get_object())
        if isinstance(entry, StreamObject) and entry.get("/Subtype") == "/Form":
            _order_in_place(entry)
        yield name, _content(entry)[:NAME_LETTERS]


def _order_in_place(form: StreamObject) -> None:
    """Put a drawing within a drawing in order first, since its content names the outer one's."""
    resources = cast("DictionaryObject", form.get("/Resources", DictionaryObject()).get_object())
    ordered = _ordered(resources, form.get_data())
    form[NameObject("/Resources")] = ordered["/Resources"]
    form.set_data(ordered.get_data())


def _content(thing: PdfObject) -> str:
    """Return a name of an object made of all it holds; maps of letters are put in order."""
    return sha256(_spelled(thing, 0).encode("latin-1", "replace")).hexdigest()


def _spelled(thing: PdfObject, depth: int) -> str:
    found = thing.get_object()
    if found is None or depth > 8:  # noqa: PLR2004 - deeper than any resource
        return ""
    text = ""
    if isinstance(found, StreamObject):
        data = _MAPPED.sub(_sorted_lines, found.get_data())
        if data != found.get_data():
            found.set_data(data)
        text = sha256(data).hexdigest()
    if isinstance(found, DictionaryObject):
        keys = sorted(key for key in found if key not in {"/Parent", "/Length", "/Filter"})
        return text + "".join(key + _spelled(found.raw_get(key), depth + 1) for key in keys)
    if isinstance(found, ArrayObject):
        return "[" + ",".join(_spelled(entry, depth + 1) for entry in found) + "]"
    return repr(found) if not isinstance(found, NumberObject) else str(found)


def _sorted_lines(found: re.Match[bytes]) -> bytes:
    return b"".join(sorted(found[0].splitlines(keepends=True)))
