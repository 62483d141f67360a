"""A program of its own that draws charts, one after the other, and ends.

Run as a process by `core.reports.drawing`, because the renderer keeps what it took: a browser's
engine and every font, about a hundred megabytes, and because some input ends its whole process. It
imports nothing of the product, so that it starts in a few hundredths of a second.

Argument: the folder of the fonts. Standard input: a JSON list of ``{"form": "pdf" | "svg" | "png",
"specification": Vega-Lite, "scale": number}``. Standard output: each drawing behind its length,
eight bytes, as soon as it is there. What it needs to start it does before it reads, so that it can
be started while its work is still being made.
"""

import json
import sys
from typing import Any, BinaryIO, Final

LENGTH_BYTES: Final = 8

NO_ADDRESS: Final[list[str]] = []
"""Addresses a chart may load from: none."""


_SMALL: Final[dict[str, Any]] = {"data": {"values": [{}]}, "mark": "point"}
"""A chart of one point: the first chart of a process takes the longest, whatever it shows."""


def draw_all(fonts: str, asked: BinaryIO, out: BinaryIO) -> None:
    """Get ready, then write each drawing asked for behind its length."""
    import vl_convert

    vl_convert.register_font_directory(fonts)
    vl_convert.vegalite_to_svg(_SMALL, allowed_base_urls=NO_ADDRESS)
    for task in json.load(asked):
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
    draw_all(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
