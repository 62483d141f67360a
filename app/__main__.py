"""``python -m app`` and bin/plumbline: the command line."""

import sys

try:
    from app.cli import main

    main()
except KeyboardInterrupt:  # before there is a command line that could say so
    sys.exit(130)
