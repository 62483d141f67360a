"""Run the command line: ``python -m app``."""

from app.cli import main

main()
