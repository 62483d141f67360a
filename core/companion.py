"""A second process for slow arithmetic, so that two cores work on one answer.

What is slow here is importing the series methods and fitting: a second of each. A companion is
started as soon as somebody knows that it will be needed, imports while figures are asked, and is
sent numbers, never the data: the engine's file belongs to one process. It ends with the context it
was begun in, or a while later where others may ask soon, and gives its memory back.

What it answers is what this process would have answered, to the bit: it runs the same functions.
So a machine with one core, or where no process can be started, does without, and a companion that
breaks down is replaced by working the answer out here.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Timer
from typing import IO, Any, Final, TypeVar

from core import companion_program
from core.companion_program import LENGTH_BYTES

PATIENCE_SECONDS: Final = 120.0
"""An answer takes a second or two; a companion that takes this long hangs."""

ROOT: Final = Path(__file__).resolve().parents[1]

FITS: Final = "core.forecasting.fits:get_ready"
"""What a companion that is going to fit series does first."""

_ONE_AT_A_TIME: Final = Lock()
"""Two would take twice the memory, of cores that are busy already."""

T = TypeVar("T")


class Companion:
    """A running second process. Make one with `begun`."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: TemporaryDirectory[str]) -> None:
        self._process, self._folder = process, folder
        # One thread, so that questions are answered in the order they are asked.
        self._line = ThreadPoolExecutor(max_workers=1, thread_name_prefix="companion")

    @property
    def is_running(self) -> bool:
        """Whether it can still be asked."""
        return self._process.poll() is None

    def ask(self, function: Callable[..., T], *arguments: object) -> "Future[T]":
        """Ask for what a function returns; it must be of a module, its arguments plain values."""
        return self._line.submit(self._answer, pickle.dumps((function, arguments)))

    def end(self) -> None:
        """End it now, whatever it does; who still waits for an answer works it out himself."""
        self._process.kill()
        self._line.shutdown(cancel_futures=True)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what nobody reads any more cannot be flushed
                    pipe.close()
        self._folder.cleanup()

    def _answer(self, asked: bytes) -> Any:  # noqa: ANN401 - whatever the function returns
        to, back = self._process.stdin, self._process.stdout
        if to is None or back is None:
            raise EOFError
        to.write(len(asked).to_bytes(LENGTH_BYTES) + asked)
        to.flush()
        length = int.from_bytes(_whole(back, LENGTH_BYTES))
        return pickle.loads(_whole(back, length))  # noqa: S301 - by our own program


_CURRENT: Final[ContextVar[Companion | None]] = ContextVar("companion", default=None)


class _Lingering:
    """The companion that may be asked again, until its time is over."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._companion: Companion | None = None
        self._timer: Timer | None = None

    def keep(self, companion: Companion, seconds: float) -> None:
        with self._guard:
            self._companion, self._timer = companion, Timer(seconds, self.end)
            self._timer.daemon = True
            self._timer.start()

    def taken(self) -> Companion | None:
        """Return it for more work; it will not end meanwhile."""
        with self._guard:
            companion, self._companion = self._companion, None
            if self._timer is not None:
                self._timer.cancel()
        return companion

    def end(self) -> None:
        companion = self.taken()
        if companion is not None:
            companion.end()


_LINGERING: Final = _Lingering()


@contextmanager
def begun(*ready: str, lingers_seconds: float = 0.0) -> Iterator[None]:
    """Start a companion for the work within the context, where there is a core for it.

    Where there is one already, the work is its.

    Parameters
    ----------
    ready
        What it is to do first, before it is asked: functions as ``module:function``.
    lingers_seconds
        How long it is kept after the work, for the next that begins one.
    """
    if cores() < 2 or not _ONE_AT_A_TIME.acquire(blocking=False):  # noqa: PLR2004 - a second one
        yield
        return
    try:
        companion = _lingering() or _started(ready)
        token = _CURRENT.set(companion)
        try:
            yield
        finally:
            _CURRENT.reset(token)
            if companion is not None:
                _let_go(companion, lingers_seconds)
    finally:
        _ONE_AT_A_TIME.release()


def _lingering() -> Companion | None:
    companion = _LINGERING.taken()
    if companion is None or companion.is_running:
        return companion
    companion.end()
    return None


def _let_go(companion: Companion, lingers_seconds: float) -> None:
    if lingers_seconds and companion.is_running:
        _LINGERING.keep(companion, lingers_seconds)
    else:
        companion.end()


def asked(function: Callable[..., T], *arguments: object) -> Callable[[], T]:
    """Have a function called by the companion, and return how to get at what it returns.

    Without a companion it is called here, when its answer is wanted.

    Parameters
    ----------
    function
        A function of a module, which depends on nothing but its arguments.
    arguments
        What it is called with: numbers, text, dates, arrays and records of these.

    Examples
    --------
    >>> asked(divmod, 7, 2)()
    (3, 1)
    """
    companion = _CURRENT.get()
    if companion is None:
        return lambda: function(*arguments)
    waiting = companion.ask(function, *arguments)

    def answer() -> T:
        try:
            return waiting.result(PATIENCE_SECONDS)
        except Exception:  # noqa: BLE001 - whatever went wrong there: here it works, or tells why
            companion.end()
            return function(*arguments)

    return answer


def make_room() -> None:
    """End the companion that lingers, before another process needs the memory."""
    _LINGERING.end()


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _started(ready: tuple[str, ...]) -> Companion | None:
    # -P: a file beside the program must not stand in for a library.
    command = [sys.executable, "-P", str(Path(companion_program.__file__)), str(ROOT)]
    # What fits write to disk goes with the companion, however it ends.
    folder = TemporaryDirectory(prefix="plumbline-", ignore_cleanup_errors=True)
    own = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder.name)
    try:
        process = subprocess.Popen(  # noqa: S603 - our own program
            [*command, folder.name, *ready],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **own},
        )
    except OSError:
        folder.cleanup()
        return None
    return Companion(process, folder)


def _whole(pipe: IO[bytes], length: int) -> bytes:
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError
    return found
