"""How far an import is, on one line of a terminal that overwrites itself."""

import sys
import time
from collections.abc import Callable
from typing import Final, TextIO

from core.crm.receipts import Progress

_QUIET_SECONDS: Final = 2.0
"""An import that ends sooner says nothing but its result."""

_EVERY_SECONDS: Final = 0.2


class ProgressLine:
    """Tells a person at a terminal how far an import is; a file or a pipe is told nothing.

    Parameters
    ----------
    stream
        Where to write.
    clock
        Tells seconds.
    """

    def __init__(
        self, stream: TextIO = sys.stderr, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._started = self._written_at = clock()
        self._width = 0

    def tell(self, progress: Progress) -> None:
        """Write where the import is, a few times a second."""
        now = self._clock()
        is_early = now - self._started < _QUIET_SECONDS or now - self._written_at < _EVERY_SECONDS
        if is_early or not self._stream.isatty():
            return
        self._written_at = now
        self._write(
            f"{progress.file}: {progress.step.value} {progress.rows:,} rows "
            f"(file {progress.files_done + 1} of {progress.files})"
        )

    def clear(self) -> None:
        """Take the line away again."""
        if self._width:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()

    def _write(self, text: str) -> None:
        self._stream.write("\r" + text.ljust(self._width))
        self._stream.flush()
        self._width = len(text)
