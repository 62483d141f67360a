"""An import that runs beside the pages: it can be watched, and stopped until it is stored."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from app.services import Services
from core.crm.importing import ImportOptions
from core.crm.receipts import Progress, Receipt, SourceFile, Step

_SHARE_DONE: Final = {Step.READING: 0.0, Step.CHECKING: 0.5, Step.STORING: 0.7, Step.FINISHING: 0.9}
"""Share of the work on a file that is done when a step begins; reading counts its rows."""


@dataclass(frozen=True)
class Order:
    """What is to be imported.

    Parameters
    ----------
    files
        The files.
    now
        The moment to record, UTC.
    options
        How to read them.
    rows
        Records of each file by name, where they are known from the check before.
    """

    files: tuple[SourceFile, ...]
    now: datetime
    options: ImportOptions
    rows: Mapping[str, int]


class ImportJob:
    """One import in a thread of its own, with cursors of its own.

    Parameters
    ----------
    services
        What is imported into.
    order
        What is imported.
    """

    def __init__(self, services: Services, order: Order) -> None:
        self.services = services
        self._order = order
        self._stopping = threading.Event()
        self._progress: Progress | None = None
        self._receipts: tuple[Receipt, ...] = ()
        self._error: Exception | None = None
        # No daemon: a thread cut off in the middle of the engine ends the process badly.
        self._thread = threading.Thread(target=self._run, name="import")
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Whether it has ended, in whatever way."""
        return not self._thread.is_alive()

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait a moment for its end; say whether it has come."""
        self._thread.join(seconds)
        return self.is_done

    def cancel(self) -> None:
        """Stop before anything is stored; what was there stays as it was."""
        self._stopping.set()

    def receipts(self) -> tuple[Receipt, ...]:
        """Return the account of every file once it is done, or raise what stopped it."""
        if self._error is not None:
            raise self._error
        return self._receipts

    def share_done(self) -> float:
        """Return how much of the work is done, from 0 to 1."""
        at = self._progress
        return 0.0 if at is None else share_done(at, self._order.rows.get(at.file, 0))

    def in_words(self) -> str:
        """Return what it is doing, with counts."""
        at = self._progress
        if self.is_stopping:
            return "Stopping; nothing will be stored."
        return (
            "Opening the files." if at is None else in_words(at, self._order.rows.get(at.file, 0))
        )

    def _run(self) -> None:
        order = self._order
        options = replace(order.options, on_progress=self._note, is_cancelled=self._must_stop)
        try:
            self._receipts = self.services.import_files(order.files, order.now, options)
        except Exception as error:  # noqa: BLE001 - raised again where the result is asked for
            self._error = error

    def _must_stop(self) -> bool:
        """Tell whether it was told to stop, or the process is ending and waits for it."""
        return self.is_stopping or not threading.main_thread().is_alive()

    def _note(self, progress: Progress) -> None:
        self._progress = progress


def share_done(at: Progress, expected: int = 0) -> float:
    """Return how much of an import is done, 0 to 1; ``expected`` are the file's rows, if known.

    >>> share_done(Progress("deals.csv", Step.CHECKING, 10, files_done=1, files=2))
    0.75
    """
    share = _SHARE_DONE[at.step]
    if at.step is Step.READING and expected:
        share = _SHARE_DONE[Step.CHECKING] * min(at.rows / expected, 1.0)
    return min((at.files_done + share) / at.files, 1.0)


def in_words(at: Progress, expected: int = 0) -> str:
    """Return what an import is doing, with counts.

    >>> in_words(Progress("deals.csv", Step.READING, 10, files_done=0, files=2), 20)
    'File 1 of 2, deals.csv: reading 10 of 20 rows'
    """
    of_all = f" of {expected:,}" if expected >= at.rows > 0 else ""
    return (
        f"File {at.files_done + 1} of {at.files}, {at.file}: {at.step.value} "
        f"{at.rows:,}{of_all} rows"
    )


def ordered(
    files: Sequence[SourceFile], now: datetime, options: ImportOptions, checked: Sequence[Receipt]
) -> Order:
    """Return an order for files that were checked before."""
    return Order(tuple(files), now, options, {one.file: one.rows_in for one in checked})
