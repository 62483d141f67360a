"""Drawings of charts, made by a short-lived process that gives its memory back.

All charts of a document are one call: the renderer needs about half a second to start. Who knows
that something will be drawn can start it early, beside other work: see `begun`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import Lock
from typing import Any, Final

from core import companion
from core.errors import ReportError
from core.memory import give_back
from core.reports import renderer
from core.reports.lettering import FONTS

PATIENCE_SECONDS: Final = 120.0
"""Drawing takes a second; a process that takes this long hangs."""

_ONE_AT_A_TIME: Final = Lock()
"""Two renderers at once would take twice the memory."""

_ONE_WAITS: Final = Lock()
"""Nor does more than one wait for its work."""

_WAITING: Final[ContextVar[subprocess.Popen[bytes] | None]] = ContextVar("waiting", default=None)


@contextmanager
def begun() -> Iterator[None]:
    """Start the process now, so that it is ready when the figures it draws have been asked for.

    The first drawing within the context is its work. Where another one waits already, or none
    can be started, drawing starts its own, as it does without this.
    """
    if not _ONE_WAITS.acquire(blocking=False):
        yield
        return
    process = _started_early()
    token = _WAITING.set(process)
    try:
        yield
    finally:
        _WAITING.reset(token)
        if process is not None:
            process.kill()  # it has ended by itself, unless nothing was drawn
            process.communicate()
        _ONE_WAITS.release()


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
    asked = [
        {"form": task.form, "specification": task.specification, "scale": task.scale}
        for task in tasks
    ]
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
    try:
        process = _taken() or _started()
    except OSError as error:
        return b"", error
    try:
        out, said = process.communicate(asked, timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.communicate()
        return error.stdout or b"", error
    if not process.returncode:
        return out, None
    failed = subprocess.CalledProcessError(process.returncode, process.args, out, said)
    failed.add_note(said.decode(errors="replace")[-2_000:])
    return out, failed


def _taken() -> "subprocess.Popen[bytes] | None":
    """Return the process that waits, if it still does; nobody else will get it."""
    process = _WAITING.get()
    _WAITING.set(None)
    return process if process is not None and process.poll() is None else None


def _started_early() -> "subprocess.Popen[bytes] | None":
    try:
        return _started()
    except OSError:
        return None  # drawing tries again, and says what is wrong


def _started() -> "subprocess.Popen[bytes]":
    companion.make_room()
    # -P: a file beside the program must not stand in for a library.
    command = [sys.executable, "-P", str(Path(renderer.__file__)), str(FONTS)]
    pipe = subprocess.PIPE
    return subprocess.Popen(  # noqa: S603 - our own program, its input is JSON
        command, stdin=pipe, stdout=pipe, stderr=pipe
    )


def _parts(answered: bytes) -> Iterator[bytes]:
    """Yield each whole drawing of an answer; one that broke off is none."""
    while len(answered) >= renderer.LENGTH_BYTES:
        length = int.from_bytes(answered[: renderer.LENGTH_BYTES])
        end = renderer.LENGTH_BYTES + length
        if len(answered) < end:
            return
        yield answered[renderer.LENGTH_BYTES : end]
        answered = answered[end:]
