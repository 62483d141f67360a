"""Charts as vectors: the pages' own Altair charts as PDF, SVG or PNG, drawn without a browser."""

import re
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader

from core.charts.theme import Mode, themed
from core.reports.content import Chart
from core.reports.lettering import FONTS, visible

PIXEL: Final = 0.75
"""Points of a pixel: the renderer draws at 96 pixels an inch."""

PNG_SCALE: Final = 2.0

MOST_LETTERS: Final = 1_000
"""Letters of a text that are measured and drawn; labels are cut to their room long before."""

_CLIP: Final = re.compile(r"(url\(#|id=\")(clip[0-9]+)")


@dataclass(frozen=True)
class Drawing:
    """A chart as a page of vectors, with its size in points."""

    pdf: bytes
    width: float
    height: float


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
    """Count clips from 1 in each drawing; the renderer counts on through the whole process."""
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
        return visible(thing[:MOST_LETTERS])
    if isinstance(thing, dict):
        return {key: _harmless(value) for key, value in thing.items()}
    return [_harmless(value) for value in thing] if isinstance(thing, list) else thing


@cache
def _renderer() -> Any:  # noqa: ANN401 - the module has no types
    import vl_convert

    vl_convert.register_font_directory(str(FONTS))
    return vl_convert
