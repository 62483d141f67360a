"""How far long work is, on a terminal's standard error; files, pipes and machines get nothing."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from core.crm.receipts import Progress as ImportProgress

Tell = Callable[[float | None, str], None]
"""Told which part is done, 0 to 1, or None where nobody knows, and what is being done."""


@contextmanager
def working(doing: str, *, quiet: bool = False, stream: TextIO | None = None) -> Iterator[Tell]:
    """Draw a bar while work goes on, and take it away after it.

    Parameters
    ----------
    doing
        What is being done at first.
    quiet
        Whether a machine reads the answer: then nobody is told, on a terminal either.
    stream
        Where to draw; default standard error.
    """
    where = stream or sys.stderr
    if quiet or not where.isatty():
        yield _nobody
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),  # it may quote the name of a file
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(file=where),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    task = bar.add_task(doing, total=None)

    def tell(part: float | None, now_doing: str) -> None:
        total = None if part is None else 1.0
        bar.update(task, total=total, completed=part or 0.0, description=now_doing)

    with bar:
        yield tell


def of_import(tell: Tell) -> Callable[[ImportProgress], None]:
    """Return who may be told how far an import is."""

    def told(progress: ImportProgress) -> None:
        tell(
            progress.files_done / progress.files,
            f"{progress.file}: {progress.step.value} {progress.rows:,} rows "
            f"(file {progress.files_done + 1} of {progress.files})",
        )

    return told


def _nobody(_part: float | None, _doing: str) -> None:
    """Tell nobody."""
