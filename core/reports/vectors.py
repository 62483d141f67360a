"""Charts as vectors: the pages' own Altair charts as PDF, SVG or PNG, drawn without a browser."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from pypdf import PdfReader

from core.charts.theme import Mode, themed
from core.reports.content import Chart
from core.reports.drawing import Form, Task, drawn
from core.reports.lettering import visible

PIXEL: Final = 0.75
"""Points of a pixel: the renderer draws at 96 pixels an inch."""

PNG_SCALE: Final = 2.0

MOST_LETTERS: Final = 1_000
"""Letters of a text that are measured and drawn; labels are cut to their room long before."""

_CLIP: Final = re.compile(r"(url\(#|id=\")(clip[0-9]+)")


@dataclass(frozen=True)
class Pictures:
    """A chart as files of its own: vectors, and a picture at twice its size."""

    svg: str
    png: bytes


@dataclass(frozen=True)
class Drawing:
    """A chart as a page of vectors, with its size in points."""

    pdf: bytes
    width: float
    height: float


def drawings(asked: Sequence[tuple[Chart, float]]) -> list[Drawing]:
    """Draw charts for print, each as wide as stated in points.

    Raises
    ------
    ReportError
        If one cannot be drawn.
    """
    tasks = [
        Task(chart.title, Form.PDF, _specification(chart, width / PIXEL)) for chart, width in asked
    ]
    return [_sized(pdf) for pdf in drawn(tasks)]


def pictures(charts: Sequence[Chart], width: float) -> list[Pictures]:
    """Return charts as files of their own, of vectors and of pixels; width in pixels.

    Raises
    ------
    ReportError
        If one cannot be drawn.
    """
    vectors = [Task(chart.title, Form.SVG, _specification(chart, width)) for chart in charts]
    pixels = [
        Task(task.title, Form.PNG, _on_white(task.specification), PNG_SCALE) for task in vectors
    ]
    made = drawn([*vectors, *pixels])
    return [
        Pictures(_renumbered(svg.decode()), png)
        for svg, png in zip(made[: len(charts)], made[len(charts) :], strict=True)
    ]


def _sized(pdf: bytes) -> Drawing:
    box = PdfReader(BytesIO(pdf)).pages[0].mediabox
    return Drawing(pdf, float(box.width), float(box.height))


def _on_white(specification: dict[str, Any]) -> dict[str, Any]:
    return {**specification, "config": {**specification["config"], "background": "#FFFFFF"}}


def _renumbered(svg: str) -> str:
    """Count clips from 1 in each drawing; the renderer counts on through the whole process."""
    numbers: dict[str, str] = {}
    return _CLIP.sub(
        lambda found: f"{found[1]}{numbers.setdefault(found[2], f'clip{len(numbers) + 1}')}", svg
    )


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
        # A line break stays: charts write some labels on two lines, and say by which mark.
        return "\n".join(visible(line) for line in thing[:MOST_LETTERS].split("\n"))
    if isinstance(thing, dict):
        return {key: _harmless(value) for key, value in thing.items()}
    return [_harmless(value) for value in thing] if isinstance(thing, list) else thing
