"""Drawings of charts, made by a short-lived process that gives its memory back.

All charts of a document are one call: the renderer needs about half a second to start.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any, Final

from core.errors import ReportError
from core.memory import give_back
from core.reports import renderer
from core.reports.lettering import FONTS

PATIENCE_SECONDS: Final = 120.0
"""Drawing takes a second; a process that takes this long hangs."""

_ONE_AT_A_TIME: Final = Lock()
"""Two renderers at once would take twice the memory."""


class Form(StrEnum):
    """What a chart is drawn as."""

    PDF = "pdf"
    SVG = "svg"
    PNG = "png"


@dataclass(frozen=True)
class Task:
    """One drawing to make.

    Parameters
    ----------
    title
        What the chart shows, for an error message.
    form
        What it is drawn as.
    specification
        The chart in Vega-Lite, without unseen characters.
    scale
        Pixels of a picture to a pixel of the chart; vectors have none.
    """

    title: str
    form: Form
    specification: dict[str, Any]
    scale: float = 1.0


def drawn(tasks: Sequence[Task]) -> list[bytes]:
    """Return the drawings in the order they were asked for.

    Raises
    ------
    ReportError
        If one cannot be drawn; its hint says which figures are without it.
    """
    if not tasks:
        return []
    asked = {
        "fonts": str(FONTS),
        "tasks": [
            {"form": task.form, "specification": task.specification, "scale": task.scale}
            for task in tasks
        ],
    }
    with _ONE_AT_A_TIME:
        give_back()
        answered, problem = _run(json.dumps(asked).encode())
    made = list(_parts(answered))
    if len(made) < len(tasks):
        raise ReportError(
            f"The chart cannot be drawn: {tasks[len(made)].title}.",
            "Its figures are in the workbook; leave its part out of the document.",
        ) from problem
    return made


def _run(asked: bytes) -> tuple[bytes, Exception | None]:
    """Return what the process wrote, and what ended it before its time."""
    # -P: a file beside the program must not stand in for a library.
    command = [sys.executable, "-P", str(Path(renderer.__file__))]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, its input is JSON
            command, input=asked, capture_output=True, timeout=PATIENCE_SECONDS, check=True
        )
    except subprocess.CalledProcessError as error:
        error.add_note(error.stderr.decode(errors="replace")[-2_000:])
        return error.stdout, error
    except subprocess.TimeoutExpired as error:
        return error.stdout or b"", error
    except OSError as error:
        return b"", error
    return done.stdout, None


def _parts(answered: bytes) -> Iterator[bytes]:
    """Yield each whole drawing of an answer; one that broke off is none."""
    while len(answered) >= renderer.LENGTH_BYTES:
        length = int.from_bytes(answered[: renderer.LENGTH_BYTES])
        end = renderer.LENGTH_BYTES + length
        if len(answered) < end:
            return
        yield answered[renderer.LENGTH_BYTES : end]
        answered = answered[end:]
