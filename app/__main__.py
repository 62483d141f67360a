"""``python -m app`` and bin/plumbline: the command line."""

import sys

try:
    from app.start import run

    run()
except KeyboardInterrupt:  # before there is a command line that could say so
    sys.exit(130)
