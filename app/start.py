"""How the command line starts: a slow command with a second process beside it.

The process is started before anything else, so that it imports beside the imports here.
"""

import gc
import sys
from contextlib import nullcontext
from typing import Final, NoReturn

from core.companion import FITS, begun

SLOW: Final = frozenset({"deals", "figures", "forecast", "report"})
"""Commands that ask for an outlook, whose series are fitted."""


def run() -> NoReturn:
    """Run the command line."""
    # What is imported stays, and what a command leaves is gone with it in seconds.
    gc.set_threshold(100_000, 20, 100)
    command, is_asked = sys.argv[1:2], {"--help", "--series"}.isdisjoint(sys.argv)
    with begun(FITS) if is_asked and SLOW.intersection(command) else nullcontext():
        from app.cli import main

        main()
