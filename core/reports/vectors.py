"""Charts as vectors: the pages' own Altair charts as PDF, SVG or PNG, drawn without a browser.

The renderer names the fonts of a drawing in no fixed order; names and maps are put in order here,
so that equal data make equal bytes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

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

from core.charts.theme import Mode, themed
from core.reports.content import Chart
from core.reports.lettering import FONTS, visible

PIXEL: Final = 0.75
"""Points of a pixel: the renderer draws at 96 pixels an inch."""

PNG_SCALE: Final = 2.0

NAME_LETTERS: Final = 12
"""Letters of a digest that tell the resources of one drawing apart."""

_NAME: Final = re.compile(rb"/([A-Za-z]+[0-9]+)\b")
_CLIP: Final = re.compile(r"(url\(#|id=\")(clip[0-9]+)")
_MAPPED: Final = re.compile(rb"((?:<[0-9A-Fa-f]+> <[0-9A-Fa-f]+>\n)+)")


@dataclass(frozen=True)
class Drawing:
    """A chart as a page of vectors, with its size in points."""

    pdf: bytes
    width: float
    height: float


@dataclass(frozen=True)
class Place:
    """Where a drawing goes: page from 0, left and bottom in points, and its scale."""

    page: int
    left: float
    bottom: float
    scale: float


def drawing(chart: Chart, width: float) -> Drawing:
    """Draw a chart for print, as wide as stated in points."""
    pdf: bytes = _renderer().vegalite_to_pdf(_specification(chart, width / PIXEL))
    box = PdfReader(BytesIO(pdf)).pages[0].mediabox
    return Drawing(pdf, float(box.width), float(box.height))


def to_svg(chart: Chart, width: float) -> str:
    """Return a chart as a vector file of its own; width in pixels."""
    svg: str = _renderer().vegalite_to_svg(_specification(chart, width))
    return _renumbered(svg)


def _renumbered(svg: str) -> str:
    """Number clips from 1 in each drawing; the renderer counts on through the whole process."""
    numbers: dict[str, str] = {}
    return _CLIP.sub(
        lambda found: f"{found[1]}{numbers.setdefault(found[2], f'clip{len(numbers) + 1}')}", svg
    )


def to_png(chart: Chart, width: float) -> bytes:
    """Return a chart as a picture at twice its size; width in pixels."""
    spec = _specification(chart, width)
    spec["config"]["background"] = "#FFFFFF"
    png: bytes = _renderer().vegalite_to_png(spec, scale=PNG_SCALE)
    return png


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


def _specification(chart: Chart, width: float) -> dict[str, Any]:
    spec: dict[str, Any] = _harmless(themed(chart.drawn, Mode.LIGHT))
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["width"] = round(width)
    spec["padding"] = {"left": 2, "top": 4, "bottom": 2, "right": chart.label_room}
    if chart.height is not None:
        spec["height"] = chart.height
    spec.pop("params", None)
    return spec


def _harmless(thing: Any) -> Any:  # noqa: ANN401 - a piece of a specification
    """Return a specification without unseen characters: one of them ends the whole process."""
    if isinstance(thing, str):
        return visible(thing)
    if isinstance(thing, dict):
        return {key: _harmless(value) for key, value in thing.items()}
    return [_harmless(value) for value in thing] if isinstance(thing, list) else thing


@cache
def _renderer() -> Any:  # noqa: ANN401 - the module has no types
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert


def _draw(writer: PdfWriter, place: Place, name: str, form: IndirectObject) -> None:
    page = writer.pages[place.page]
    resources = page["/Resources"].get_object()
    forms = resources.setdefault(NameObject("/XObject"), DictionaryObject()).get_object()
    forms[NameObject(f"/{name}")] = form
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
    resources = page["/Resources"].get_object()
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
    cloned = form.clone(writer)
    return cloned.flate_encode()


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
        entry = entries[name].get_object()
        if isinstance(entry, StreamObject) and entry.get("/Subtype") == "/Form":
            _order_in_place(entry)
        yield name, _content(entry)[:NAME_LETTERS]


def _order_in_place(form: StreamObject) -> None:
    """Put a drawing within a drawing in order first, since its content names the outer one's."""
    resources = form.get("/Resources", DictionaryObject()).get_object()
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
