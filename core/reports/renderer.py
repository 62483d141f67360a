"""A program of its own that draws charts, one after the other, and ends.

Run as a process by `core.reports.drawing`, because the renderer keeps what it took: a browser's
engine and every font, about a hundred megabytes, and because some input ends its whole process. It
imports nothing of the product, so that it starts in a few hundredths of a second.

Standard input: one JSON object, ``{"fonts": folder, "tasks": [{"form": "pdf" | "svg" | "png",
"specification": Vega-Lite, "scale": number}]}``. Standard output: each drawing behind its length,
eight bytes, as soon as it is there.
"""

import json
import sys
from typing import Any, BinaryIO, Final

LENGTH_BYTES: Final = 8

NO_ADDRESS: Final[list[str]] = []
"""Addresses a chart may load from: none."""


def draw_all(asked: dict[str, Any], out: BinaryIO) -> None:
    """Write each drawing asked for behind its length."""
    import vl_convert

    vl_convert.register_font_directory(asked["fonts"])
    for task in asked["tasks"]:
        drawn = _drawn(vl_convert, task)
        out.write(len(drawn).to_bytes(LENGTH_BYTES) + drawn)
        out.flush()


def _drawn(renderer: Any, task: dict[str, Any]) -> bytes:  # noqa: ANN401 - it has no types
    specification, form = task["specification"], task["form"]
    settings: dict[str, Any] = {"allowed_base_urls": NO_ADDRESS}
    if form == "png":
        settings["scale"] = task["scale"]
    drawn: str | bytes = getattr(renderer, f"vegalite_to_{form}")(specification, **settings)
    return drawn.encode() if isinstance(drawn, str) else drawn


if __name__ == "__main__":
    draw_all(json.load(sys.stdin.buffer), sys.stdout.buffer)
