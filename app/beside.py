"""A server's second process: who asks for a past forecast often asks for the next one soon."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from core.companion import FITS, begun
from core.settings import Settings

LINGERS_SECONDS: Final = 60.0
"""How long it waits for the next question before it gives its memory back."""


@contextmanager
def beside() -> Iterator[None]:
    """Have series fitted by a companion, unless this process has what fits them or may not."""
    if "statsforecast" in sys.modules or not Settings().second_process:
        yield
        return
    with begun(FITS, lingers_seconds=LINGERS_SECONDS):
        yield
